using Polywire.Sockhop.Connections;

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
            Report(exception);
        }

        Release();
        return default;
    }

    /// <summary>Calls the handler, and answers if it does.</summary>
    protected abstract ValueTask HandleAsync();

    /// <summary>Answers with the handler's exception.</summary>
    protected virtual void ReplyError(Exception exception)
    {
    }

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
            Report(exception);
        }

        Release();
    }

    private void Report(Exception exception)
    {
        // A handler that the end of its connection interrupts has not failed.
        if (connection.IsClosed && exception is OperationCanceledException or SockhopException { Code: SockhopErrorCodes.SocketDestroyed })
        {
            return;
        }

        connection.Owner.OnHandlerFailed(connection, exception);
        if (connection.Settings.ReplyErrors && connection.IsOpen)
        {
            ReplyError(exception);
        }
    }
}
