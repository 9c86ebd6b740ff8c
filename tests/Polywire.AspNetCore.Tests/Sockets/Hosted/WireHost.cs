using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>What may lie under the protocol.</summary>
public enum Under
{
    /// <summary>The server's own transport.</summary>
    Direct,

    /// <summary>TLS over it.</summary>
    Tls,

    /// <summary>An endpoint of the application's own, on Kestrel's transport.</summary>
    Kestrel,
}

/// <summary>A host that speaks the protocol over one of <see cref="Under"/>.</summary>
internal sealed class WireHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _certificate = TestCertificates.SelfSigned();
    private readonly Under _under;

    private WireHost(Under under) => _under = under;

    public SocketHost Host { get; private set; } = null!;

    public static async Task<WireHost> StartAsync(
        Under under, TimeSpan? limit = null, Action<SocketHost, WebApplicationBuilder, IPolywireBuilder>? more = null)
    {
        var wire = new WireHost(under);
        var (path, key) = wire._certificate.WriteTo(wire._folder);
        wire.Host = await SocketHost.StartAsync(
            socket =>
            {
                socket.Enabled = under != Under.Kestrel;
                (socket.Certificate.Path, socket.Certificate.KeyPath) = under == Under.Tls ? (path, key) : (null, null);
            },
            options => options.PendingShutdownWaitLimit = limit ?? options.PendingShutdownWaitLimit,
            (host, builder, polywire) =>
            {
                if (under == Under.Kestrel)
                {
                    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UsePolywireSocket()));
                }

                more?.Invoke(host, builder, polywire);
            });
        return wire;
    }

    /// <summary>Connects without reading the welcome.</summary>
    public Task<TcpLineClient> ConnectRawAsync(int? receiveBufferSize = null)
    {
        if (_under != Under.Kestrel)
        {
            return Host.ConnectRawAsync(_under == Under.Tls ? TestCertificates.Trusting(_certificate) : null, receiveBufferSize);
        }

        var address = Host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return TcpLineClient.ConnectAsync(IPEndPoint.Parse(address["http://".Length..]), receiveBufferSize: receiveBufferSize);
    }

    /// <summary>Connects and reads the welcome.</summary>
    public async Task<TcpLineClient> ConnectAsync(int? receiveBufferSize = null)
    {
        var client = await ConnectRawAsync(receiveBufferSize);
        await client.ExpectAsync(Wire.Welcome);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }
}
