using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.Bounds;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Json;
using Polywire.Pipeline;
using Polywire.Rooms;

namespace Polywire.Hosting;

/// <summary>Adds what doors are made of. Their classes are public, what they are made from is not, so the container cannot make them by itself.</summary>
internal static class DoorServices
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new PolywireJson(Get<IOptions<PolywireJsonOptions>>(provider)));
        services.TryAddSingleton<ServerState>();
        services.TryAddSingleton<DoorStop>();
        services.TryAddSingleton<ConnectionRegistry>();
        services.TryAddSingleton<IConnections>(Get<ConnectionRegistry>);
        services.TryAddSingleton(static provider => new RequestCounters(Get<ConnectionRegistry>(provider)));
        AddActions(services);
        AddConnections(services);
        AddBounds(services);
    }

    private static void AddActions(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new ActionRegistry(
            provider.GetServices<ActionDescriptor>(),
            provider.GetServices<MiddlewareRegistration>(),
            provider.GetServices<PostProcessorRegistration>(),
            Get<PolywireJson>(provider),
            Get<IOptions<PolywireOptions>>(provider),
            provider,
            Get<ILogger<ActionRegistry>>(provider)));
        services.TryAddSingleton(static provider => new ActionProcessor(
            Get<ActionRegistry>(provider),
            Get<IServiceScopeFactory>(provider),
            Get<ServerState>(provider),
            Get<ErrorCatalog>(provider),
            Get<TimeProvider>(provider),
            Get<ActionLog>(provider),
            Get<PolywireMetrics>(provider),
            Get<UnexpectedErrors>(provider),
            Get<RequestCounters>(provider),
            Get<IOptions<PolywireOptions>>(provider)));
        services.TryAddSingleton(static provider => new ResponseWriter(
            Get<PolywireJson>(provider), Get<ErrorCatalog>(provider), Get<UnexpectedErrors>(provider), Get<ILogger<ResponseWriter>>(provider)));
        services.TryAddSingleton(static provider => new PublicFiles(
            Get<IOptions<PolywireOptions>>(provider), Get<IHostEnvironment>(provider), Get<TimeProvider>(provider), Get<ILogger<PublicFiles>>(provider)));
    }

    private static void AddConnections(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new ConnectionLifetime(
            Get<ConnectionRegistry>(provider),
            Get<RoomService>(provider),
            provider.GetServices<ConnectionMiddlewareRegistration>(),
            provider,
            Get<PolywireMetrics>(provider),
            Get<TimeProvider>(provider),
            Get<IOptions<PolywireOptions>>(provider),
            Get<UnexpectedErrors>(provider),
            Get<ILogger<ConnectionLifetime>>(provider)));
        services.TryAddSingleton(static provider => new VerbDispatcher(
            Get<RoomService>(provider),
            Get<ActionRegistry>(provider),
            Get<PolywireJson>(provider),
            Get<ErrorCatalog>(provider),
            Get<UnexpectedErrors>(provider),
            Get<IOptions<PolywireOptions>>(provider),
            Get<ILogger<VerbDispatcher>>(provider)));
        services.TryAddSingleton(static provider => new ConnectionServices(
            Get<ActionProcessor>(provider),
            Get<VerbDispatcher>(provider),
            Get<ConnectionLifetime>(provider),
            Get<ResponseWriter>(provider),
            Get<PublicFiles>(provider),
            Get<PolywireJson>(provider),
            Get<ErrorCatalog>(provider),
            Get<PolywireMetrics>(provider),
            Get<TimeProvider>(provider),
            Get<ServerState>(provider),
            Get<InputBudget>(provider),
            Get<InputEndLog>(provider),
            Get<IOptions<PolywireOptions>>(provider),
            Get<ILoggerFactory>(provider)));
    }

    private static void AddBounds(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new InputEndLog(
            Get<PolywireMetrics>(provider), Get<TimeProvider>(provider), Get<ILoggerFactory>(provider)));
        services.TryAddSingleton(static provider => new DoorGates(
            Get<PolywireMetrics>(provider), Get<TimeProvider>(provider), Get<ILoggerFactory>(provider)));
        services.TryAddSingleton(static provider =>
        {
            var options = Get<IOptions<PolywireOptions>>(provider).Value;
            var budget = new InputBudget(
                new InputLimits(options.MaxBufferedInput ?? InputLimits.DefaultMaxBytes, options.MessageTimeout, options.MinMessageRate),
                Get<TimeProvider>(provider));
            Get<PolywireMetrics>(provider).Observe(budget);
            return budget;
        });
    }

    private static T Get<T>(IServiceProvider provider)
        where T : notnull =>
        provider.GetRequiredService<T>();
}
