#pragma warning disable xUnit1051 // Every wait is bounded by the patience of the fixture.
using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Sockets.Transport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Transport;

public sealed class DirectSocketKestrelTests
{
    [Fact]
    public async Task ServesBesideHttp_OnItsOwnAddressesOnly()
    {
        await using var app = await StartAsync(tls: false);
        var addresses = Addresses(app).ToList();

        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri(addresses[0]), Xunit.TestContext.Current.CancellationToken)).ShouldBe("http");
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(addresses[1]["http://".Length..]), Xunit.TestContext.Current.CancellationToken);
        await EchoesAsync(client.GetStream());
    }

    [Fact]
    public async Task ServesTls_ThroughUseHttps()
    {
        await using var app = await StartAsync(tls: true);
        var address = Addresses(app).Last();
        address.ShouldStartWith("https://");

        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address["https://".Length..]), Xunit.TestContext.Current.CancellationToken);
        await using var secure = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        await secure.AuthenticateAsClientAsync("localhost").Soon();
        await EchoesAsync(secure);
    }

    [Fact]
    public async Task StopsWithOpenConnections()
    {
        await using var app = await StartAsync(tls: false);
        var address = Addresses(app).Last();
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address["http://".Length..]), Xunit.TestContext.Current.CancellationToken);
        await EchoesAsync(client.GetStream());

        // Kestrel asks the handler to go; this one does not, and is aborted.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(now.Token).Soon();

        await Should.ThrowAsync<IOException>(async () =>
        {
            if (await client.GetStream().ReadAsync(new byte[1]).Soon() == 0)
            {
                throw new EndOfStreamException();
            }
        });
    }

    [Theory, InlineData(true), InlineData(false)]
    public void KeepsTheUsualTransport_WhicheverComesFirst(bool first)
    {
        var services = new ServiceCollection();
        if (first)
        {
            services.AddDirectSocketTransport();
        }

        services.AddSingleton<IConnectionListenerFactory>(new Marker());
        services.AddDirectSocketTransport();
        services.AddDirectSocketTransport();
        services.AddLogging();
        using var provider = services.BuildServiceProvider();

        var factories = provider.GetServices<IConnectionListenerFactory>().ToList();
        factories.OfType<DirectSocketTransportFactory>().Count().ShouldBe(1);
        factories.OfType<SocketTransportFactory>().Count().ShouldBe(first ? 1 : 0);
    }

    private static ICollection<string> Addresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    private static async Task EchoesAsync(Stream stream)
    {
        foreach (var text in (string[])["one\n", "another, longer\n", new string('x', 100_000) + "\n"])
        {
            var sent = Encoding.ASCII.GetBytes(text);
            await stream.WriteAsync(sent);
            var received = new byte[sent.Length];
            await stream.ReadExactlyAsync(received).AsTask().Soon();
            received.ShouldBe(sent);
        }
    }

    private static async Task<WebApplication> StartAsync(bool tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDirectSocketTransport();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.ListenDirect(new IPEndPoint(IPAddress.Loopback, 0), new DirectSocketOptions(), listen =>
            {
                if (tls)
                {
                    listen.UseHttps(SelfSigned());
                }

                listen.Run(EchoAsync);
            });
        });
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("http"));
        await app.StartAsync();
        return app;
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        while (true)
        {
            var result = await connection.Transport.Input.ReadAsync();
            foreach (var piece in result.Buffer)
            {
                connection.Transport.Output.Write(piece.Span);
            }

            connection.Transport.Input.AdvanceTo(result.Buffer.End);
            await connection.Transport.Output.FlushAsync();
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class Marker : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
