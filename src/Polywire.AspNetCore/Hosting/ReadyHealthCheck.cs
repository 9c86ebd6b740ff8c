using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Tells whether actions are taken: from the end of the host's start until the beginning of its stop.</summary>
internal sealed class ReadyHealthCheck(ServerState state, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var why = state.IsStopping || lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
            : lifetime.ApplicationStarted.IsCancellationRequested ? null
            : "starting";
        return Task.FromResult(why is null ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, why));
    }
}
