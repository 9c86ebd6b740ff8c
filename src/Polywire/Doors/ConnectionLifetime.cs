using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;
using Polywire.Rooms;

namespace Polywire.Doors;

/// <summary>Registers connections, runs their middleware, and takes them out of everything at their end (core.md C-2, C-4). Safe to use concurrently.</summary>
[Experimental("PWX0001")]
public sealed partial class ConnectionLifetime
{
    private readonly TimeSpan _stepLimit;
    private readonly IConnectionMiddleware[] _middleware;
    private readonly ConnectionRegistry _registry;
    private readonly RoomService _rooms;
    private readonly PolywireMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly UnexpectedErrors _unexpected;
    private readonly ILogger<ConnectionLifetime> _logger;

    internal ConnectionLifetime(
        ConnectionRegistry registry,
        RoomService rooms,
        IEnumerable<ConnectionMiddlewareRegistration> middleware,
        IServiceProvider services,
        PolywireMetrics metrics,
        TimeProvider time,
        IOptions<PolywireOptions> options,
        UnexpectedErrors unexpected,
        ILogger<ConnectionLifetime> logger)
    {
        _registry = registry;
        _rooms = rooms;
        _metrics = metrics;
        _time = time;
        _unexpected = unexpected;
        _logger = logger;
        _stepLimit = EndingStep.LimitOf(options.Value);
        _middleware = [.. middleware.OrderBy(registration => registration.Order).Select(registration => registration.Resolve(services))];
    }

    /// <summary>Registers a connection and runs the middleware, which may go on until the connection closes.</summary>
    /// <returns>Whether it may stay; if not, it is to be closed as <see cref="CloseReason.Refused"/>.</returns>
    public ValueTask<bool> OpenAsync(Connection connection) =>
        OpenAsync(connection, _middleware.Length > 0 ? connection.Closing : CancellationToken.None);

    /// <summary>Registers a connection and runs the middleware.</summary>
    /// <returns>Whether it may stay; if not, it is to be closed as <see cref="CloseReason.Refused"/>.</returns>
    public ValueTask<bool> OpenAsync(Connection connection, CancellationToken cancellationToken)
    {
        _registry.Add(connection);
        _metrics.ConnectionOpened(connection);
        if (_middleware.Length > 0)
        {
            return RunMiddlewareAsync(connection, cancellationToken);
        }

        LogOpened(connection);
        return new ValueTask<bool>(true);
    }

    /// <summary>Takes a connection out of everything; the transport says its goodbye itself. Does nothing the second time.</summary>
    public async ValueTask CloseAsync(Connection connection, CloseReason reason)
    {
        if (!connection.Life.TryMove(LifeEvent.Leave))
        {
            return;
        }

        try
        {
            await LeaveAsync(connection, reason);
        }
        finally
        {
            connection.Life.TellLeft();
        }
    }

    private async ValueTask LeaveAsync(Connection connection, CloseReason reason)
    {
        if (connection.HasTokens)
        {
            await CancelRunsAsync(connection);
        }

        // Only those that let it in hear of its end; one that is still deciding hears of it when it has.
        var met = connection.Life.TakeMiddleware();
        for (var i = 0; i < met; i++)
        {
            await SayGoneAsync(_middleware[i], connection, reason);
        }

        await _rooms.LeaveAllAsync(connection);
        _registry.Remove(connection);
        _metrics.ConnectionClosed(connection, _time.GetUtcNow() - connection.ConnectedAt);
        if (_logger.IsEnabled(LogLevel.Information))
        {
            Log.Closed(_logger, connection.Type, connection.RemoteIP, reason, connection.Life.Words?.ToString() ?? string.Empty);
        }
    }

    private async ValueTask<bool> RunMiddlewareAsync(Connection connection, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < _middleware.Length; i++)
            {
                await _middleware[i].OnConnectedAsync(connection, cancellationToken);
                if (!connection.Life.TryCountMiddleware(i))
                {
                    await SayGoneAsync(_middleware[i], connection, CloseReason.Refused);
                    return false;
                }
            }
        }
        catch (ActionException refusal)
        {
            Log.Refused(_logger, connection.Type, connection.RemoteIP, LogText.OneLine(refusal.Message, LogText.ErrorLength));
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client went away before it was let in.
            return false;
        }
        catch (Exception exception)
        {
            Failed(exception, connection, CloseReason.Refused);
            return false;
        }

        LogOpened(connection);
        return true;
    }

    // Callbacks of the application may block: on another thread, so that they hold up neither the goodbye nor the rooms.
    private async ValueTask CancelRunsAsync(Connection connection)
    {
        try
        {
            if (await Task.Run(connection.CancelRuns).WaitAsync(_stepLimit, _time) is { } failure)
            {
                Log.CallbackFailed(_logger, failure, connection.Type);
            }
        }
        catch (TimeoutException exception)
        {
            Log.CallbackFailed(_logger, exception, connection.Type);
        }
    }

    private async ValueTask SayGoneAsync(IConnectionMiddleware step, Connection connection, CloseReason reason)
    {
        try
        {
            await step.OnDisconnectedAsync(connection, reason, CancellationToken.None).WithinAsync(_stepLimit, _time);
        }
        catch (Exception exception)
        {
            Failed(exception, connection, reason);
        }
    }

    private void Failed(Exception exception, Connection connection, CloseReason reason)
    {
        Log.MiddlewareFailed(_logger, exception, connection.Type, reason);
        _unexpected.Report(new ExceptionReport { Exception = exception, Source = ExceptionSource.Connection, Name = connection.Type, Connection = connection });
    }

    private void LogOpened(Connection connection)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            Log.Opened(_logger, connection.Type, connection.RemoteIP);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ConnectionOpened, LogLevel.Information, "[server: {Type}] new connection to={To}")]
        public static partial void Opened(ILogger logger, string type, string to);

        [LoggerMessage(EventIds.ConnectionClosed, LogLevel.Information, "[server: {Type}] connection closed to={To} reason={Reason}{Words}")]
        public static partial void Closed(ILogger logger, string type, string to, CloseReason reason, string words);

        [LoggerMessage(EventIds.ConnectionRefused, LogLevel.Information, "[server: {Type}] connection refused to={To}: {Why}")]
        public static partial void Refused(ILogger logger, string type, string to, string why);

        [LoggerMessage(EventIds.CancellationCallbackFailed, LogLevel.Warning, "A callback of an action's token failed when its {Type} connection closed")]
        public static partial void CallbackFailed(ILogger logger, Exception exception, string type);

        [LoggerMessage(EventIds.ConnectionMiddlewareFailed, LogLevel.Error, "A connection middleware failed on {Type} ({Reason})")]
        public static partial void MiddlewareFailed(ILogger logger, Exception exception, string type, CloseReason reason);
    }
}
