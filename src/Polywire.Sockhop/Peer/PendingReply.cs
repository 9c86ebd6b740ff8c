using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>A request whose reply is made into a value.</summary>
internal sealed class PendingReply<T> : PendingRequest
{
    // The inbox lets it go on where that holds nobody up.
    private readonly TaskCompletionSource<T> _source = new();
    private T? _value;
    private Exception? _error;
    private CancellationToken _cancelled;

    public Task<T> Task => _source.Task;

    public override Task Ended => _source.Task;

    public override bool Accept(Connection connection, in Frame frame)
    {
        try
        {
            if (connection.Settings.ReplyErrors && typeof(T) != typeof(SockhopMessage) && !frame.IsBytes && frame.Type.SequenceEqual("Error"u8))
            {
                _error = new SockhopException(
                    SockhopErrorCodes.RemoteError, JsonMembers.FindText(frame.Data, "message"u8) ?? "The peer's handler failed.");
                return false;
            }

            // Unlike a message, which anybody may send, null is an answer like others: there was nothing to be found.
            _value = FrameValue.ReadOrNull<T>(connection, frame)!;
            return true;
        }
        catch (Exception exception)
        {
            _error = new SockhopException(SockhopErrorCodes.DeserializeFailed, $"The reply is no {typeof(T)}: {exception.Message}", exception);
            return false;
        }
    }

    public override void SetError(Exception error) => _error = error;

    public override void SetCanceled(CancellationToken cancellationToken) => _cancelled = cancellationToken;

    protected override void Settle()
    {
        if (_error is not null)
        {
            _source.TrySetException(_error);
        }
        else if (_cancelled.IsCancellationRequested)
        {
            _source.TrySetCanceled(_cancelled);
        }
        else
        {
            _source.TrySetResult(_value!);
        }
    }
}
