using System.Diagnostics.Metrics;

namespace Polywire.Sockhop;

/// <summary>What can be measured.</summary>
public static class SockhopTelemetry
{
    /// <summary>
    /// The meter's name. Instruments: <c>polywire.sockhop.active_connections</c>, <c>polywire.sockhop.dropped_messages</c>,
    /// <c>polywire.sockhop.protocol_errors</c>.
    /// </summary>
    public const string Name = "Polywire.Sockhop";

    private static readonly Meter Meter = new(Name);

    internal static UpDownCounter<long> Connections { get; } =
        Meter.CreateUpDownCounter<long>("polywire.sockhop.active_connections", "{connection}", "Connections that are open.");

    internal static Counter<long> Dropped { get; } =
        Meter.CreateCounter<long>("polywire.sockhop.dropped_messages", "{message}", "Messages that no handler took.");

    internal static Counter<long> Errors { get; } =
        Meter.CreateCounter<long>("polywire.sockhop.protocol_errors", "{error}", "Messages that could not be read.");
}
