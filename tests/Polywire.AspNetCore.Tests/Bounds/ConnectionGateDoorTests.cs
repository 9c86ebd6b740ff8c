#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>How many connections a door lets in, of one address and of all.</summary>
public sealed class ConnectionGateDoorTests
{
    [Theory]
    [InlineData(Door.Socket, false, false)]
    [InlineData(Door.Socket, true, false)]
    [InlineData(Door.Socket, false, true)]
    [InlineData(Door.WebSocket, false, false)]
    [InlineData(Door.WebSocket, true, false)]
    [InlineData(Door.Sockhop, false, false)]
    [InlineData(Door.Sockhop, true, false)]
    public async Task TurnsOneTooManyAway_AndLetsTheNextInWhenOneHasGone(Door door, bool byAddress, bool tls)
    {
        await using var host = await DoorHost.StartAsync(
            tls: tls,
            socket: options => (options.MaxConnections, options.MaxConnectionsPerAddress) = byAddress ? (100, 2) : (2, 0),
            sockhop: options => (options.MaxConnections, options.MaxConnectionsPerAddress) = byAddress ? (100, 2) : (2, 0),
            webSocket: options => (options.MaxConnections, options.MaxConnectionsPerAddress) = byAddress ? (100, 2) : (2, 0));
        await using var first = await host.OpenAsync(door);
        await using var second = await host.OpenAsync(door);
        (await first.AskAsync()).ShouldContain("\"v\"");
        (await second.AskAsync()).ShouldContain("\"v\"");

        await ShouldBeTurnedAwayAsync(host, door, byAddress);
        host.Host.Logs.GetSnapshot().ShouldContain(entry =>
            entry.Level == LogLevel.Warning && entry.Message.Contains(byAddress ? "MaxConnectionsPerAddress" : "MaxConnections", StringComparison.Ordinal));

        await first.DisposeAsync();
        await host.Host.WaitForConnectionsAsync(1);
        DoorClient? next = null;
        await DoorHost.UntilAsync(() => (next = TryOpen(host, door)) is not null, "there is room again");
        (await next!.AskAsync()).ShouldContain("\"v\"");
        await next.DisposeAsync();
    }

    [Fact]
    public async Task CountsTheClientBehindAProxy()
    {
        await using var host = await DoorHost.StartAsync(webSocket: options => options.MaxConnectionsPerAddress = 1);
        await using var one = await WebSocketClient.ConnectAsync(host.Host, headers: "X-Forwarded-For: 192.0.2.1\r\n");
        await using var other = await WebSocketClient.ConnectAsync(host.Host, headers: "X-Forwarded-For: 192.0.2.2\r\n");
        await using var again = await WebSocketClient.ConnectRawAsync(host.Host, headers: "X-Forwarded-For: 192.0.2.1\r\n");
        again.Status.ShouldBe("429");
        await using var neighbour = await WebSocketClient.ConnectAsync(host.Host, headers: "X-Forwarded-For: 2001:db8::1\r\n");
        await using var sameSubscriber = await WebSocketClient.ConnectRawAsync(host.Host, headers: "X-Forwarded-For: 2001:db8::2\r\n");
        sameSubscriber.Status.ShouldBe("429");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheWebCountsPeersThatAreNoProxies(bool isProxy)
    {
        await using var host = await DoorHost.StartAsync(web: options =>
        {
            options.MaxConnectionsPerAddress = 1;
            options.TrustedProxies = isProxy ? ["127.0.0.1"] : [];
        });
        var address = new IPEndPoint(IPAddress.Loopback, host.Host.Http.BaseAddress!.Port);
        const string Request = "GET /api/echo?key=v HTTP/1.1\r\nHost: localhost\r\n\r\n";
        await using var first = await TcpLineClient.ConnectAsync(address);
        await first.SendAsync(Request);
        (await first.ReadLineAsync()).ShouldBe("HTTP/1.1 200 OK");
        await using var second = await TcpLineClient.ConnectAsync(address);
        if (isProxy)
        {
            await second.SendAsync(Request);
            (await second.ReadLineAsync()).ShouldBe("HTTP/1.1 200 OK");
        }
        else
        {
            (await second.ReadToEndAsync()).ShouldBeEmpty();
        }
    }

    private static DoorClient? TryOpen(DoorHost host, Door door)
    {
        try
        {
            return Task.Run(async () =>
            {
                var client = await host.OpenAsync(door);
                await client.AskAsync();
                return client;
            }).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is IOException or ShouldAssertException)
        {
            return null;
        }
    }

    private static async Task ShouldBeTurnedAwayAsync(DoorHost host, Door door, bool byAddress)
    {
        switch (door)
        {
            case Door.Socket:
                await using (var third = await TcpLineClient.ConnectAsync(host.Host.EndPoint))
                {
                    await ShouldEndAsync(third);
                }

                break;
            case Door.WebSocket:
                await using (var third = await WebSocketClient.ConnectRawAsync(host.Host))
                {
                    third.Status.ShouldBe(byAddress ? "429" : "503");
                }

                break;
            default:
                await using (var third = await TcpLineClient.ConnectAsync(host.Sockhop))
                {
                    await ShouldEndAsync(third);
                }

                break;
        }
    }

    private static async Task ShouldEndAsync(TcpLineClient client)
    {
        try
        {
            (await client.ReadToEndAsync()).ShouldBeEmpty();
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }
}
