using System.Threading.RateLimiting;

namespace Polywire.AspNetCore.Policies;

/// <summary>One named limit and what it has counted.</summary>
internal sealed class RateLimitPolicy(string name, Func<ActionContext, RateLimitPartition<string>> partition) : IDisposable
{
    public string Name => name;

    public PartitionedRateLimiter<ActionContext> Limiter { get; } = PartitionedRateLimiter.Create(partition, StringComparer.Ordinal);

    public void Dispose() => Limiter.Dispose();
}
