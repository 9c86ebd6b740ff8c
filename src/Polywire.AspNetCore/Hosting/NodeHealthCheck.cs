using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polywire.BuiltIn;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Tells what the action <c>status</c> tells of memory and of the thread pool.</summary>
internal sealed class NodeHealthCheck(NodeHealth health) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = await health.CheckAsync();
        return new HealthCheckResult(
            report.Problems.Count == 0 ? HealthStatus.Healthy : context.Registration.FailureStatus,
            report.Problems.Count == 0 ? null : string.Join("; ", report.Problems),
            data: new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["uptimeMilliseconds"] = report.UptimeMilliseconds,
                ["memoryMegabytes"] = report.MemoryMegabytes,
                ["threadPoolDelayMilliseconds"] = report.ThreadPoolDelayMilliseconds,
            });
    }
}
