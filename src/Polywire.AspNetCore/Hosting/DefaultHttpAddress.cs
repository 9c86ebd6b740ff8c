using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.Bounds;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Listens where <see cref="WebOptions"/> says, if the host names no address: the framework's own default, 5000, is the socket server's.</summary>
internal sealed class DefaultHttpAddress(
    IServer server, IConfiguration configuration, IOptions<KestrelServerOptions> kestrel, CodeEndpoints code, IOptions<WebOptions> options, WebEndPoint own,
    CertificateWatch certificates, DoorGates gates, TrustedProxies proxies, TestPorts ports)
    : IHostedLifecycleService
{
    private static readonly string[] Keys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Reading the options runs the application's own configuration, which may listen in code.
        var limits = kestrel.Value;
        var named = code.Any || Array.Exists(Keys, key => IsSet(configuration.GetSection(key)));
        if (named || server.Features.Get<IServerAddressesFeature>() is not { Addresses.Count: 0 })
        {
            return Task.CompletedTask;
        }

        var web = options.Value;
        own.EndPoint = !web.Enabled ? new SilentEndPoint()
            : web.UnixSocketPath is { } path ? new UnixDomainSocketEndPoint(path)
            : ports.EndPoint(IPAddress.Parse(web.BindIP), web.Port, WebOptions.DefaultPort);
        var gate = gates.Create("web", "Polywire:Web", max: 0, web.MaxConnectionsPerAddress);
        limits.Listen(own.EndPoint, listen =>
        {
            listen.UseGate(gate, proxies.Trust);
            if (web is { IsHttps: true, Enabled: true })
            {
                listen.UseHttps(https => certificates.Use(
                    https, "Polywire:Web", web.Certificate.Path!, web.Certificate.KeyPath, web.Certificate.Password));
            }
        });
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The framework takes an empty text, as of a variable that was set to nothing, for no address either.
    private static bool IsSet(IConfigurationSection section) => section.Value is { Length: > 0 } || section.GetChildren().Any();
}
