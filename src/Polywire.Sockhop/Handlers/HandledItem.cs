using Polywire.Sockhop.Peer;

namespace Polywire.Sockhop.Handlers;

/// <summary>A message or request on its way to its handler. What the handler throws is reported, and answered where that is wanted.</summary>
internal abstract class HandledItem(Connection connection, long size) : WorkItem
{
    public sealed override bool IsHandled => true;

    public sealed override long Cost => size;

    protected Connection Connection => connection;

    public sealed override ValueTask RunAsync()
    {
        try
        {
            var handling = HandleAsync();
            if (!handling.IsCompletedSuccessfully)
            {
                return AwaitAsync(handling);
            }
        }
        catch (Exception exception)
        {
            return FailAsync(exception);
        }

        Release();
        return default;
    }

    /// <summary>Calls the handler, and answers if it does.</summary>
    protected abstract ValueTask HandleAsync();

    /// <summary>Answers with the handler's exception.</summary>
    protected virtual ValueTask ReplyErrorAsync(Exception exception) => default;

    /// <summary>Lets go of memory that the message lies in.</summary>
    protected virtual void Release()
    {
    }

    private async ValueTask AwaitAsync(ValueTask handling)
    {
        try
        {
            await handling.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await FailAsync(exception).ConfigureAwait(false);
            return;
        }

        Release();
    }

    // The answer waits for room like any other: a peer that does not read cannot make them pile up.
    private async ValueTask FailAsync(Exception exception)
    {
        // A handler that the end of its connection interrupts has not failed.
        if (!connection.IsClosed || exception is not (OperationCanceledException or SockhopException { Code: SockhopErrorCodes.SocketDestroyed }))
        {
            Report(exception);
            if (connection.Settings.ReplyErrors && connection.IsOpen)
            {
                try
                {
                    await ReplyErrorAsync(exception).ConfigureAwait(false);
                }
                catch (SockhopException)
                {
                    // The connection has ended; there is nobody to tell.
                }
            }
        }

        Release();
    }

    /// <summary>Tells the application of its handler's exception.</summary>
    protected virtual void Report(Exception exception) => connection.Owner.OnHandlerFailed(connection, exception);
}
