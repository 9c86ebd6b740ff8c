using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Doors;

namespace Polywire.Rooms;

/// <summary>All room middleware, in order.</summary>
internal sealed partial class RoomMiddlewareChain
{
    private readonly Lazy<IRoomMiddleware[]> _steps;
    private readonly TimeSpan _leaveLimit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Makes the chain.</summary>
    /// <param name="registrations">In any order. Resolved when first needed: a middleware that speaks in rooms needs their service.</param>
    /// <param name="services">What they are resolved from.</param>
    /// <param name="leaveLimit">How long one may take over a leaving that nobody can refuse.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="logger">Told of those that fail.</param>
    public RoomMiddlewareChain(
        IEnumerable<RoomMiddlewareRegistration> registrations, IServiceProvider services, TimeSpan leaveLimit, TimeProvider time, ILogger logger)
    {
        _leaveLimit = leaveLimit;
        _time = time;
        _logger = logger;
        _steps = new Lazy<IRoomMiddleware[]>(
            () => [.. registrations.OrderBy(registration => registration.Order).Select(registration => registration.Resolve(services))]);
    }

    public IRoomMiddleware[] Steps => _steps.Value;

    public async ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        foreach (var step in Steps)
        {
            await step.JoinAsync(connection, room, cancellationToken);
        }
    }

    public async ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        foreach (var step in Steps)
        {
            await step.LeaveAsync(connection, room, cancellationToken);
        }
    }

    /// <summary>Runs a leaving that nobody can refuse.</summary>
    public async ValueTask MustLeaveAsync(Connection connection, string room)
    {
        foreach (var step in Steps)
        {
            try
            {
                await step.LeaveAsync(connection, room, CancellationToken.None).WithinAsync(_leaveLimit, _time);
            }
            catch (Exception exception)
            {
                Log.LeaveFailed(_logger, exception, LogText.OneLine(room, LogText.NameLength));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.RoomLeaveFailed, LogLevel.Warning, "A room middleware failed while a connection left {Room}; it could not be kept")]
        public static partial void LeaveFailed(ILogger logger, Exception exception, string room);
    }
}
