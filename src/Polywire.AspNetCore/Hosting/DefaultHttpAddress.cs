using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Puts HTTP on port 8080 where the host names no address: the framework's own default, 5000, is the socket server's.</summary>
internal sealed class DefaultHttpAddress(
    IServer server, IConfiguration configuration, IOptions<KestrelServerOptions> kestrel, CodeEndpoints code) : IHostedLifecycleService
{
    private const string Address = "http://0.0.0.0:8080";
    private static readonly string[] Keys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Reading the options runs the application's own configuration, which may listen in code.
        _ = kestrel.Value;
        var named = code.Any || Array.Exists(Keys, key => configuration.GetSection(key).Exists());
        if (!named && server.Features.Get<IServerAddressesFeature>() is { Addresses: { Count: 0 } addresses })
        {
            addresses.Add(Address);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
