#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>What becomes of a request whose client goes, on every transport that HTTP may be on.</summary>
public sealed class WebClientGoneTests
{
    public static TheoryData<Under> Wires => [Under.Direct, Under.Tls, Under.Kestrel];

    [Theory, MemberData(nameof(Wires))]
    public async Task IsCancelled_WhenTheConnectionIsReset(Under under)
    {
        await using var host = await SocketHost.StartAsync(web: under);
        await using var client = await AskAsync(host);

        client.Reset();

        await host.Gate("one").Cancelled.WithinLimit();
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task IsCancelled_WhenTheConnectionIsClosed(Under under)
    {
        await using var host = await SocketHost.StartAsync(web: under);
        await using var client = await AskAsync(host);

        await client.DisposeAsync();

        await host.Gate("one").Cancelled.WithinLimit();
    }

    [Fact]
    public async Task IsAnswered_ThoughItsClientSendsNothingMore()
    {
        await using var host = await SocketHost.StartAsync(web: Under.Direct);
        await using var client = await TcpLineClient.ConnectAsync(EndPointOf(host));
        await client.SendAsync("GET /api/randomNumber HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await client.HalfCloseAsync();

        (await client.ReadLineAsync()).ShouldBe("HTTP/1.1 200 OK");
    }

    private static async Task<TcpLineClient> AskAsync(SocketHost host)
    {
        var client = await TcpLineClient.ConnectAsync(EndPointOf(host), host.WebTls);
        await client.SendAsync("GET /api/wait?gate=one HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await host.Gate("one").Entered.WithinLimit();
        return client;
    }

    private static IPEndPoint EndPointOf(SocketHost host) => new(IPAddress.Loopback, host.Http.BaseAddress!.Port);
}
