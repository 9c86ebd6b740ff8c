#pragma warning disable xUnit1051 // Every wait is bounded by the clients.
using System.Net.Security;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>What a client told when it connected, as middleware and actions see it on each door.</summary>
public sealed class HandshakeTests : IDisposable
{
    private const string WhoAmI = """{"event":"action","params":{"action":"whoami"}}""";

    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _authority = TestCertificates.Authority();
    private readonly TestCertificate _server;
    private readonly TestCertificate _client;

    public HandshakeTests()
    {
        _server = TestCertificates.Server(_authority);
        _client = TestCertificates.Client(_authority, "ada");
    }

    [Fact]
    public async Task MiddlewareKnowsATlsClientByItsCertificate()
    {
        await using var host = await StartAsync();
        await using var known = await host.ConnectAsync(Tls(_client));
        await using var unknown = await host.ConnectAsync(Tls());

        (await known.AskJsonAsync("whoami")).Text("who").ShouldBe("CN=ada, TLS, localhost");
        (await unknown.AskJsonAsync("whoami")).Text("who").ShouldBe(", TLS, localhost");
    }

    [Fact]
    public async Task MiddlewareKnowsAWebSocketByItsCertificate()
    {
        await using var host = await StartAsync();
        await using var known = await WebSocketClient.ConnectRawAsync(host.Http.BaseAddress!, tls: Tls(_client));
        await using var unknown = await WebSocketClient.ConnectRawAsync(host.Http.BaseAddress!, tls: Tls());

        (await WhoAsync(known)).ShouldBe("CN=ada, TLS, localhost");
        (await WhoAsync(unknown)).ShouldBe(", TLS, localhost");
    }

    [Fact]
    public async Task MiddlewareKnowsAWebClientByItsCertificate()
    {
        await using var host = await StartAsync();

        (await WhoAsync(host, Tls(_client))).ShouldBe("CN=ada, TLS, localhost");
        (await WhoAsync(host, Tls())).ShouldBe(", TLS, localhost");
    }

    [Fact]
    public async Task TellsNothingOfTheVisitor_WhereAForeignPageConnects()
    {
        await using var host = await StartAsync();
        const string headers = "Cookie: a=b\r\nAuthorization: Basic eDp5\r\nX-Tenant: t\r\nOrigin: https://evil.example\r\n";
        await using var foreign = await WebSocketClient.ConnectRawAsync(host.Http.BaseAddress!, headers: headers, tls: Tls(_client));
        await using var proxied = await WebSocketClient.ConnectRawAsync(
            host.Http.BaseAddress!, headers: headers + "X-Forwarded-Host: evil.example\r\n", tls: Tls(_client));

        (await WhoAsync(foreign)).ShouldBe(", TLS, localhost");
        (await WhoAsync(proxied)).ShouldBe(", TLS, localhost");
        Seen(host).Handshakes.ShouldBe(["t,,,", "t,,,"]);
    }

    [Fact]
    public async Task MiddlewareReadsHeadersAndQueryOfAnUpgrade()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectRawAsync(
            host.Http.BaseAddress!, "/primus?token=a%20b&Token=c&token=d", "X-Tenant: t\r\nx-tenant: u\r\nCookie: a=b\r\n", tls: Tls());
        await WhoAsync(client);

        Seen(host).Handshakes.ShouldBe(["t,u,a=b,,a b"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task KeepsHeadersAndQueryOfAnUpgrade_WhereItIsToldTo(bool keeps)
    {
        await using var host = await StartAsync(keeps);
        await using var client = await WebSocketClient.ConnectRawAsync(host.Http.BaseAddress!, "/primus?token=t", "X-Tenant: t\r\n", tls: Tls());
        await WhoAsync(client);

        var handshake = host.Connections.All.Single().Handshake;
        if (keeps)
        {
            (handshake.GetHeader("x-tenant"), handshake.GetQuery("token"), handshake.GetHeader("x-other"), handshake.GetQuery("Token")).ShouldBe(("t", "t", null, null));
        }
        else
        {
            Should.Throw<InvalidOperationException>(() => handshake.GetHeader("x-tenant")).Message.ShouldContain("KeepHandshake");
            Should.Throw<InvalidOperationException>(() => handshake.GetQuery("token"));
        }
    }

    [Fact]
    public async Task ActionsReadHeadersAndQueryOfARequest()
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.MapDynamicAction("told", _ => { }, (context, _) =>
        {
            var told = context.Connection.Handshake;
            context.Response["told"] = $"{told.GetHeader("x-tenant")},{told.GetQuery("token")},{told.GetHeader("x-other")},{told.GetQuery("Token")},{told.ServerName},{told.TlsProtocol}";
            return Task.CompletedTask;
        }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/told?token=a%20b");
        request.Headers.Add("X-Tenant", "t");
        using var answer = await host.Http.SendAsync(request);

        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("told").GetString().ShouldBe("t,a b,,,,None");
    }

    [Fact]
    public async Task IsEmpty_WhereAConnectionHasNone()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await host.ConnectAsync();

        host.Connections.All.Single().Handshake.ShouldBeSameAs(ConnectionHandshake.None);
        ConnectionHandshake.None.GetHeader("host").ShouldBeNull();
        ConnectionHandshake.None.GetQuery("a").ShouldBeNull();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private static Watch Seen(SocketHost host) => host.Services.GetRequiredService<Watch>();

    private static async Task<string?> WhoAsync(WebSocketClient client)
    {
        client.Answer.ShouldStartWith("HTTP/1.1 101 ");
        await client.ReadJsonAsync();
        using var answer = JsonDocument.Parse(await client.AskAsync(WhoAmI));
        return answer.RootElement.GetProperty("who").GetString();
    }

    private static async Task<string?> WhoAsync(SocketHost host, SslClientAuthenticationOptions tls)
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = tls }) { Timeout = Within.Limit };
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri($"https://localhost:{host.Http.BaseAddress!.Port}/api/whoami")));
        return answer.RootElement.GetProperty("who").GetString();
    }

    private SslClientAuthenticationOptions Tls(TestCertificate? client = null) => TestCertificates.Trusting(_authority, client);

    private Task<SocketHost> StartAsync(bool keeps = false)
    {
        var (certificate, key) = _server.WriteTo(_folder);
        return SocketHost.StartAsync(
            socket =>
            {
                (socket.Certificate.Path, socket.Certificate.KeyPath) = (certificate, key);
                (socket.ClientCertificate.Request, socket.ClientCertificate.RejectUnauthorized) = (true, false);
            },
            more: (_, builder, polywire) =>
            {
                builder.Services.Configure<WebOptions>(web =>
                    (web.Secure, web.Certificate.Path, web.Certificate.KeyPath) = (true, certificate, key));
                builder.Services.Configure<WebSocketServerOptions>(options => options.KeepHandshake = keeps);
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                }));
                builder.Services.AddSingleton<Watch>();
                polywire.UseConnectionMiddleware<Watch>();
                polywire.MapDynamicAction("whoami", _ => { }, (context, _) =>
                {
                    var told = context.Connection.Handshake;
                    context.Response["who"] = $"{context.User.Identity?.Name}, {(told.TlsProtocol == default ? "plain" : "TLS")}, {told.ServerName}";
                    return Task.CompletedTask;
                });
            },
            web: Under.Direct);
    }

    private sealed class Watch : IConnectionMiddleware
    {
        public List<string> Handshakes { get; } = [];

        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken)
        {
            var told = connection.Handshake;
            if (told.ClientCertificate is { } certificate)
            {
                connection.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, certificate.Subject)], "Certificate"));
            }

            if (told.GetHeader("X-Tenant") is { } tenant)
            {
                Handshakes.Add($"{tenant},{told.GetHeader("cookie")},{told.GetHeader("Authorization")},{told.GetQuery("token")}");
            }

            return default;
        }
    }
}
