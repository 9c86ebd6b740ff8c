using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Http;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>Whose user a connection has, by the page that opened it; docs/protocol/websocket.md, "Origins".</summary>
public sealed class WebSocketUserTests
{
    [Theory]
    [InlineData("/primus", "COOKIE", "ada")]
    [InlineData("/primus", "COOKIE|Origin: http://localhost", "ada")]
    [InlineData("/primus", "COOKIE|Origin: http://localhost:80", "ada")]
    [InlineData("/primus", "COOKIE|Origin: https://named.example", "ada")]
    [InlineData("/primus", "COOKIE|Origin: capacitor://localhost", "ada")]
    [InlineData("/primus", "COOKIE|Origin: https://localhost", null)]
    [InlineData("/primus", "COOKIE|Origin: http://localhost:81", null)]
    [InlineData("/primus", "COOKIE|Origin: http://named.example", null)]
    [InlineData("/primus", "COOKIE|Origin: https://named.example:8443", null)]
    [InlineData("/primus", "COOKIE|Origin: http://evil.example", null)]
    [InlineData("/primus", "COOKIE|Origin: http://localhost.evil.example", null)]
    [InlineData("/primus", "COOKIE|Origin: null", null)]
    [InlineData("/primus", "COOKIE|Origin: ionic://localhost", null)]
    [InlineData("/primus", "COOKIE|Origin: rubbish", null)]
    [InlineData("/primus", "COOKIE|Origin:", null)]
    [InlineData("/primus", "COOKIE|Origin: http://localhost|Origin: http://evil.example", null)]
    [InlineData("/primus", "COOKIE|Origin: https://localhost|X-Forwarded-Proto: https", "ada")]
    [InlineData("/primus", "COOKIE|Origin: http://localhost|X-Forwarded-Proto: https", null)]
    [InlineData("/primus", "COOKIE|Origin: http://public.example|X-Forwarded-Host: public.example", null)]
    [InlineData("/primus?access_token=eve", "Origin: http://evil.example", "eve")]
    [InlineData("/primus?access_token=eve", "COOKIE|Origin: http://evil.example", "eve")]
    [InlineData("/primus?access_token=eve", "Origin: null", "eve")]
    [InlineData("/primus?access_token=eve", "", "eve")]
    [InlineData("/primus", "Origin: http://evil.example", null)]
    public async Task TheUserOfACookieCountsForTheSameOriginAndNamedOnes(string path, string headers, string? user)
    {
        await using var host = await StartAsync();
        var cookie = $"Cookie: sessionID=mine; {TestLogin.CookieOf(host.Services, "ada")}";
        var sent = string.Concat(headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => $"{(header == "COOKIE" ? cookie : header)}\r\n"));

        await using var client = await WebSocketClient.ConnectAsync(host, path, sent);

        var connection = host.Connections.All.Single();
        connection.User?.Identity?.Name.ShouldBe(user);
        (connection.Fingerprint == "mine").ShouldBe(user == "ada");
    }

    [Fact]
    public async Task TheHookSeesNoCookiesOfAForeignPage()
    {
        var seen = new List<int>();
        await using var host = await StartAsync(options => options.Authorize = http =>
        {
            seen.Add(http.Request.Headers.Cookie.Count);
            return default;
        });

        await using var own = await WebSocketClient.ConnectAsync(host, "/primus", "Cookie: sessionID=mine\r\nOrigin: http://localhost\r\n");
        await using var foreign = await WebSocketClient.ConnectAsync(host, "/primus", "Cookie: sessionID=mine\r\nOrigin: http://evil.example\r\n");

        seen.ShouldBe([1, 0]);
    }

    private static Task<SocketHost> StartAsync(Action<WebSocketServerOptions>? set = null) => SocketHost.StartAsync(more: (_, builder, _) =>
    {
        TestLogin.Add(builder);
        builder.Services.Configure<WebSocketServerOptions>(options =>
        {
            foreach (var origin in (string[])["*", "https://named.example", "capacitor://localhost", "null"])
            {
                options.Origins.Add(origin);
            }

            set?.Invoke(options);
        });
    });
}
