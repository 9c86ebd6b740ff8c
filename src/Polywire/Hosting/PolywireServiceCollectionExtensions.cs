using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire;
using Polywire.Actions;
using Polywire.Bounds;
using Polywire.BuiltIn;
using Polywire.Caching;
using Polywire.Cluster;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Hosting;
using Polywire.Json;
using Polywire.Pipeline;
using Polywire.Rooms;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Polywire's core to an application.</summary>
public static class PolywireServiceCollectionExtensions
{
    /// <summary>The configuration section that options are bound from.</summary>
    public const string ConfigurationSection = "Polywire";

    /// <summary>Adds the pipeline, rooms and cache, with options from configuration section <c>Polywire</c>.</summary>
    /// <param name="builder">Of any host; a web application gets its transports by the same call of <c>Polywire.AspNetCore</c>.</param>
    /// <param name="configure">Runs after the configuration; what it sets wins.</param>
    public static IPolywireBuilder AddPolywire(this IHostApplicationBuilder builder, Action<PolywireOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<PolywireOptions>().Bind(builder.Configuration.GetSection(ConfigurationSection));
        builder.Services.AddOptions<CacheOptions>().Bind(builder.Configuration.GetSection($"{ConfigurationSection}:Cache"));
        builder.Services.AddOptions<StatusOptions>().Bind(builder.Configuration.GetSection($"{ConfigurationSection}:Status"));
        KnownSettings.Of(builder.Services)
            .AddFree(string.Empty, "Web", "WebSocket", "Socket", "Sockhop", "LiveView")
            .Add<PolywireOptions>(string.Empty)
            .Add<CacheOptions>("Cache")
            .Add<StatusOptions>("Status");
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PolywireOptions>, UnknownSettings>());
        return builder.Services.AddPolywire(configure);
    }

    /// <summary>Adds the pipeline, rooms and cache, with options from code alone.</summary>
    /// <inheritdoc cref="AddPolywire(IHostApplicationBuilder, Action{PolywireOptions}?)"/>
    public static IPolywireBuilder AddPolywire(this IServiceCollection services, Action<PolywireOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<PolywireOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PolywireOptions>, PolywireOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ErrorCatalog>();
        services.TryAddSingleton<PolywireMetrics>();
        services.TryAddSingleton<ActionLog>();
        services.TryAddSingleton<UnexpectedErrors>();
        services.TryAddSingleton(static provider =>
            provider.GetRequiredService<IOptions<PolywireOptions>>().Value.NodeId is { } id ? new NodeIdentity(id) : NodeIdentity.Create());
        DoorServices.Add(services);
        services.TryAddSingleton<InProcessRooms>();
        services.TryAddSingleton<InProcessBus>();
        services.TryAddSingleton<IRoomStore, InProcessRoomStore>();
        services.TryAddSingleton<IRoomLog, InProcessRoomLog>();
        services.TryAddSingleton<IBackplane, InProcessBackplane>();
        services.TryAddSingleton<RoomLogRules>();
        services.TryAddSingleton<RoomService>();
        services.TryAddSingleton<IRooms>(static provider => provider.GetRequiredService<RoomService>());
        services.TryAddSingleton<IActions, ActionRunner>();
        services.AddPolywireCache();
        services.AddOptions<CacheOptions>().ValidateOnStart();
        services.AddOptions<StatusOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StatusOptions>, StatusOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PolywireHostedService>());
        return new PolywireBuilder(services);
    }
}
