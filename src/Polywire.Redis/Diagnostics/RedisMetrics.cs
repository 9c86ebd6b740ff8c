using System.Diagnostics.Metrics;
using Polywire.Diagnostics;

namespace Polywire.Redis.Diagnostics;

/// <summary>The instruments of the cluster's part (cluster.md NO-70). No room, id or key is a tag.</summary>
internal sealed class RedisMetrics
{
    private readonly Counter<long> _commandsFailed;

    public RedisMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(PolywireTelemetry.Name);
        _commandsFailed = Meter.CreateCounter<long>("polywire.cluster.commands.failed", "{command}", "Commands that Redis did not answer in time or at all.");
    }

    /// <summary>For parts that have instruments of their own.</summary>
    public Meter Meter { get; }

    public void CommandFailed() => _commandsFailed.Add(1);
}
