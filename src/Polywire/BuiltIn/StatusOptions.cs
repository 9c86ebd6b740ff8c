namespace Polywire;

/// <summary>What the action <c>status</c> and the health checks call healthy; configuration section <c>Polywire:Status</c>.</summary>
/// <remarks>Nothing is refused by a node that is not healthy.</remarks>
public sealed class StatusOptions
{
    /// <summary>Megabytes of memory above which the node is unhealthy; 500 by default.</summary>
    public int MaxHealthyMemoryMegabytes { get; set; } = 500;

    /// <summary>How long work may wait for a thread before the node is unhealthy; 10 milliseconds by default.</summary>
    public TimeSpan MaxHealthyThreadPoolDelay { get; set; } = TimeSpan.FromMilliseconds(10);
}
