using Microsoft.Extensions.Hosting;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Makes the table of routes before anything listens, so that a route that cannot be understood stops the start.</summary>
internal sealed class WebServerStart(WebRouter router) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        router.Build();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
