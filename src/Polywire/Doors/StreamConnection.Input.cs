using Polywire.Bounds;

namespace Polywire.Doors;

/// <content>What the peer makes us hold before anything has run, and the end of those that hold too much or leave a message half sent.</content>
public abstract partial class StreamConnection : IInputHolder
{
    // Made when there is first something to count: most connections never have anything.
    private IInputAccount? _account;
    private volatile InputEndCause _inputEnd;

    /// <summary>Why the connection has to drop its input and to end before it reads on; null where it has not.</summary>
    protected CloseReason? InputEnd =>
        _inputEnd switch
        {
            InputEndCause.None => null,
            InputEndCause.Stalled => CloseReason.MessageTimeout,
            _ => CloseReason.InputBudget,
        };

    void IInputHolder.EndInput(in InputEnd end)
    {
        var remoteIP = RemoteIP;
        _inputEnd = end.Cause;

        // The one that reads lets go of the memory at once; the rest takes the time of a goodbye.
        Input.CancelPendingRead();
        try
        {
            // Before the peer can know of it.
            Services.InputEnds.Tell(Type, remoteIP, end);
        }
        finally
        {
            _ = EndAsync(InputEnd!.Value, TimeSpan.Zero);
        }
    }

    /// <summary>Counts what was read and cannot be done before more has come, or waits until something else is done.</summary>
    /// <param name="bytes">What is kept of the input.</param>
    protected void ReportInput(long bytes)
    {
        var held = bytes + (Sticky?.HeldBytes ?? 0);
        if (_account is not null)
        {
            _account.Report(held);
        }
        else if (held > InputBudget.FreeBytes)
        {
            OpenAccount().Report(held);
        }
    }

    /// <summary>Counts what was read before more is waited for.</summary>
    /// <param name="bytes">What is kept of the input.</param>
    /// <param name="progress">How much of a message that has begun has come; 0 where none has.</param>
    /// <param name="isNew">Whether a message has ended since the last time.</param>
    protected void AwaitInput(long bytes, long progress, bool isNew)
    {
        ReportInput(bytes);
        if (_account is not null)
        {
            _account.Await(progress, isNew);
        }
        else if (progress > 0)
        {
            OpenAccount().Await(progress, isNew);
        }
    }

    /// <summary>Notes that the client is not waited for.</summary>
    protected void ResumeInput() => _account?.Resume();

    /// <summary>Gives back what was counted; the connection holds nothing any more.</summary>
    protected void CloseInput()
    {
        ReplaceSticky(null);
        _account?.Close();
    }

    private IInputAccount OpenAccount() => _account = Services.InputBudget.Open(this);
}
