#pragma warning disable xUnit1051 // Every wait is bounded.
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets.Frames;

/// <summary>WebSockets of a server that hands out messages: what goes in on one side comes out on the other.</summary>
public sealed class MessageStreamTests
{
    [Fact]
    public async Task CarriesMessagesBothWays_OfEverySize()
    {
        var (client, server) = await PairAsync();
        await using var bytes = MessageStream.Open(server);
        using var engine = WebSocket.CreateFromStream(bytes, new WebSocketCreationOptions { IsServer = true });

        foreach (var size in (int[])[0, 1, 125, 126, 4096, 4097, 200_000])
        {
            foreach (var (from, to) in ((WebSocket, WebSocket)[])[(client, engine), (engine, client)])
            {
                var sent = new byte[size];
                Random.Shared.NextBytes(sent);
                var sending = from.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                (await ReceiveAsync(to)).ShouldBe(sent);
                await sending.WithinLimit();
            }
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task CarriesTheEnd(bool clientCloses)
    {
        var (client, server) = await PairAsync();
        await using var bytes = MessageStream.Open(server);
        using var engine = WebSocket.CreateFromStream(bytes, new WebSocketCreationOptions { IsServer = true });
        var (from, to) = clientCloses ? (client, engine) : (engine, client);

        await from.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "why", CancellationToken.None).WithinLimit();

        (await to.ReceiveAsync(new ArraySegment<byte>(new byte[10]), CancellationToken.None).WithinLimit()).MessageType.ShouldBe(WebSocketMessageType.Close);
        (to.CloseStatus, to.CloseStatusDescription).ShouldBe((WebSocketCloseStatus.PolicyViolation, "why"));
    }

    [Fact]
    public async Task EndsWithAClientThatIsGone()
    {
        var (client, server) = await PairAsync();
        await using var bytes = MessageStream.Open(server);

        client.Abort();

        (await bytes.ReadAsync(new byte[10]).AsTask().WithinLimit()).ShouldBe(0);
    }

    private static async Task<(WebSocket Client, WebSocket Server)> PairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint).WithinLimit();
        var server = await listener.AcceptTcpClientAsync().WithinLimit();
        return (
            WebSocket.CreateFromStream(client.GetStream(), new WebSocketCreationOptions { IsServer = false }),
            WebSocket.CreateFromStream(server.GetStream(), new WebSocketCreationOptions { IsServer = true }));
    }

    private static async Task<byte[]> ReceiveAsync(WebSocket socket)
    {
        var message = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var part = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None).WithinLimit();
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }
}
