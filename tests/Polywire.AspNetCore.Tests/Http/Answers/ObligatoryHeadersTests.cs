#pragma warning disable xUnit1051 // Every wait is bounded by the host.
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>401, 405, 416, 426, 429 and 503 with the header that each of them has to have, wherever they are answered.</summary>
public sealed class ObligatoryHeadersTests
{
    private const string Upgrade = "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: ";

    public static TheoryData<string, string, string, int, string, string?> Places => new()
    {
        { "GET", "/api/unauthorized", "", 401, "www-authenticate", "Bearer" },
        { "HEAD", "/api/unauthorized", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/unauthorized?callback=f", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=401", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=401&as=text", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=401&as=bytes", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=401&as=nothing", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=401&with=WWW-Authenticate", "", 401, "www-authenticate", "own" },
        { "GET", "/primus?refuse=401", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=405", "", 405, "allow", "HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE" },
        { "GET", "/api/status?to=405&with=Allow", "", 405, "allow", "own" },
        { "POST", "/primus", Upgrade + "13", 405, "allow", "GET" },
        { "GET", "/primus?refuse=405", "", 405, "allow", null },
        { "GET", "/page.html", "Range: bytes=99-", 416, "content-range", "bytes */12" },
        { "GET", "/api/page", "Range: bytes=99-", 416, "content-range", "bytes */12" },
        { "GET", "/primus", "", 426, "upgrade", "websocket" },
        { "HEAD", "/primus", "", 426, "upgrade", "websocket" },
        { "GET", "/primus", "", 426, "connection", "close, Upgrade" },
        { "GET", "/primus", Upgrade + "12", 426, "upgrade", "websocket" },
        { "GET", "/primus", Upgrade + "12", 426, "sec-websocket-version", "13" },
        { "GET", "/primus", Upgrade + "13\nSec-WebSocket-Version: 12", 426, "sec-websocket-version", "13" },
        { "GET", "/primus?refuse=426", "", 426, "upgrade", "websocket" },
        { "GET", "/api/status?to=426", "", 426, "upgrade", "websocket" },
        { "GET", "/api/limited", "", 429, "retry-after", null },
        { "GET", "/api/status?to=429", "", 429, "retry-after", "5" },
        { "GET", "/api/status?to=429&with=Retry-After", "", 429, "retry-after", "own" },
        { "GET", "/primus?refuse=429", "", 429, "retry-after", "5" },
        { "GET", "/api/status?to=503", "", 503, "retry-after", "5" },
        { "GET", "/primus?refuse=503", "", 503, "retry-after", "5" },
        { "GET", "/api/status?to=401&as=file", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=401&as=pipe", "", 401, "www-authenticate", "Bearer" },
        { "GET", "/api/status?to=405&as=file", "", 405, "allow", null },
        { "GET", "/api/status?to=405&as=pipe", "", 405, "allow", null },
        { "GET", "/api/status?to=426&as=file", "", 426, "upgrade", "websocket" },
        { "GET", "/api/status?to=426&as=pipe", "", 426, "upgrade", "websocket" },
        { "GET", "/api/status?to=429&as=file", "", 429, "retry-after", "5" },
        { "GET", "/api/status?to=429&as=pipe", "", 429, "retry-after", "5" },
        { "GET", "/api/status?to=503&as=file", "", 503, "retry-after", "5" },
        { "GET", "/api/status?to=503&as=pipe", "", 503, "retry-after", "5" },
        { "GET", "/api/status?to=503&as=pipe&with=Retry-After", "", 503, "retry-after", "own" },
        { "HEAD", "/api/status?to=503&as=file", "", 503, "retry-after", "5" },
    };

    [Theory, MemberData(nameof(Places))]
    public async Task TheHeaderGoesWithTheStatus(string method, string target, string headers, int status, string name, string? value)
    {
        await using var host = await StartAsync();
        string[] lines = [.. headers.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

        // Byte for byte: what the client of the other tests says of its connection would stand beside the upgrade.
        var answer = RawAnswer.Parse(
            await ReadAsync(host, $"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(lines.Select(line => $"{line}\r\n"))}{(lines.Any(line => line.StartsWith("Connection", StringComparison.Ordinal)) ? "" : "Connection: close\r\n")}Content-Length: 0\r\n\r\n"),
            method == "HEAD");

        answer.Status.ShouldBe(status);
        answer[name].ShouldNotBeNull();
        if (value is not null)
        {
            answer[name].ShouldBe(value);
        }

        if (name == "upgrade")
        {
            answer["connection"].ShouldNotBeNull().ShouldContain("Upgrade");
        }
    }

    [Fact]
    public async Task OverHttp2ThereIsNoUpgrade()
    {
        await using var host = await StartAsync(HttpProtocols.Http2);
        using var client = new HttpClient { BaseAddress = host.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var answer = await client.GetAsync("/primus").WithinLimit();

        answer.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        answer.Headers.Contains("Upgrade").ShouldBeFalse();
        answer.Headers.Contains("Connection").ShouldBeFalse();
        answer.Headers.Contains("Sec-WebSocket-Version").ShouldBeFalse();
    }

    private static async Task<byte[]> ReadAsync(WebHost host, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request)).WithinLimit();
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer).WithinLimit();
        return answer.ToArray();
    }

    private static Task<WebHost> StartAsync(HttpProtocols protocols = HttpProtocols.Http1) => WebHost.StartAsync(
        add: (builder, polywire) =>
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = protocols));
            builder.Services.Configure<WebSocketServerOptions>(options => options.Authorize = context =>
                new ValueTask<WebSocketRefusal?>(context.Request.Query["refuse"] is [{ } status]
                    ? new WebSocketRefusal { Message = "no", StatusCode = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) }
                    : null));
            Map(polywire);
        });

    private static void Map(IPolywireBuilder polywire)
    {
        Add("unauthorized", _ => throw new ActionException("who?") { Status = ActionStatus.Unauthorized });
        Add("limited", _ => throw new ActionException("slowly") { Status = ActionStatus.RateLimited });
        Add("page", context => context.Result = ActionResult.File("page.html"));
        Add("status", context =>
        {
            context.Http!.StatusCode = int.Parse(context.Params.GetText("to")!, System.Globalization.CultureInfo.InvariantCulture);
            if (context.Params.GetText("with") is { } header)
            {
                context.Http.SetHeader(header, "own");
            }

            context.Result = context.Params.GetText("as") switch
            {
                "text" => ActionResult.Text("text"),
                "bytes" => ActionResult.Bytes(new byte[] { 1 }),
                "nothing" => ActionResult.NoContent,
                "file" => ActionResult.File("page.html"),
                "pipe" => Pipe(context),
                _ => null,
            };
        });

        static object? Pipe(ActionContext context)
        {
            var own = context.Params.GetText("with") is { } header ? new Dictionary<string, string> { [header] = "own" } : null;
            _ = context.Http!.PipeAsync(new MemoryStream([1]), own);
            return null;
        }

        void Add(string name, Action<ActionContext> run) =>
            polywire.MapDynamicAction(name, inputs => inputs.Optional("to").Optional("with").Optional("as"), (context, _) =>
            {
                run(context);
                return Task.CompletedTask;
            });
    }
}
