using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.WebSockets;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Whether the application listens in code; the framework does not tell.</summary>
internal sealed class CodeEndpoints
{
    public bool Any { get; set; }
}

/// <summary>Takes note of endpoints as they are added. Runs before the application's own configuration, because it is added first.</summary>
internal sealed class CodeEndpointsSetup(CodeEndpoints endpoints) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options) =>
        options.ConfigureEndpointDefaults(listen =>
        {
            endpoints.Any = true;
            listen.Use(next => context => WebSocketTransfer.RunAsync(context, next));
        });
}
