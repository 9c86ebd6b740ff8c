#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>Heartbeats and how connections end; docs/protocol/websocket.md, "Heartbeat" and "Closing".</summary>
public abstract class WebSocketEndTests(Under under) : WebSocketLifeTests(under)
{
    /// <inheritdoc/>
    public sealed class Direct() : WebSocketEndTests(Under.Direct);

    /// <inheritdoc/>
    public sealed class Tls() : WebSocketEndTests(Under.Tls);

    /// <inheritdoc/>
    public sealed class Kestrel() : WebSocketEndTests(Under.Kestrel);

    private const string ServerClose = "\"primus::server::close\"";

    [Theory]
    [InlineData("/primus", false)]
    [InlineData("/primus?_PRIMUSCB=x", false)]
    [InlineData("/primus?_primuscb=x", true)]
    [InlineData("/primus?a=1&_primuscb", true)]
    public async Task QuitClosesNormally(string path, bool isPrimus)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host, path);

        await client.SendAsync("""{"event":"quit","messageId":1}""");

        if (isPrimus)
        {
            (await client.ReadAsync()).ShouldBe(ServerClose);
        }

        (await client.ReadCloseAsync()).Code.ShouldBe(1000);
        await client.SendAsync(ClientFrame.Closing(1000));
        (await client.Tcp.ReadToEndAsync()).ShouldBeEmpty();
        await host.WaitForConnectionsAsync(0);
    }

    [Theory]
    [InlineData("/primus", false)]
    [InlineData("/primus?_primuscb=x", true)]
    public async Task TheServerDestroysForGood(string path, bool isPrimus)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host, path);

        await host.Connections.All.Single().CloseAsync();

        host.Connections.Count.ShouldBe(0);
        if (isPrimus)
        {
            (await client.ReadAsync()).ShouldBe(ServerClose);
        }

        (await client.ReadCloseAsync()).Code.ShouldBe(4000);
    }

    [Theory]
    [InlineData(false, 1001)]
    [InlineData(true, 4000)]
    public async Task AStopTellsWhetherToComeBack(bool destroys, int code)
    {
        await using var host = await StartAsync(options => options.DestroyClientsOnShutdown = destroys);
        await using var client = await WebSocketClient.ConnectAsync(host, "/primus?_primuscb=x");
        await client.SendAsync("""{"event":"action","params":{"action":"wait","gate":"slow"},"messageId":1}""");
        await host.Gate("slow").Entered.WithinLimit();

        var stop = host.StopAsync();
        await client.SendAsync("""{"event":"action","params":{"action":"randomNumber"},"messageId":2}""");
        (await client.ReadAsync()).ShouldBe("""{"error":"the server is shutting down","context":"response","messageId":2}""");
        host.Gate("slow").Open();

        (await client.ReadAsync()).ShouldBe("""{"gate":"slow","context":"response","messageId":1}""");
        if (destroys)
        {
            (await client.ReadAsync()).ShouldBe(ServerClose);
        }

        (await client.ReadCloseAsync()).Code.ShouldBe(code);
        await client.SendAsync(ClientFrame.Closing((ushort)code));
        await stop.WithinLimit();
    }

    [Fact]
    public async Task APeerThatDoesNotAnswerTheClose_IsCutOff()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(time: time);
        await using var client = await WebSocketClient.ConnectAsync(host);
        var timers = time.PendingTimers;

        await client.SendAsync("""{"event":"quit"}""");
        (await client.ReadCloseAsync()).Code.ShouldBe(1000);
        await time.WaitForTimersAsync(timers + 1, Within.Limit);
        time.Advance(TimeSpan.FromSeconds(2));

        await Should.ThrowAsync<IOException>(client.Tcp.ReadToEndAsync);
    }

    [Fact]
    public async Task PlainClients_ArePingedByTheProtocol_AndCutOffWhenTheyAreSilent()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(options => options.PingInterval = Interval, time);
        await using var client = await WebSocketClient.ConnectAsync(host);
        await AskAsync(client);

        for (var i = 0; i < 3; i++)
        {
            // Whatever it sends is a sign of life, and what it asks shows that the sign was seen.
            AdvanceIntervals(time);
            (await client.ReadFrameAsync()).First.ShouldBe((byte)0x89);
            await AskAsync(client);
        }

        AdvanceIntervals(time);
        (await client.ReadFrameAsync()).First.ShouldBe((byte)0x89);
        AdvanceIntervals(time);

        (await client.ReadCloseAsync()).ShouldBe((4408, "heartbeat timeout"));
    }

    [Fact]
    public async Task PrimusClients_ArePingedByAString()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(options => options.PingInterval = Interval, time);
        await using var client = await WebSocketClient.ConnectAsync(host, "/primus?_primuscb=x");
        await AskAsync(client);

        AdvanceIntervals(time);

        (await client.ReadAsync()).ShouldMatch("^\"primus::ping::\\d+\"$");
    }

    [Fact]
    public async Task ControlStringsAreAnswered_AndChooseTheDialect()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        (await client.AskAsync("\"primus::ping::123\"")).ShouldBe("\"primus::pong::123\"");
        var id = await client.AskAsync("\"primus::id::\"");
        id.ShouldMatch("^\"primus::id::[A-Za-z0-9_-]{21}\"$");
        (await client.AskAsync("\"primus::id::\"")).ShouldBe(id);
        (await client.AskAsync("\"primus::id::more\"")).ShouldBe(id);
        await client.SendAsync("\"primus::pong::1\"");
        await client.SendAsync("""{"event":"quit"}""");
        (await client.ReadAsync()).ShouldBe(ServerClose);
    }

    [Fact]
    public async Task OneThatDoesNotRead_IsDropped_AndHurtsNobodyElse()
    {
        await using var host = await StartAsync(polywire: options => options.MaxQueueLength = 256 * 1024);
        await using var slow = await WebSocketClient.ConnectAsync(host, receiveBufferSize: 4096);
        await using var quick = await WebSocketClient.ConnectAsync(host);
        await slow.AskAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":1}""");
        await quick.AskAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":1}""");
        var text = new string('x', 64 * 1024);
        for (var said = 0; host.Connections.Count == 2; said++)
        {
            // Each message waits for the quick one, so that only the slow one falls behind.
            await host.Rooms.SayAsync("defaultRoom", text);
            (await quick.ReadJsonAsync()).GetProperty("message").GetString().ShouldBe(text);
            said.ShouldBeLessThan(2000, "the slow reader was never dropped");
        }

        (await host.Rooms.StatusAsync("defaultRoom")).MembersCount.ShouldBe(1);
        await AskAsync(quick);
    }

    [Fact]
    public async Task ASlowReaderThatWakesUp_IsToldWhy()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync(options => options.MaxQueueLength = 64 * 1024, time);
        await using var slow = await WebSocketClient.ConnectAsync(host, receiveBufferSize: 4096);
        var connection = host.Connections.All.Single();

        while (!connection.IsClosed)
        {
            await connection.SendAsync(new string('x', 32 * 1024));
            await Task.Yield();
        }

        // It reads now, and finds whole messages and then the close frame.
        (byte First, byte[] Payload) frame;
        while ((frame = await slow.ReadFrameAsync()).First == 0x81)
        {
            frame.Payload.Length.ShouldBe((32 * 1024) + 2);
        }

        frame.First.ShouldBe((byte)0x88);
        Encoding.ASCII.GetString(frame.Payload.AsSpan(2)).ShouldBe("slow consumer");
    }

    [Fact]
    public async Task OneThatIsReset_LeavesItsRooms()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);
        await client.AskAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":1}""");

        client.Tcp.Reset();

        await host.WaitForConnectionsAsync(0);
        (await host.Rooms.StatusAsync("defaultRoom")).MembersCount.ShouldBe(0);
    }

    [Fact]
    public async Task OneThatIsRefusedByAMiddleware_IsToldSo()
    {
        await using var host = await StartAsync(more: (_, _, polywire) => polywire.UseConnectionMiddleware<Nobody>());
        await using var client = await WebSocketClient.ConnectRawAsync(host);

        (await client.ReadCloseAsync()).ShouldBe((1008, "refused"));
    }

    // A connection that answers has been let in, which is when its heartbeats begin: the welcome comes a moment before.
    private static async Task AskAsync(WebSocketClient client) =>
        (await client.AskAsync("""{"event":"action","params":{"action":"randomNumber"},"messageId":"still there"}""")).ShouldContain("still there");

    private sealed class Nobody : IConnectionMiddleware
    {
        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken) =>
            connection.Transport == Transports.WebSocket ? throw new ActionException("nobody") : default;
    }
}
