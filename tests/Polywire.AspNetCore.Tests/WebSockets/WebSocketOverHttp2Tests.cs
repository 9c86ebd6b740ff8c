#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>Streams of HTTP/2 that speak WebSocket (RFC 8441), with the framework's client; docs/protocol/websocket.md, "Upgrade".</summary>
public sealed class WebSocketOverHttp2Tests
{
    [Fact]
    public async Task ServesSeveralOnOneConnection()
    {
        await using var host = await StartAsync();
        using var invoker = Invoker(host);
        using var first = await ConnectAsync(host, invoker);
        using var second = await ConnectAsync(host, invoker);

        (await ReadAsync(first)).ShouldStartWith("{\"welcome\":");
        (await ReadAsync(second)).ShouldStartWith("{\"welcome\":");
        await SendAsync(first, """{"event":"roomAdd","room":"defaultRoom","messageId":1}""");
        (await ReadAsync(first)).ShouldContain("\"messageId\":1");
        await SendAsync(second, """{"event":"action","params":{"action":"randomNumber"},"messageId":2}""");
        (await ReadAsync(second)).ShouldContain("\"value\":");

        await first.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default).WithinLimit();
        await host.WaitForConnectionsAsync(1);
        await SendAsync(second, """{"event":"detailsView","messageId":3}""");
        (await ReadAsync(second)).ShouldContain("\"messageId\":3");
    }

    [Fact]
    public async Task CarriesMessagesLargerThanAWindowBothWays()
    {
        await using var host = await StartAsync();
        using var invoker = Invoker(host);
        using var client = await ConnectAsync(host, invoker);
        await ReadAsync(client);
        var text = new string('x', 200_000);

        await SendAsync(client, $$"""{"event":"nothing like it","text":"{{text}}","messageId":1}""");

        (await ReadAsync(client)).ShouldContain(text);
    }

    [Fact]
    public async Task SaysGoodbye_WhereTheHostStops()
    {
        await using var host = await StartAsync();
        using var invoker = Invoker(host);
        using var client = await ConnectAsync(host, invoker);
        await ReadAsync(client);

        var stopping = host.StopAsync();

        await ReadAsync(client);
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default).WithinLimit();
        await stopping.WithinLimit();
    }

    [Theory]
    [InlineData("/primus", "websocket", "13", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("/primus?refuse", "websocket", "13", null, HttpStatusCode.Unauthorized)]
    [InlineData("/primus", "websocket", "7", null, HttpStatusCode.UpgradeRequired)]
    [InlineData("/primus", "other", "13", null, HttpStatusCode.BadRequest)]
    [InlineData("/elsewhere", "websocket", "13", null, HttpStatusCode.NotFound)]
    public async Task RefusesWhatItRefusesAsAnUpgrade(string path, string protocol, string version, string? origin, HttpStatusCode status)
    {
        await using var host = await StartAsync(options =>
        {
            options.Origins.Add("https://good.example");
            options.Authorize = http => new(http.Request.QueryString.HasValue ? new WebSocketRefusal { Message = "not today" } : null);
        });
        using var invoker = Invoker(host);
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(host.Http.BaseAddress!, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Protocol = protocol;
        request.Headers.Add("Sec-WebSocket-Version", version);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await invoker.SendAsync(request, default).WithinLimit();

        answer.StatusCode.ShouldBe(status);
        host.Connections.Count.ShouldBe(0);
    }

    private static Task<SocketHost> StartAsync(Action<WebSocketServerOptions>? configure = null) =>
        SocketHost.StartAsync(
            more: (_, builder, _) => builder.Services.Configure<WebSocketServerOptions>(options => configure?.Invoke(options)), web: Under.Tls);

    private static HttpMessageInvoker Invoker(SocketHost host) =>
        new(new SocketsHttpHandler { SslOptions = host.WebTls!, EnableMultipleHttp2Connections = false });

    private static async Task<ClientWebSocket> ConnectAsync(SocketHost host, HttpMessageInvoker invoker)
    {
        var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var address = new UriBuilder(host.Http.BaseAddress!) { Scheme = "wss", Path = "/primus" };
        await client.ConnectAsync(address.Uri, invoker, default).WithinLimit();
        return client;
    }

    private static Task SendAsync(ClientWebSocket client, string message) =>
        client.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, default).WithinLimit();

    private static async Task<string> ReadAsync(ClientWebSocket client)
    {
        var message = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult part;
        do
        {
            part = await client.ReceiveAsync(buffer, default).WithinLimit();
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return Encoding.UTF8.GetString(message.ToArray());
    }
}
