using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire;
using Polywire.AspNetCore.LiveView;
using Polywire.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the live view for developers.</summary>
public static class PolywireLiveViewBuilderExtensions
{
    /// <summary>Serves a page that shows connections, rooms, actions and queues as they are, on <c>/polywire/live</c>.</summary>
    /// <remarks>To browsers on the machine itself in Development alone, unless <see cref="LiveViewOptions.Authorize"/> says otherwise.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Runs after configuration section <c>Polywire:LiveView</c>; what it sets wins.</param>
    public static IPolywireBuilder AddLiveView(this IPolywireBuilder builder, Action<LiveViewOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<LiveViewOptions>()
            .BindConfiguration($"{PolywireServiceCollectionExtensions.ConfigurationSection}:LiveView")
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        KnownSettings.Of(services).Add<LiveViewOptions>("LiveView");

        // Called twice, it only configures again.
        if (services.Any(service => service.ServiceType == typeof(LiveViewEndpoint)))
        {
            return builder;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LiveViewOptions>, LiveViewOptionsValidator>());
        services.AddSingleton<LiveAccess>();
        services.AddSingleton<LiveTokens>();
        services.AddSingleton<LiveTraffic>();
        services.AddSingleton<LiveWatchers>();
        services.AddSingleton<LiveViewEndpoint>();
        services.AddSingleton<IHostedService, LiveView>();
        return builder.AddJsonContext(LiveJson.Default).AddAction(LiveWatchAction.Create());
    }
}
