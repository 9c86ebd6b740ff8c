using Polywire.Diagnostics;

namespace Polywire.Doors;

/// <summary>Connections that live for one request: they meet the middleware, and are in no registry and no room.</summary>
public sealed partial class ConnectionLifetime
{
    /// <summary>Whether there is any middleware to meet.</summary>
    public bool HasMiddleware => _middleware.Length > 0;

    /// <summary>Runs the middleware that decides whether the connection may go on.</summary>
    /// <returns>Why it is refused; null if it may go on. Either way <see cref="FarewellAsync"/> follows.</returns>
    public async ValueTask<ActionError?> WelcomeAsync(Connection connection, ErrorCatalog texts, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < _middleware.Length; i++)
            {
                await _middleware[i].OnConnectedAsync(connection, cancellationToken);
                connection.Life.TryCountMiddleware(i);
            }

            return null;
        }
        catch (ActionException refusal)
        {
            Log.Refused(_logger, connection.Type, connection.RemoteIP, LogText.OneLine(refusal.Message, LogText.ErrorLength));
            return new ActionError
            {
                Status = refusal.Status,
                Message = refusal.Message.Length > 0 ? refusal.Message : texts.ForStatus(refusal.Status),
                Value = refusal.Value,
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new ActionError { Status = ActionStatus.Cancelled, Message = texts.Cancelled };
        }
        catch (Exception exception)
        {
            Failed(exception, connection, CloseReason.Refused);
            return new ActionError { Status = ActionStatus.GenericError, Message = texts.InternalError, Exception = exception };
        }
    }

    /// <summary>Tells those that let the connection in that it is gone.</summary>
    public async ValueTask FarewellAsync(Connection connection, CloseReason reason)
    {
        var met = connection.Life.TakeMiddleware();
        for (var i = 0; i < met; i++)
        {
            await SayGoneAsync(_middleware[i], connection, reason);
        }
    }
}
