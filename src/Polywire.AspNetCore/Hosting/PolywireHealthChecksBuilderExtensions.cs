using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polywire;
using Polywire.AspNetCore.Hosting;
using Polywire.BuiltIn;
using Polywire.Pipeline;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Polywire to ASP.NET Core's health checks.</summary>
public static class PolywireHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds two checks, tagged <c>polywire</c>: <c>polywire-ready</c>, tagged <c>ready</c> too, is unhealthy until the host has started and from the
    /// beginning of its stop; <c>polywire-node</c> is degraded where memory or the thread pool's delay is beyond <see cref="StatusOptions"/>.
    /// </summary>
    /// <remarks>Called twice, it adds them once.</remarks>
    public static IHealthChecksBuilder AddPolywireHealthChecks(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(static service => service.ServiceType == typeof(ReadyHealthCheck)))
        {
            return builder;
        }

        builder.Services.TryAddSingleton<NodeHealth>();
        builder.Services.AddSingleton<ReadyHealthCheck>();
        builder.Services.AddSingleton<NodeHealthCheck>();
        return builder
            .Add(new HealthCheckRegistration("polywire-ready", Make<ReadyHealthCheck>, HealthStatus.Unhealthy, ["polywire", "ready"]))
            .Add(new HealthCheckRegistration("polywire-node", Make<NodeHealthCheck>, HealthStatus.Degraded, ["polywire"]));
    }

    private static TCheck Make<TCheck>(IServiceProvider services)
        where TCheck : IHealthCheck =>
        services.GetService<ServerState>() is null
            ? throw new InvalidOperationException("AddPolywireHealthChecks needs Polywire's services: call builder.AddPolywire() before the application is built.")
            : services.GetRequiredService<TCheck>();
}
