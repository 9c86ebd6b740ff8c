using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Bounds;

/// <summary>Tells operators of connections and requests that were ended for what they held.</summary>
/// <remarks>Under attack there are many: each is counted, and of each kind one in a second is logged where operators look, the others at Debug.</remarks>
[Experimental("PWX0001")]
public sealed partial class InputEndLog
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger;
    private readonly LogPause _greediest;
    private readonly LogPause _stalled;
    private readonly PolywireMetrics _metrics;

    internal InputEndLog(
        PolywireMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _metrics = metrics;
        _logger = loggers.CreateLogger("Polywire.Connections");
        _greediest = new(time, Pause);
        _stalled = new(time, Pause);
    }

    /// <summary>Counts and logs one end.</summary>
    /// <param name="type">The kind of connection.</param>
    /// <param name="remoteIP">Whose it was.</param>
    /// <param name="end">Why it ends.</param>
    public void Tell(string type, string remoteIP, in InputEnd end)
    {
        _metrics.InputEnded(type, end.Cause);
        if (end.Cause == InputEndCause.Stalled)
        {
            Log.Stalled(_logger, _stalled.IsOver() ? LogLevel.Information : LogLevel.Debug, type, remoteIP, end.Held, end.Limits.MessageTimeout, end.Limits.MinMessageRate);
            return;
        }

        Log.Greediest(_logger, _greediest.IsOver() ? LogLevel.Warning : LogLevel.Debug, type, remoteIP, end.Held, end.Limits.MaxBytes);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = EventIds.InputBudgetExceeded,
            Message = "[server: {Type}] {To} is ended: of all it holds most unfinished input, {Held} bytes, and together they hold more than Polywire:MaxBufferedInput ({Limit} bytes)")]
        public static partial void Greediest(ILogger logger, LogLevel level, string type, string to, long held, long limit);

        [LoggerMessage(
            EventId = EventIds.MessageStalled,
            Message = "[server: {Type}] {To} is ended: a message of which {Held} bytes are held did not get on within Polywire:MessageTimeout ({Timeout}, MinMessageRate {Rate} bytes a second)")]
        public static partial void Stalled(ILogger logger, LogLevel level, string type, string to, long held, TimeSpan timeout, int rate);
    }
}
