#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.Sockets;
using Polywire.AspNetCore.Tests.Http;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Peers that connect to a port of TLS and say nothing, or half of it, while the host stops.</summary>
public sealed class TlsHandshakesTests : IDisposable
{
    // Kestrel gives a handshake ten seconds.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _certificate = TestCertificates.SelfSigned();

    [Theory, InlineData(new byte[0]), InlineData(new byte[] { 0x16 }), InlineData(new byte[] { 0x16, 3, 1, 2, 0, 1 })]
    public async Task OfTheSocketServerEndWithTheHost(byte[] said)
    {
        var (path, key) = _certificate.WriteTo(_folder);
        await using var host = await SocketHost.StartAsync(socket => (socket.Certificate.Path, socket.Certificate.KeyPath) = (path, key));
        using var silent = await ConnectAsync(host.EndPoint, said);
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_certificate));

        await ExpectSoonAsync(host.StopAsync());
        await client.ExpectGoodbyeAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task OfTheWebServerEndWithTheHost(bool inCode)
    {
        var (path, key) = _certificate.WriteTo(_folder);
        await using var host = await WebHost.StartAsync(
            web => (web.Secure, web.BindIP, web.Port, web.Certificate.Path, web.Certificate.KeyPath) = (true, "127.0.0.1", 0, path, key),
            (builder, _) =>
            {
                if (inCode)
                {
                    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate.Certificate)));
                }
            },
            urls: null);
        using var silent = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, host.Address.Port), []);

        await ExpectSoonAsync(host.StopAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task AreToldFromConnectionsThatCloseAnyhow(bool isOver)
    {
        var (near, far) = await PairAsync();
        using var client = new SslStream(near);
        var server = new SslStream(far);
        using var stopping = new CancellationTokenSource();
        await using var connection = new AbortNoting();
        connection.Features.Set<ISslStreamFeature>(new Secured(server));
        connection.Features.Set<IConnectionLifetimeNotificationFeature>(new Notified(stopping));
        await using var watch = TlsHandshakes.EndWithHost(connection, TimeProvider.System);
        if (isOver)
        {
            await Task.WhenAll(server.AuthenticateAsServerAsync(_certificate.Certificate), client.AuthenticateAsClientAsync(TestCertificates.Trusting(_certificate))).WithinLimit();
            await server.DisposeAsync();
        }

        await stopping.CancelAsync();

        if (isOver)
        {
            // Decided on this thread, before the cancelling returned.
            connection.Aborted.Task.IsCompleted.ShouldBeFalse();
        }
        else
        {
            await connection.Aborted.Task.WithinLimit();
        }

        await server.DisposeAsync();
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static async Task<TcpClient> ConnectAsync(EndPoint server, byte[] said)
    {
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)server).WithinLimit();
        await client.GetStream().WriteAsync(said).WithinLimit();
        return client;
    }

    private static async Task ExpectSoonAsync(Task stopped)
    {
        var watch = Stopwatch.StartNew();
        await stopped.WithinLimit();
        watch.Elapsed.ShouldBeLessThan(Soon);
    }

    private static async Task<(NetworkStream Near, NetworkStream Far)> PairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndpoint).WithinLimit();
        return (new NetworkStream(near, ownsSocket: true), new NetworkStream(await listener.AcceptSocketAsync().WithinLimit(), ownsSocket: true));
    }

    private sealed class Secured(SslStream stream) : ISslStreamFeature
    {
        public SslStream SslStream => stream;
    }

    private sealed class Notified(CancellationTokenSource stopping) : IConnectionLifetimeNotificationFeature
    {
        public CancellationToken ConnectionClosedRequested { get; set; } = stopping.Token;

        public void RequestClose() => stopping.Cancel();
    }

    private sealed class AbortNoting : DefaultConnectionContext
    {
        public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Abort(ConnectionAbortedException abortReason) => Aborted.TrySetResult();
    }
}
