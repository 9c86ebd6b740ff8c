using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Polywire.Bounds;
using Polywire.Redis.Diagnostics;

namespace Polywire.Redis.Bus;

/// <summary>Counts what goes between nodes and what does not arrive, and tells of the latter at most once a minute for each reason (cluster.md NO-69, NO-70). Safe to use concurrently.</summary>
internal sealed partial class BusMetrics
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly string[] Reasons = [.. Enum.GetNames<BusFault>().Select(static name => name.ToLowerInvariant())];

    private readonly ILogger<BusMetrics> _logger;
    private readonly Counter<long> _published;
    private readonly Counter<long> _received;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _calls;
    private readonly LogPause[] _pauses;
    private readonly LogPause _lostPause;
    private readonly LogPause _failedPause;
    private readonly long[] _untold = new long[Reasons.Length];
    private long _lostUntold;

    public BusMetrics(RedisMetrics metrics, TimeProvider time, ILogger<BusMetrics> logger)
    {
        _logger = logger;
        var meter = metrics.Meter;
        _published = meter.CreateCounter<long>("polywire.cluster.published", "{message}", "Messages handed to Redis for other nodes.");
        _received = meter.CreateCounter<long>("polywire.cluster.received", "{message}", "Messages of other nodes that were heard.");
        _lost = meter.CreateCounter<long>("polywire.cluster.lost", "{message}", "Messages of other nodes that did not arrive, by their numbers.");
        _dropped = meter.CreateCounter<long>("polywire.cluster.dropped", "{message}", "Messages that were not passed on; see the reason.");
        _calls = meter.CreateHistogram<double>("polywire.cluster.call.duration", "s", "How long a question to other nodes took.");
        _pauses = [.. Reasons.Select(_ => new LogPause(time, Pause))];
        _lostPause = new LogPause(time, Pause);
        _failedPause = new LogPause(time, Pause);
        Meter = meter;
    }

    public Meter Meter { get; }

    public void Published() => _published.Add(1);

    public void Received() => _received.Add(1);

    public void Lost(long count)
    {
        _lost.Add(count);
        Interlocked.Add(ref _lostUntold, count);
        if (_lostPause.IsOver())
        {
            Log.Lost(_logger, Interlocked.Exchange(ref _lostUntold, 0));
        }
    }

    public void Dropped(BusFault reason, long count = 1)
    {
        if (count == 0)
        {
            return;
        }

        _dropped.Add(count, new KeyValuePair<string, object?>("reason", Reasons[(int)reason]));
        Interlocked.Add(ref _untold[(int)reason], count);
        if (_pauses[(int)reason].IsOver())
        {
            Log.Dropped(_logger, Interlocked.Exchange(ref _untold[(int)reason], 0), Reasons[(int)reason]);
        }
    }

    public void Called(TimeSpan duration, string outcome) =>
        _calls.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Tells that Redis refused a message, with its reason.</summary>
    public void Refused(Exception exception)
    {
        if (_failedPause.IsOver())
        {
            Log.Refused(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.MessagesLost, LogLevel.Warning, "{Count} messages lost between nodes")]
        public static partial void Lost(ILogger logger, long count);

        [LoggerMessage(RedisEventIds.MessagesDropped, LogLevel.Warning, "{Count} messages between nodes were dropped: {Reason}")]
        public static partial void Dropped(ILogger logger, long count, string reason);

        [LoggerMessage(RedisEventIds.MessageRefused, LogLevel.Warning, "Redis refused a message to the other nodes")]
        public static partial void Refused(ILogger logger, Exception exception);
    }
}
