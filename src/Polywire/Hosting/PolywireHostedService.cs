using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polywire.Actions;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Pipeline;
using Polywire.Rooms;

namespace Polywire.Hosting;

/// <summary>Makes everything ready before any transport accepts, and lets no action start once the host stops.</summary>
internal sealed class PolywireHostedService(
    ActionRegistry registry,
    RoomService rooms,
    ServerState state,
    DoorStop stop,
    UnexpectedErrors unexpected,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILogger<ActionRegistry> logger) : IHostedLifecycleService
{
    private CancellationTokenRegistration _stopping;
    private IDisposable? _uncaught;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        state.BeginStart();
        try
        {
            await PrepareAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            unexpected.Report(new ExceptionReport { Exception = exception, Source = ExceptionSource.Startup, Severity = LogLevel.Critical });
            throw;
        }

        _uncaught = unexpected.Watch();

        // Requests that come from here on are refused; those that run go on (core.md PR-6).
        _stopping = lifetime.ApplicationStopping.Register(state.BeginStop);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Doors are started behind this service, so they stop listening before it comes here.
        stop.Tell();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.DisposeAsync();
        _uncaught?.Dispose();
        HotReload.Forget(registry);
        await rooms.StopAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        registry.Freeze();
        HotReload.Watch(registry, logger);

        // Makes the middleware of connections; that of rooms is made when they start.
        services.GetRequiredService<ConnectionLifetime>();
        await rooms.StartAsync(cancellationToken);
    }
}
