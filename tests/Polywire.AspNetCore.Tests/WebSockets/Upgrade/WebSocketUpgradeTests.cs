#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Tests.Http;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets.Upgrade;

/// <summary>The HTTP side; docs/protocol/websocket.md, "The endpoint" and "Upgrade".</summary>
public sealed class WebSocketUpgradeTests
{
    [Fact]
    public async Task AnswersWithTheProofOfTheKey()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        client.Answer.ShouldContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n");
        client.Answer.ShouldContain("Upgrade: websocket\n");
        client.Answer.ShouldNotContain("Sec-WebSocket-Protocol");
    }

    [Fact]
    public async Task KeepsWhatComesRightBehindTheRequest()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectRawAsync(host, behind: ClientFrame.Message("""{"event":"nope","messageId":7}"""));

        (await client.ReadAsync()).ShouldStartWith("{\"welcome\":");
        (await client.ReadAsync()).ShouldContain("\"messageId\":7");
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: one, two\r\n", "Sec-WebSocket-Protocol: one\n")]
    [InlineData("Sec-WebSocket-Protocol: only\r\n", "Sec-WebSocket-Protocol: only\n")]
    [InlineData("Sec-WebSocket-Protocol: , second\r\n", "Sec-WebSocket-Protocol: second\n")]
    public async Task TakesTheFirstSubProtocol(string headers, string answered)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host, headers: headers);

        client.Answer.ShouldContain(answered);
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "no key", "Sec-WebSocket-Version: 13\r\n", "400" },
        { "a short key", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvcnQ=\r\n", "400" },
        { "a key that is no base64", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==\r\n", "400" },
        { "two keys", $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {WebSocketClient.Key}\r\nSec-WebSocket-Key: {WebSocketClient.Key}\r\n", "400" },
        { "another version", $"Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: {WebSocketClient.Key}\r\n", "426" },
        { "no version", $"Sec-WebSocket-Key: {WebSocketClient.Key}\r\n", "426" },
        { "a body", $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {WebSocketClient.Key}\r\nContent-Length: 1\r\n", "400" },
        { "a sub-protocol that is none", $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {WebSocketClient.Key}\r\nSec-WebSocket-Protocol: a b\r\n", "400" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task RefusesABadHandshake(string name, string headers, string status)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.RequestAsync(
            host, $"GET /primus HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n{headers}\r\n");

        client.Status.ShouldBe(status, name);
        host.Connections.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/elsewhere", "websocket", "404")]
    [InlineData("GET", "/", "websocket", "404")]
    [InlineData("GET", "/primusfoo", "websocket", "404")]
    [InlineData("GET", "/api/randomNumber", "websocket", "404")]
    [InlineData("GET", "/primus", "h2c", "400")]
    [InlineData("POST", "/primus", "websocket", "405")]
    public async Task UpgradesNothingElse(string method, string path, string protocol, string status)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.RequestAsync(
            host,
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n" +
            $"Sec-WebSocket-Key: {WebSocketClient.Key}\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n");

        client.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("/primus/")]
    [InlineData("/primus/anything/below")]
    [InlineData("/primus?a=1")]
    public async Task TakesEverythingBelowThePath(string path)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host, path);
    }

    [Fact]
    public async Task IsNotThere_WhereItIsOff()
    {
        await using var host = await StartAsync(options => options.Enabled = false);
        await using var client = await WebSocketClient.ConnectRawAsync(host);

        client.Status.ShouldBe("404");
    }

    [Theory]
    [InlineData("", "101")]
    [InlineData("Origin: https://good.example\r\n", "101")]
    [InlineData("Origin: https://good.example:443\r\n", "101")]
    [InlineData("Origin: https://xn--mnchen-3ya.example\r\n", "101")]
    [InlineData("Origin: http://[::1]:81\r\n", "101")]
    [InlineData("Origin: http://[::2]:81\r\n", "403")]
    [InlineData("Origin: https://good.example:8443\r\n", "403")]
    [InlineData("Origin: http://good.example\r\n", "403")]
    [InlineData("Origin: https://good.example.evil.example\r\n", "403")]
    [InlineData("Origin: null\r\n", "403")]
    [InlineData("Origin: rubbish\r\n", "403")]
    [InlineData("Origin: capacitor://localhost\r\n", "101")]
    [InlineData("Origin: ionic://localhost\r\n", "101")]
    [InlineData("Origin: app://.\r\n", "101")]
    [InlineData("Origin: file://\r\n", "101")]
    [InlineData("Origin: capacitor://localhost.evil\r\n", "403")]
    [InlineData("Origin: capacitor://\r\n", "403")]
    [InlineData("Origin: app://..\r\n", "403")]
    [InlineData("Origin: files://\r\n", "403")]
    [InlineData("Origin: file://host\r\n", "403")]
    [InlineData("Origin: http://localhost\r\n", "403")]
    [InlineData("Origin:\r\n", "403")]
    [InlineData("Origin: http://xn--ü.de\r\n", "403")]
    [InlineData("Origin: https://good.example\r\nOrigin: https://evil.example\r\n", "403")]
    [InlineData("Origin: https://evil.example\r\nOrigin: https://good.example\r\n", "403")]
    [InlineData("Origin: https://good.example, https://evil.example\r\n", "403")]
    [InlineData("Origin: \r\nOrigin: https://evil.example\r\n", "403")]
    public async Task HoldsToTheListOfOrigins(string header, string status)
    {
        await using var host = await StartAsync(options =>
        {
            options.Origins.Add("https://good.example");
            options.Origins.Add("https://münchen.example");
            options.Origins.Add("http://[::1]:81");
            options.Origins.Add("capacitor://localhost");
            options.Origins.Add("Ionic://Localhost/");
            options.Origins.Add("app://.");
            options.Origins.Add("file://");
        });
        await using var client = await WebSocketClient.ConnectRawAsync(host, headers: header);

        client.Status.ShouldBe(status);
    }

    [Fact]
    public async Task AsksTheHookBeforeTheUpgrade()
    {
        await using var host = await StartAsync(options => options.Authorize = async http =>
        {
            await Task.Yield();
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("name", "ann")], "test"));
            return http.Request.Query["token"] == "good" ? null
                : http.Request.Query["token"] == "odd" ? throw new ActionException("not like that")
                : new WebSocketRefusal { Message = "not authorized", StatusCode = 418 };
        });

        await using (var good = await WebSocketClient.ConnectAsync(host, "/primus?token=good"))
        {
            host.Connections.All.Single().User.Identity!.IsAuthenticated.ShouldBeTrue();
        }

        await using var bad = await WebSocketClient.ConnectRawAsync(host, "/primus?token=bad");
        bad.Status.ShouldBe("418");
        Encoding.UTF8.GetString(await bad.Tcp.ReadToEndAsync()).ShouldBe("""{"error":"not authorized"}""");
        await using var odd = await WebSocketClient.ConnectRawAsync(host, "/primus?token=odd");
        odd.Status.ShouldBe("401");
        Encoding.UTF8.GetString(await odd.Tcp.ReadToEndAsync()).ShouldBe("""{"error":"not like that"}""");
    }

    [Fact]
    public async Task LetsNobodyIn_WhereTheHookFails()
    {
        await using var host = await StartAsync(options => options.Authorize = _ => throw new InvalidOperationException("secret words"));
        host.ExpectedErrors = entry => entry.Message.Contains("Authorize", StringComparison.Ordinal);
        await using var client = await WebSocketClient.ConnectRawAsync(host);

        client.Status.ShouldBe("500");
        Encoding.UTF8.GetString(await client.Tcp.ReadToEndAsync()).ShouldBe("""{"error":"internal error"}""");
    }

    [Fact]
    public async Task LimitsTheConnectionsOfOneAddress()
    {
        await using var host = await StartAsync(options => options.MaxConnectionsPerAddress = 2);
        await using var first = await WebSocketClient.ConnectAsync(host);
        await using (var second = await WebSocketClient.ConnectAsync(host))
        {
            await using var third = await WebSocketClient.ConnectRawAsync(host);
            third.Status.ShouldBe("429");
            await second.SendAsync(ClientFrame.Closing(1000));
            await second.ReadCloseAsync();
            await second.Tcp.ReadToEndAsync();
        }

        await host.WaitForConnectionsAsync(1);
        await using var fourth = await WebSocketClient.ConnectAsync(host);
    }

    [Theory]
    [InlineData("/primus?sessionID=abc", "", "abc")]
    [InlineData("/primus?sessionID=a%20b%2B", "", "a b+")]
    [InlineData("/primus?sessionID=first&sessionID=second", "", "first")]
    [InlineData("/primus?sessionID=query", "Cookie: sessionID=cookie\r\n", "query")]
    [InlineData("/primus", "Cookie: x=1; sessionID=cookie\r\n", "cookie")]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: http://localhost\r\n", "cookie")]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: http://localhost:80\r\n", "cookie")]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: https://named.example\r\n", "cookie")]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: http://evil.example\r\n", null)]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: http://localhost:81\r\n", null)]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: null\r\n", null)]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: http://xn--ü.de\r\n", null)]
    [InlineData("/primus?sessionID=", "", null)]
    [InlineData("/primus?sessionid=abc", "", null)]
    [InlineData("/primus?SESSIONID=other&sessionID=abc", "", "abc")]
    [InlineData("/primus?session%49D=abc", "", "abc")]
    [InlineData("/primus?sessionid=query", "Cookie: sessionID=cookie\r\n", "cookie")]
    [InlineData("/primus", "Cookie: sessionID=cookie\r\nOrigin: http://localhost\r\nOrigin: http://evil.example\r\n", null)]
    public async Task KnowsAClientAgain(string path, string headers, string? fingerprint)
    {
        await using var host = await StartAsync(options =>
        {
            options.Origins.Add("*");
            options.Origins.Add("https://named.example");
        });
        await using var client = await WebSocketClient.ConnectAsync(host, path, headers);

        var connection = host.Connections.All.Single();
        connection.Fingerprint.ShouldBe(fingerprint ?? connection.Id);
    }

    [Fact]
    public async Task IgnoresAFingerprintThatIsTooLong()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host, "/primus?sessionID=" + new string('x', 257));

        var connection = host.Connections.All.Single();
        connection.Fingerprint.ShouldBe(connection.Id);
    }

    [Theory]
    [InlineData("localhost", "", "101")]
    [InlineData("evil.example", "", "302")]
    [InlineData("localhost", "X-Forwarded-Proto: https\r\n", "302")]
    [InlineData("secure.example", "", "302")]
    [InlineData("secure.example", "X-Forwarded-Proto: https\r\n", "101")]
    [InlineData("secure.example", "X-Forwarded-Proto: wss\r\n", "101")]
    [InlineData("localhost", "X-Forwarded-Proto: ws\r\n", "101")]
    public async Task HoldsToTheHostsOfTheWebServer(string name, string headers, string status)
    {
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) => builder.Services.Configure<WebOptions>(web =>
        {
            web.AllowedRequestHosts.Add("http://localhost");
            web.AllowedRequestHosts.Add("https://secure.example");
        }));
        await using var client = await WebSocketClient.RequestAsync(
            host,
            $"GET /primus?a=1 HTTP/1.1\r\nHost: {name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Key: {WebSocketClient.Key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n");

        client.Status.ShouldBe(status);
        client.Answer.Contains("Location: http://localhost/primus?a=1\n", StringComparison.Ordinal).ShouldBe(status == "302");
    }

    [Fact]
    public async Task StandsBehindAPathBase()
    {
        await using var host = await WebHost.StartAsync(map: (app, _) =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
        });
        await using var client = await WebSocketClient.ConnectRawAsync(host.Address, "/base/primus");

        client.Status.ShouldBe("101");
        WebHost.Json(await host.GetAsync("/base/primus/spec")).GetProperty("pathname").GetString().ShouldBe("/base/primus");
        WebHost.Json(await host.GetAsync("/primus/spec")).GetProperty("pathname").GetString().ShouldBe("/primus");
    }

    [Fact]
    public async Task AHeadThatDoesNotEnd_EndsTheConnection()
    {
        // Kestrel measures it with the machine's clock, whatever the application's is; so the limit is a short one here.
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) =>
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(100)));
        await using var tcp = await TcpLineClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, host.Http.BaseAddress!.Port));

        await tcp.SendAsync(Encoding.ASCII.GetBytes("GET /primus HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"));

        Encoding.ASCII.GetString(await tcp.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 408 ");
        await using var other = await SocketHost.StartAsync();
        other.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.RequestHeadersTimeout.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task TellsWhatItSpeaks()
    {
        await using var host = await StartAsync(options => options.PingInterval = TimeSpan.FromSeconds(20));

        (await host.Http.GetStringAsync("/primus/spec")).ShouldBe(
            """{"pingInterval":20000,"pathname":"/primus","version":"8.0.9","parser":"json","transformer":"websockets"}""");
        (await host.Http.GetAsync("/primus/primus.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var other = await host.Http.GetAsync("/primus");
        other.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        (await other.Content.ReadAsStringAsync()).ShouldBe("Upgrade Required");
        other.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/primus/spec?a=1", HttpStatusCode.OK)]
    [InlineData("/PRIMUS/Spec", HttpStatusCode.OK)]
    [InlineData("/primus/spec/", HttpStatusCode.UpgradeRequired)]
    [InlineData("/primus//spec", HttpStatusCode.UpgradeRequired)]
    [InlineData("/primus/specs", HttpStatusCode.UpgradeRequired)]
    public async Task TellsSoOnOnePath(string path, HttpStatusCode status)
    {
        await using var host = await StartAsync();

        (await host.Http.GetAsync(path)).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task LetsOnlyThoseItNamesSendCredentials()
    {
        await using var host = await StartAsync(options => options.Origins.Add("https://named.example"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/primus");
        request.Headers.Add("Origin", "https://named.example");

        var answer = await host.Http.SendAsync(request);

        answer.Headers.GetValues("Access-Control-Allow-Credentials").ShouldBe(["true"]);
    }

    [Theory]
    [InlineData("http://ü.de")]
    [InlineData("http://xn--ü.de")]
    public async Task RefusesOriginsThatNoBrowserSends(string origin)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.RequestAsync(host, $"GET /primus/spec HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\n\r\n");

        client.Status.ShouldBe("403");
    }

    [Theory]
    [InlineData("GET", "http://other.example", null, HttpStatusCode.UpgradeRequired, "http://other.example", null)]
    [InlineData("GET", "https://named.example", null, HttpStatusCode.UpgradeRequired, "https://named.example", null)]
    [InlineData("OPTIONS", "http://other.example", "POST", HttpStatusCode.OK, "http://other.example", null)]
    [InlineData("OPTIONS", "http://other.example", "PATCH", HttpStatusCode.OK, "http://other.example", null)]
    [InlineData("PATCH", "http://other.example", null, HttpStatusCode.Forbidden, null, null)]
    [InlineData("GET", "", null, HttpStatusCode.Forbidden, null, null)]
    [InlineData("GET", "a%b", null, HttpStatusCode.Forbidden, null, null)]
    [InlineData("GET", "no-scheme", null, HttpStatusCode.Forbidden, null, null)]
    public async Task SharesAcrossOrigins(
        string method, string origin, string? asked, HttpStatusCode status, string? allowed, string? credentials)
    {
        await using var host = await StartAsync(options =>
        {
            options.Origins.Add("*");
            options.Origins.Add("https://named.example");
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), "/primus");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (asked is not null)
        {
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", asked);
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "x-one");
        }

        var answer = await host.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(status);
        Header("Access-Control-Allow-Origin").ShouldBe(allowed);
        Header("Access-Control-Allow-Credentials").ShouldBe(credentials);
        Header("Access-Control-Allow-Headers").ShouldBe(asked is null ? null : "x-one");

        string? Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
    }

    private static Task<SocketHost> StartAsync(Action<WebSocketServerOptions>? configure = null) =>
        SocketHost.StartAsync(more: (_, builder, _) => builder.Services.Configure<WebSocketServerOptions>(options => configure?.Invoke(options)));
}
