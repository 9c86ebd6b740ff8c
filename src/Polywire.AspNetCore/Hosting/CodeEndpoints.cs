using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.WebSockets.Upgrade;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Whether the application listens in code; the framework does not tell.</summary>
internal sealed class CodeEndpoints
{
    public bool Any { get; set; }
}

/// <summary>Takes note of endpoints as they are added, so it has to run before the application's own configuration.</summary>
internal sealed class CodeEndpointsSetup(CodeEndpoints endpoints, TimeProvider time) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>Puts the setup before everything that was added, and will be; once.</summary>
    public static void AddTo(IServiceCollection services)
    {
        if (!services.Any(static service => service.ImplementationType == typeof(CodeEndpointsSetup)))
        {
            // The application may have called ConfigureKestrel already.
            services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, CodeEndpointsSetup>());
            services.AddSingleton<CodeEndpoints>();
        }
    }

    public void Configure(KestrelServerOptions options) =>
        options.ConfigureEndpointDefaults(listen =>
        {
            endpoints.Any = true;
            listen.Use(next => context => WebSocketTransfer.RunAsync(context, next, time));
        });
}
