#pragma warning disable xUnit1051 // Every wait is bounded by the clients.
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>What becomes of a message of the application's, on every door.</summary>
public sealed class TrySendTests
{
    private const int MaxQueueLength = 128 * 1024;

    private static readonly Dictionary<string, string> Message = new() { ["text"] = new string('x', 32 * 1024) };

    public static TheoryData<string> Doors => [.. Peer.Doors];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task TellsOfAnOpenConnectionAndOfAClosedOne(string door)
    {
        await using var host = await StartAsync();
        await using var peer = await Peer.OpenAsync(host, door);

        peer.Connection.TrySend(Message).ShouldBe(Delivery.Delivered);
        await peer.Connection.CloseAsync();
        await Until.TrueAsync(() => peer.Connection.TrySend(Message) == Delivery.Closed);
        await peer.Connection.SendAsync(Message);
    }

    [Theory]
    [InlineData(Peer.Tcp), InlineData(Peer.WebSocket), InlineData(Peer.Sockhop)]
    public async Task TellsThatAMessageWasDropped(string door)
    {
        await using var host = await StartAsync();
        await using var slow = await DeafAsync(host, door);
        await host.WaitForConnectionsAsync(1);
        var connection = host.Connections.All.Single();

        var sent = 0;
        Delivery outcome;
        while ((outcome = connection.TrySend(Message)) == Delivery.Delivered)
        {
            (++sent).ShouldBeLessThan(10_000, "nothing was ever dropped");
        }

        outcome.ShouldBe(Delivery.Dropped);
        await host.WaitForConnectionsAsync(0);
        connection.TrySend(Message).ShouldBe(Delivery.Closed);
    }

    [Theory]
    [InlineData(Peer.Tcp), InlineData(Peer.WebSocket), InlineData(Peer.Sockhop)]
    public async Task ThrowsForOneThatIsLargerThanAQueue(string door)
    {
        await using var host = await StartAsync();
        await using var peer = await Peer.OpenAsync(host, door);
        var message = new Dictionary<string, string> { ["text"] = new string('x', MaxQueueLength) };

        Should.Throw<InvalidOperationException>(() => peer.Connection.TrySend(message)).Message.ShouldContain("MaxQueueLength");
    }

    [Fact]
    public async Task TellsThatTheWebRefuses()
    {
        await using var host = await StartAsync();

        (await host.Http.GetStringAsync("/api/sends")).ShouldContain("\"outcome\":\"Refused\"");
    }

    // A client that reads nothing from now on.
    private static async Task<IAsyncDisposable> DeafAsync(SocketHost host, string door)
    {
        switch (door)
        {
            case Peer.Tcp:
                return await host.ConnectAsync(receiveBufferSize: 4096);
            case Peer.WebSocket:
                return await WebSocketClient.ConnectAsync(host, receiveBufferSize: 4096);
            default:
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit();
                return new NetworkStream(socket, ownsSocket: true);
        }
    }

    private static Task<SocketHost> StartAsync() => SocketHost.StartAsync(
        polywire: options => options.MaxQueueLength = MaxQueueLength,
        more: (host, _, polywire) =>
        {
            Peer.Map(host, polywire);
            polywire.MapDynamicAction("sends", _ => { }, (context, _) =>
            {
                context.Response["outcome"] = context.Connection.TrySend(Message).ToString();
                return Task.CompletedTask;
            });
        });
}
