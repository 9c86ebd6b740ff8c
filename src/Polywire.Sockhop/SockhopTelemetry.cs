using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Polywire.Sockhop;

/// <summary>What can be measured and traced.</summary>
public static class SockhopTelemetry
{
    /// <summary>
    /// The name of the meter and of the activity source. Instruments: <c>polywire.sockhop.active_connections</c>, <c>polywire.sockhop.refused_connections</c>,
    /// <c>polywire.sockhop.failed_reconnects</c>, <c>polywire.sockhop.dropped_messages</c>, <c>polywire.sockhop.protocol_errors</c>. Activities:
    /// <c>request {type}</c>, of kind client until the reply has come, of kind server while a handler of requests runs. The wire carries no context
    /// from one to the other.
    /// </summary>
    public const string Name = "Polywire.Sockhop";

    private static readonly Meter Meter = new(Name);

    /// <summary>Counts. What a listener of the application throws is told to nobody: often nobody stands behind the thread, and a connection is to end all the same.</summary>
    internal static void Count(this Counter<long> counter)
    {
        try
        {
            counter.Add(1);
        }
        catch
        {
            // The listener's own affair.
        }
    }

    /// <summary>Counts up or down, as <see cref="Count(Counter{long})"/> does.</summary>
    internal static void Count(this UpDownCounter<long> counter, int change)
    {
        try
        {
            counter.Add(change);
        }
        catch
        {
            // The listener's own affair.
        }
    }

    internal static ActivitySource Source { get; } = new(Name);

    internal static UpDownCounter<long> Connections { get; } =
        Meter.CreateUpDownCounter<long>("polywire.sockhop.active_connections", "{connection}", "Connections that are open.");

    internal static Counter<long> Refused { get; } =
        Meter.CreateCounter<long>("polywire.sockhop.refused_connections", "{connection}", "Connections that were accepted and never became sessions.");

    internal static Counter<long> FailedReconnects { get; } =
        Meter.CreateCounter<long>("polywire.sockhop.failed_reconnects", "{attempt}", "Attempts to connect again that failed.");

    internal static Counter<long> Dropped { get; } =
        Meter.CreateCounter<long>("polywire.sockhop.dropped_messages", "{message}", "Messages that no handler took.");

    internal static Counter<long> Errors { get; } =
        Meter.CreateCounter<long>("polywire.sockhop.protocol_errors", "{error}", "Messages that could not be read.");
}
