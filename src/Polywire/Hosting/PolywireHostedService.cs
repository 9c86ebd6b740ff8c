using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire.Pipeline;

namespace Polywire.Hosting;

/// <summary>Makes everything ready before any transport accepts, and lets no action start once the host stops.</summary>
internal sealed class PolywireHostedService(
    ActionRegistry registry,
    Rooms rooms,
    ServerState state,
    IHostApplicationLifetime lifetime,
    IOptions<PolywireOptions> options) : IHostedLifecycleService
{
    private CancellationTokenRegistration _stopping;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        registry.Freeze();
        foreach (var room in options.Value.StartingRooms)
        {
            await rooms.CreateAsync(room, cancellationToken);
        }

        await rooms.StartAsync(cancellationToken);

        // Requests that come from here on are refused; those that run go on (core.md PR-6).
        _stopping = lifetime.ApplicationStopping.Register(state.BeginStop);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.DisposeAsync();
        await rooms.StopAsync();
    }
}
