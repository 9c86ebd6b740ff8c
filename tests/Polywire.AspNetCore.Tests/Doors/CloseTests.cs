#pragma warning disable xUnit1051 // Every wait is bounded by the clients.
using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>What the application says when it closes a connection, on every door.</summary>
public sealed class CloseTests
{
    public static TheoryData<string> Doors => [.. Peer.Doors];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task MiddlewareAndLogLearnTheReason(string door)
    {
        await using var host = await StartAsync();
        await using var peer = await Peer.OpenAsync(host, door);

        await peer.Connection.CloseAsync("line one\nline two", 4001);
        await peer.Connection.CloseAsync("too late", 4002);

        Ends(host).ShouldBe([$"{peer.Connection.Type} ServerClosed line one\nline two 4001"]);
        host.Logs.GetSnapshot().Select(log => log.Message).ShouldContain(message => message.Contains("reason=ServerClosed: line one", StringComparison.Ordinal) && message.EndsWith("line two (4001)", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task SaysNothing_WhereNothingIsSaid(string door)
    {
        await using var host = await StartAsync();
        await using var peer = await Peer.OpenAsync(host, door);

        await peer.Connection.CloseAsync();
        await peer.Connection.CloseAsync("too late");

        Ends(host).ShouldBe([$"{peer.Connection.Type} ServerClosed  "]);
        host.Logs.GetSnapshot().Select(log => log.Message).ShouldContain(message => message.EndsWith("reason=ServerClosed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATcpClientFindsItInItsGoodbye()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        foreach (var connection in host.Connections.All)
        {
            await (connection.RemotePort == ((System.Net.IPEndPoint)client.LocalEndPoint).Port ? connection.CloseAsync("moved \"away\"", 4001) : connection.CloseAsync("gone"));
        }

        (await client.ReadLineAsync()).ShouldBe("""{"status":"Bye!","reason":"moved \"away\"","code":4001,"context":"api"}""");
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        (await other.ReadLineAsync()).ShouldBe("""{"status":"Bye!","reason":"gone","code":4000,"context":"api"}""");
    }

    [Theory, InlineData(4000), InlineData(1000), InlineData(4321)]
    public async Task AWebSocketFindsItInItsCloseFrame(int status)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        await host.Connections.All.Single().CloseAsync("ordres épuisés", status);

        (await client.ReadCloseAsync()).ShouldBe((status, "ordres épuisés"));
    }

    [Fact]
    public async Task AClientOfPrimusIsToldToStayAway()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host, "/primus?_primuscb=x");

        await host.Connections.All.Single().CloseAsync("banned", 4003);

        (await client.ReadAsync()).ShouldBe("\"primus::server::close\"");
        (await client.ReadCloseAsync()).ShouldBe((4003, "banned"));
    }

    [Fact]
    public async Task OnTheWebMiddlewareLearnsIt()
    {
        await using var host = await StartAsync();

        await Should.ThrowAsync<HttpRequestException>(() => host.Http.GetAsync("/api/closes"));
        await Until.TrueAsync(() => !host.Services.GetRequiredService<Watch>().Ends.IsEmpty);

        Ends(host).ShouldBe(["web ServerClosed enough 4001"]);
    }

    [Fact]
    public async Task RefusesWhatNoCloseFrameCanCarry()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        var connection = host.Connections.All.Single();

        await Should.ThrowAsync<ArgumentNullException>(async () => await connection.CloseAsync((string)null!));
        await Should.ThrowAsync<ArgumentException>(async () => await connection.CloseAsync(new string('é', 62)));
        foreach (var status in (int[])[0, 999, 1001, 1005, 2999, 5000])
        {
            await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await connection.CloseAsync("x", status));
        }

        connection.IsClosed.ShouldBeFalse();
        connection.CloseText.ShouldBeNull();
        await connection.CloseAsync(new string('x', 123));
    }

    private static string[] Ends(SocketHost host) => [.. host.Services.GetRequiredService<Watch>().Ends];

    private static Task<SocketHost> StartAsync() => SocketHost.StartAsync(more: (host, builder, polywire) =>
    {
        Peer.Map(host, polywire);
        builder.Services.AddSingleton<Watch>();
        polywire.UseConnectionMiddleware<Watch>();
        polywire.MapDynamicAction("closes", _ => { }, async (context, _) => await context.Connection.CloseAsync("enough", 4001));
    });

    private sealed class Watch : IConnectionMiddleware
    {
        public ConcurrentQueue<string> Ends { get; } = [];

        public ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken)
        {
            Ends.Enqueue($"{connection.Type} {reason} {connection.CloseText} {connection.CloseStatus}");
            return default;
        }
    }
}
