#pragma warning disable xUnit1051 // Every wait is bounded by the patience of the fixture.
using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests;

/// <summary>The transport under a Kestrel, with a handler that does not know of it.</summary>
public sealed class DirectSocketKestrelTests
{
    [Fact]
    public async Task ServesAConnectionHandler()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var server = Make(services);
        await server.StartAsync(new NoHttp(), CancellationToken.None);
        using var client = await ConnectAsync(server);
        var stream = client.GetStream();
        await EchoesAsync(stream);
        client.Client.Shutdown(SocketShutdown.Send);

        (await stream.ReadAsync(new byte[1]).Soon()).ShouldBe(0);
        await server.StopAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task StopsWithOpenConnections()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var server = Make(services);
        await server.StartAsync(new NoHttp(), CancellationToken.None);
        using var client = await ConnectAsync(server);
        await EchoesAsync(client.GetStream());

        // Kestrel asks the handler to go; this one does not, and is aborted.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await server.StopAsync(now.Token).Soon();

        await Should.ThrowAsync<IOException>(async () =>
        {
            if (await client.GetStream().ReadAsync(new byte[1]).Soon() == 0)
            {
                throw new EndOfStreamException();
            }
        });
    }

    private static KestrelServer Make(IServiceProvider services)
    {
        var options = new KestrelServerOptions { ApplicationServices = services };
        options.Listen(new DirectSocketEndPoint(new IPEndPoint(IPAddress.Loopback, 0)), listen => listen.Run(EchoAsync));
        return new KestrelServer(Options.Create(options), new DirectSocketTransportFactory(NullLoggerFactory.Instance), NullLoggerFactory.Instance);
    }

    private static async Task<TcpClient> ConnectAsync(KestrelServer server)
    {
        var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address["http://".Length..]));
        return client;
    }

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

    private sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException();

        public Task ProcessRequestAsync(object context) => throw new NotSupportedException();

        public void DisposeContext(object context, Exception? exception)
        {
        }
    }
}
