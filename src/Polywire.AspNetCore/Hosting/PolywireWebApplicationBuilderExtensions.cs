using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire;
using Polywire.Actions;
using Polywire.AspNetCore.Compatibility.Primus;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.Http;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Compression;
using Polywire.AspNetCore.Http.Files;
using Polywire.AspNetCore.Http.Fingerprint;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.AspNetCore.Http.Params;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.OpenApi;
using Polywire.AspNetCore.Policies;
using Polywire.AspNetCore.WebSockets;
using Polywire.AspNetCore.WebSockets.Client;
using Polywire.AspNetCore.WebSockets.Upgrade;
using Polywire.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds Polywire to a web application.</summary>
public static class PolywireWebApplicationBuilderExtensions
{
    /// <summary>Adds the pipeline, rooms, cache and the web server, with options from configuration section <c>Polywire</c>.</summary>
    /// <remarks>Where the host names no HTTP address at all, <see cref="WebOptions"/> does: port 8080 of every IPv4 address by default.</remarks>
    /// <param name="builder">The application's builder.</param>
    /// <param name="configure">Runs after the configuration; what it sets wins.</param>
    public static IPolywireBuilder AddPolywire(this WebApplicationBuilder builder, Action<PolywireOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var polywire = ((IHostApplicationBuilder)builder).AddPolywire(configure);
        var services = builder.Services;
        services.AddOptions<WebOptions>()
            .Bind(builder.Configuration.GetSection($"{PolywireServiceCollectionExtensions.ConfigurationSection}:Web"))
            .ValidateOnStart();
        KnownSettings.Of(services)
            .Add<WebOptions>("Web")
            .Add<CertificateOptions>("Web:Certificate")
            .Add<WebFingerprintOptions>("Web:FingerprintOptions")
            .Add<WebFormOptions>("Web:FormOptions")
            .Add<WebMetadataOptions>("Web:MetadataOptions")
            .AddFree("Web:MetadataOptions", WebOptionsSetup.FormerNames)
            .Add<WebQueryParseOptions>("Web:QueryParseOptions")
            .Add<WebSocketServerOptions>("WebSocket")
            .Add<WebSocketClientOptions>("WebSocket:Client")
            .Add<WebSocketClientReconnectOptions>("WebSocket:Client:Reconnect")
            .AddFree("WebSocket", ActionHeroSettings.Names)
            .AddFree("WebSocket:Client", ActionHeroSettings.ClientNames)
            .AddFree("WebSocket:Client:Reconnect", ActionHeroSettings.ClientNames);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebOptions>, WebOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<WebOptions>, WebOptionsSetup>());
        polywire.AddRoutes(static _ => { });
        services.TryAddSingleton<WebRouter>();
        services.TryAddSingleton<MappedActions>();
        services.TryAddSingleton<ActionChoice>();
        services.TryAddSingleton<LateRules>();
        services.TryAddSingleton<TrustedProxies>();
        services.TryAddSingleton<PageOrigins>();
        services.TryAddSingleton<HostFilter>();
        services.TryAddSingleton<FingerprintReader>();
        services.TryAddSingleton<DefaultHeaders>();
        services.TryAddSingleton<WebRequestOpener>();
        services.TryAddSingleton<HttpOtherEndpoints>();
        services.TryAddSingleton<FileTypes>();
        services.TryAddSingleton<AnswerCompression>();
        services.TryAddSingleton<IMemoryFiles, ClientFiles>();
        services.TryAddSingleton<FileEndpoint>();
        services.TryAddSingleton<OpenApiDocumentBuilder>();
        services.TryAddSingleton<OpenApiEndpoint>();
        services.TryAddSingleton<HttpFileEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ActionMatcherPolicy>());
        services.TryAddSingleton<UploadBudget>();
        services.TryAddSingleton<RequestCodings>();
        services.TryAddSingleton<HttpParamsReader>();
        services.TryAddSingleton<HttpResponseWriter>();
        services.TryAddSingleton<HttpActionEndpoint>();
        services.AddOptions<WebSocketServerOptions>()
            .Bind(builder.Configuration.GetSection(WebSocketServerOptionsSetup.Section))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<WebSocketServerOptions>, WebSocketServerOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebSocketServerOptions>, WebSocketServerOptionsValidator>());
        services.TryAddSingleton<WebSocketServices>();
        services.TryAddSingleton<WebSocketEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WebSocketServer>());
        CodeEndpointsSetup.AddTo(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, WebKestrelSetup>());
        services.TryAddSingleton<WebEndPoint>();
        TestPorts.AddTo(services);
        PolywireAddresses.AddTo(services);
        services.TryAddSingleton<CertificateWatch>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, WebListenerFactory>());
        // Each stands before those above it.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IActionConvention, UploadConvention>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IActionConvention, AntiforgeryConvention>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IActionConvention, AuthorizationConvention>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IActionConvention, RateLimitConvention>());
        services.TryAddSingleton<MetadataCheck>();
        services.TryAddSingleton<BodyPeek>();
        services.TryAddSingleton<SchemeUsers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OutputCacheOptions>, OutputCacheSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WebServerStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DefaultHttpAddress>());
        return polywire;
    }
}
