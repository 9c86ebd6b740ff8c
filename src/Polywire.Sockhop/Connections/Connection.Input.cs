using Polywire.Sockhop.Bounds;

namespace Polywire.Sockhop.Connections;

/// <content>What the peer makes us hold: the block it is received into, and messages that wait for their handlers.</content>
internal sealed partial class Connection : IInputHolder
{
    private IInputAccount? _account;

    // Counts the messages, so that the next one's time begins anew.
    private uint _taken;
    private uint _awaitedAfter;

    /// <inheritdoc/>
    public long OtherBytes => _inbox.Cost + Math.Max(0, Volatile.Read(ref _unread));

    /// <inheritdoc/>
    public void EndInput(in InputEnd end)
    {
        var error = end.Cause == InputEndCause.Stalled
            ? new SockhopException(
                SockhopErrorCodes.MessageTimeout,
                $"A message did not get on within {nameof(SockhopServerOptions.MessageTimeout)} ({end.Limits.MessageTimeout}, "
                + $"{nameof(SockhopServerOptions.MinMessageRate)} {end.Limits.MinMessageRate} bytes a second).")
            : new SockhopException(
                SockhopErrorCodes.TooMuchInput,
                $"Of all connections this one held most, {end.Held} bytes, and together they held more than "
                + $"{nameof(SockhopServerOptions.MaxBufferedInput)} ({end.Limits.MaxBytes}).");
        _isBroken = true;
        Post(error, static (connection, error) => connection.Owner.OnError(connection, error));

        // There are no words for it on the wire, and the memory is wanted now.
        Abort(SockhopCloseReason.ProtocolError, error);
    }

    /// <summary>Counts again what waits for handlers; any thread.</summary>
    public void SettleInput() => Volatile.Read(ref _account)?.Settle();

    // Before more is received into the block.
    private void AwaitInput()
    {
        if (_settings.Budget is not { } budget)
        {
            return;
        }

        var isBegun = _end > _start || IsWithinBody;
        var account = _account;
        if (account is null)
        {
            if (!isBegun && _block.Array.Length <= InputBudget.FreeBytes && OtherBytes == 0)
            {
                return;
            }

            account = budget.Open(this);
            Volatile.Write(ref _account, account);
        }

        account.Report(_block.Array.Length);

        // What is left of a body that is read as a stream; of anything else, what has come.
        account.Await(IsWithinBody ? long.MaxValue - _bodyLeft - _surplus : _end - _start, _taken != _awaitedAfter);
        _awaitedAfter = _taken;
    }
}
