using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.Policies;
using Polywire.AspNetCore.Sockets;
using Polywire.AspNetCore.Sockhop;
using Polywire.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The network transports that can be added.</summary>
public static class PolywireTransportBuilderExtensions
{
    /// <summary>Sets options of the web server, which <c>AddPolywire</c> has added and <c>MapPolywire</c> puts to work.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Runs after configuration section <c>Polywire:Web</c>; what it sets wins.</param>
    /// <exception cref="InvalidOperationException">The host is not a web application.</exception>
    public static IPolywireBuilder AddWebServer(this IPolywireBuilder builder, Action<WebOptions>? configure = null) =>
        builder.ConfigureWeb(nameof(AddWebServer), configure);

    /// <summary>Sets options of the WebSocket server, which <c>AddPolywire</c> has added and <c>MapPolywire</c> puts to work.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Runs after configuration section <c>Polywire:WebSocket</c>; what it sets wins.</param>
    /// <exception cref="InvalidOperationException">The host is not a web application.</exception>
    public static IPolywireBuilder AddWebSocketServer(this IPolywireBuilder builder, Action<WebSocketServerOptions>? configure = null) =>
        builder.ConfigureWeb(nameof(AddWebSocketServer), configure);

    /// <summary>Listens on TCP, TLS or a Unix socket; port 5000 where nothing else is said. HTTP addresses stay as they are.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Runs after configuration section <c>Polywire:Socket</c>; what it sets wins.</param>
    public static IPolywireBuilder AddSocketServer(this IPolywireBuilder builder, Action<SocketOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<SocketOptions>()
            .BindConfiguration($"{PolywireServiceCollectionExtensions.ConfigurationSection}:Socket")
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        KnownSettings.Of(builder.Services)
            .Add<SocketOptions>("Socket")
            .Add<CertificateOptions>("Socket:Certificate")
            .Add<ClientCertificateOptions>("Socket:ClientCertificate");
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SocketOptions>, SocketOptionsValidator>());
        TestPorts.AddTo(builder.Services);
        PolywireAddresses.AddTo(builder.Services);
        builder.Services.TryAddSingleton<ForeignClientLog>();
        builder.Services.TryAddSingleton<CertificateWatch>();
        builder.Services.TryAddSingleton<SocketServices>();
        builder.Services.TryAddSingleton<SocketConnectionHandler>();
        builder.Services.TryAddSingleton<SocketServer>();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, SocketServer>(static services => services.GetRequiredService<SocketServer>()));
        return builder;
    }

    /// <summary>Listens for Sockhop peers, of Node or of .NET; TCP port 50000 where nothing else is said. HTTP addresses stay as they are.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Runs after configuration section <c>Polywire:Sockhop</c>; what it sets wins.</param>
    public static IPolywireBuilder AddSockhopServer(this IPolywireBuilder builder, Action<SockhopTransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<SockhopTransportOptions>()
            .BindConfiguration($"{PolywireServiceCollectionExtensions.ConfigurationSection}:Sockhop")
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        KnownSettings.Of(builder.Services).Add<SockhopTransportOptions>("Sockhop");
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SockhopTransportOptions>, SockhopTransportOptionsValidator>());
        TestPorts.AddTo(builder.Services);
        PolywireAddresses.AddTo(builder.Services);
        builder.Services.TryAddSingleton<ForeignClientLog>();
        builder.Services.TryAddSingleton<SockhopDoor>();
        builder.Services.TryAddSingleton<SockhopConnectionHandler>();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, SockhopDoor>(static services => services.GetRequiredService<SockhopDoor>()));
        return builder;
    }

    private static IPolywireBuilder ConfigureWeb<TOptions>(this IPolywireBuilder builder, string call, Action<TOptions>? configure)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Services.Any(static service => service.ServiceType == typeof(WebRouter)))
        {
            throw new InvalidOperationException($"{call} needs a web application: call AddPolywire on what WebApplication.CreateBuilder gives.");
        }

        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        return builder;
    }

    /// <summary>Adds routes of the web server in one place; they are looked at before those that actions declare.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Runs at once; may be called more than once.</param>
    public static IPolywireBuilder AddRoutes(this IPolywireBuilder builder, Action<WebRoutes> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var routes = builder.Services.Select(service => service.ImplementationInstance).OfType<WebRoutes>().FirstOrDefault();
        if (routes is null)
        {
            routes = new WebRoutes();
            builder.Services.AddSingleton(routes);
        }

        configure(routes);
        return builder;
    }

    /// <summary>Adds a limit that actions ask for with <see cref="RateLimitAttribute"/>; it counts runs on every transport together.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="policy">The name that actions ask for; of several of one name the last counts.</param>
    /// <param name="partition">Says who is counted together, and how; called for every run, concurrently.</param>
    public static IPolywireBuilder AddRateLimit(
        this IPolywireBuilder builder, string policy, Func<ActionContext, RateLimitPartition<string>> partition)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(policy);
        ArgumentNullException.ThrowIfNull(partition);
        builder.Services.AddSingleton(_ => new RateLimitPolicy(policy, partition));
        return builder;
    }
}
