using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.LiveView;
using Polywire.AspNetCore.Tests.Http;
using Polywire.Cluster;
using Polywire.TestSupport;
using Polywire.TestSupport.Faults;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.LiveView;

public sealed class LiveViewTests
{
    [Theory]
    [InlineData("", "text/html; charset=utf-8")]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/live.css", "text/css; charset=utf-8")]
    [InlineData("/live.js", "text/javascript; charset=utf-8")]
    [InlineData("/client.mjs", "text/javascript; charset=utf-8")]
    public async Task ShowsThePageToTheMachineItselfInDevelopment(string file, string type)
    {
        await using var host = await StartAsync();

        var answer = await host.GetAsync($"/polywire/live{file}");

        (answer.Status, answer["content-type"]).ShouldBe((200, type));
        answer["cache-control"].ShouldBe("no-store");
        answer["content-security-policy"].ShouldNotBeNull().ShouldContain("frame-ancestors 'none'");
        answer["access-control-allow-origin"].ShouldBeNull();
        answer.Text.ShouldNotContain("{path}");
    }

    [Fact]
    public async Task StandsBehindAPathBase()
    {
        await using var host = await StartAsync(map: (app, _) =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
        });

        var page = (await host.GetAsync("/base/polywire/live")).Text;

        page.ShouldContain("href=\"/base/polywire/live/live.css\"");
        page.ShouldContain("src=\"/base/polywire/live/live.js\"");
        (await host.GetAsync("/base/polywire/live/client.mjs")).Text.ShouldContain("{\"path\":\"/base/primus\"");
    }

    [Fact]
    public async Task IsNotThereUnlessItIsAdded()
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) => builder.Environment.EnvironmentName = Environments.Development);

        (await host.GetAsync("/polywire/live")).Status.ShouldBe(404);
        (await host.GetAsync("/api/polywire:watch")).Text.ShouldContain("unknown action");
    }

    [Fact]
    public async Task IsNotThereOutsideDevelopment()
    {
        await using var host = await StartAsync(Environments.Production);

        await NothingAsync(host);
    }

    [Theory]
    [InlineData("X-Forwarded-For: 203.0.113.9")]
    [InlineData("X-Real-IP: 127.0.0.1")]
    [InlineData("Forwarded: for=127.0.0.1")]
    [InlineData("X-Forwarded-Host: localhost"), InlineData("X-Forwarded-Proto: http"), InlineData("X-Forwarded-Port: 80"), InlineData("X-Forwarded-Server: a")]
    [InlineData("X-Forwarded-Prefix: /"), InlineData("x-forwarded: for"), InlineData("X-Forwarded-By: a"), InlineData("Via: 1.1 a"), InlineData("via:")]
    [InlineData("X-Client-IP: 127.0.0.1"), InlineData("True-Client-IP: 127.0.0.1"), InlineData("X-Cluster-Client-IP: 127.0.0.1"), InlineData("CF-Connecting-IP: 127.0.0.1")]
    [InlineData("CF-Ray: 1"), InlineData("Fastly-Client-IP: 127.0.0.1"), InlineData("X-Original-For: 127.0.0.1:1"), InlineData("X-Original-URL: /"), InlineData("X-ARR-ClientCert: a")]
    [InlineData("X-Envoy-External-Address: 127.0.0.1"), InlineData("X-Amzn-Trace-Id: 1"), InlineData("CDN-Loop: a"), InlineData("Proxy-Connection: close"), InlineData("X-Azure-ClientIP: 1")]
    [InlineData("Origin: http://evil.example"), InlineData("Origin: null"), InlineData("Referer: http://evil.example/"), InlineData("Referer: rubbish")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    public async Task IsNotThereForARequestThatCameThroughAProxyOrFromAnotherSite(string header)
    {
        await using var host = await StartAsync();

        await NothingAsync(host, header);
    }

    [Theory]
    [InlineData("evil.example", 404)]
    [InlineData("localhost.evil.example", 404)]
    [InlineData("203.0.113.9", 404)]
    [InlineData("localhost:8080", 200)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    public async Task IsNotThereUnderANameThatSomebodyElseMadePointHere(string name, int status)
    {
        await using var host = await StartAsync();

        (await host.RawAsync($"GET /polywire/live/token HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n")).Status.ShouldBe(status);
    }

    [Theory, InlineData("1.1", 200), InlineData("1.0", 404)]
    public async Task IsNotThereForHttp10_WhichOnlyProxiesStillSpeak(string version, int status)
    {
        await using var host = await StartAsync();

        (await host.RawAsync($"GET /polywire/live/token HTTP/{version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")).Status.ShouldBe(status);
    }

    [Theory, InlineData("Referer: http://localhost:1/x"), InlineData("Origin: http://127.0.0.1:5"), InlineData("Accept: text/html")]
    public async Task IsThereForPagesOfTheMachine(string header)
    {
        await using var host = await StartAsync();

        (await host.GetAsync("/polywire/live/token", header)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task WhoMayLookIsASetting()
    {
        await using var host = await StartAsync(
            Environments.Production, options => options.Authorize = http => new ValueTask<bool>(http.Request.Headers["X-Key"] == "right"));

        (await host.GetAsync("/polywire/live", "X-Key: right")).Status.ShouldBe(200);
        await NothingAsync(host, "X-Key: wrong");
    }

    [Fact]
    public async Task ThePathIsASetting()
    {
        await using var host = await StartAsync(configure: options => options.Path = "ops/now/");

        (await host.GetAsync("/ops/now")).Text.ShouldContain("\"/ops/now/live.js\"");
        (await host.GetAsync("/polywire/live")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task CanBeSwitchedOff()
    {
        await using var host = await StartAsync(configure: options => options.Enabled = false);

        await NothingAsync(host);
    }

    [Theory]
    [InlineData("Path", "/")]
    [InlineData("Interval", "00:00:00.05")]
    [InlineData("MaxRows", "0")]
    public async Task ABadSettingStopsTheStartByName(string name, string value)
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() => WebHost.StartAsync(add: (builder, polywire) =>
        {
            builder.Configuration[$"Polywire:LiveView:{name}"] = value;
            polywire.AddLiveView();
        }));

        failure.Message.ShouldContain($"Polywire:LiveView:{name} is");
    }

    [Fact]
    public async Task TellsWhatGoesOnToThoseWhoShowAToken()
    {
        await using var host = await StartAsync(add: polywire => polywire.AddRooms("lobby"));
        using var busy = await ConnectAsync(host);
        using var page = await ConnectAsync(host);
        await busy.AskAsync("""{"event":"roomAdd","room":"lobby","messageId":"r"}""");

        var answer = await page.AskAsync(Watch(await TokenAsync(host)));

        answer.GetProperty("interval").GetInt32().ShouldBe(100);
        JsonElement now;
        do
        {
            await busy.AskAsync("""{"event":"action","params":{"action":"echo"},"messageId":"e"}""");
            now = await page.NextAsync(IsSnapshot);
        }
        while (now.GetProperty("actionsTotal").GetInt32() == 0);

        now.GetProperty("connectionsTotal").GetInt32().ShouldBe(2);
        now.GetProperty("rooms").EnumerateArray().Single(room => room.GetProperty("name").GetString() == "lobby").GetProperty("members").GetInt32().ShouldBe(1);
        var action = now.GetProperty("actions").EnumerateArray().Single(row => row.GetProperty("name").GetString() == "echo");
        action.GetProperty("runs").GetInt32().ShouldBeGreaterThan(0);
        action.GetProperty("errors").GetInt32().ShouldBe(0);
        action.GetProperty("max").GetDouble().ShouldBeGreaterThan(0);
        var transport = now.GetProperty("transports").EnumerateArray().Single();
        (transport.GetProperty("type").GetString(), transport.GetProperty("connections").GetInt32()).ShouldBe(("websocket", 2));
        now.GetProperty("connections").EnumerateArray().Count().ShouldBe(2);
    }

    [Fact]
    public async Task ShowsAsManyRowsAsTheSettingSays_AndCountsTheRest()
    {
        await using var host = await StartAsync(configure: options => options.MaxRows = 1, add: polywire => polywire.AddRooms("a", "b", "c"));
        using var other = await ConnectAsync(host);
        using var page = await ConnectAsync(host);
        await page.AskAsync(Watch(await TokenAsync(host)));

        var now = await page.NextAsync(IsSnapshot);

        (now.GetProperty("connections").GetArrayLength(), now.GetProperty("connectionsTotal").GetInt32()).ShouldBe((1, 2));
        (now.GetProperty("rooms").GetArrayLength(), now.GetProperty("roomsTotal").GetInt32()).ShouldBe((1, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.x")]
    [InlineData("99999999999999.AAAA")]
    public async Task WithoutAGoodTokenNobodyLooks(string token)
    {
        await using var host = await StartAsync();
        using var page = await ConnectAsync(host);

        (await page.AskAsync(Watch(token))).TryGetProperty("error", out _).ShouldBeTrue();

        host.Services.GetRequiredService<LiveWatchers>().Present().ShouldBeEmpty();
    }

    [Fact]
    public async Task TheApplicationsRoomMiddleware_HasNoPartInIt()
    {
        await using var host = await StartAsync(add: polywire => polywire.UseRoomMiddleware<Closed>());
        using var page = await ConnectAsync(host);

        (await page.AskAsync(Watch(await TokenAsync(host)))).TryGetProperty("error", out _).ShouldBeFalse();

        (await page.NextAsync(IsSnapshot)).GetProperty("roomsTotal").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task NothingIsMeasuredWhileNobodyLooks()
    {
        await using var host = await StartAsync();
        var watchers = host.Services.GetRequiredService<LiveWatchers>();
        using (var page = await ConnectAsync(host))
        {
            watchers.Present().ShouldBeEmpty();
            await page.AskAsync(Watch(await TokenAsync(host)));
            await page.AskAsync(Watch(await TokenAsync(host)));
            watchers.Present().Count.ShouldBe(1);
        }

        await host.Logs.WaitForAsync(_ => watchers.Present().Count == 0, Within.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ACancelledStore_DoesNotEndTheHost()
    {
        FaultyRoomStore? store = null;
        await using var host = await StartAsync(add: polywire => polywire.Services.AddSingleton<IRoomStore>(services =>
            store = new FaultyRoomStore(ActivatorUtilities.CreateInstance<InProcessRoomStore>(services))));
        using var page = await ConnectAsync(host);
        await page.AskAsync(Watch(await TokenAsync(host)));

        store!.Faults.Fail(nameof(IRoomStore.RoomsAsync), new OperationCanceledException("the store gave up"));
        await host.Logs.WaitForAsync(log => log.Message == "The live view could not be told", Within.Limit, TestContext.Current.CancellationToken);
        store.Faults.Heal();

        await page.NextAsync(IsSnapshot);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task TheActionIsInNoDocumentation()
    {
        await using var host = await StartAsync(web: options => options.OpenApiPath = "/openapi.json");

        (await host.GetAsync("/openapi.json")).Text.ShouldNotContain("polywire:watch");
        (await host.GetAsync("/api/showDocumentation")).Text.ShouldNotContain("polywire:watch");
    }

    private static Task<WebHost> StartAsync(
        string? environment = null,
        Action<LiveViewOptions>? configure = null,
        Action<IPolywireBuilder>? add = null,
        Action<WebOptions>? web = null,
        Action<WebApplication, WebHost>? map = null) =>
        WebHost.StartAsync(
            web,
            (builder, polywire) =>
            {
                builder.Environment.EnvironmentName = environment ?? Environments.Development;
                polywire.AddLiveView(options =>
                {
                    options.Interval = TimeSpan.FromMilliseconds(100);
                    configure?.Invoke(options);
                });
                add?.Invoke(polywire);
            },
            map);

    private static async Task NothingAsync(WebHost host, params string[] headers)
    {
        foreach (var file in (string[])["", "/live.js", "/token"])
        {
            var answer = await host.GetAsync($"/polywire/live{file}", headers);
            answer.Status.ShouldBe(404, file);
            answer.Text.ShouldNotContain("Polywire");
        }
    }

    private static async Task<string> TokenAsync(WebHost host) => (await host.GetAsync("/polywire/live/token")).Text;

    private static string Watch(string token) => $$"""{"event":"action","params":{"action":"polywire:watch","token":"{{token}}"},"messageId":"w"}""";

    private static bool IsSnapshot(JsonElement message) => message.GetProperty("context").GetString() == "polywire:live";

    private static async Task<Page> ConnectAsync(WebHost host)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{host.Address.Port}/primus"), default).WithinLimit();
        return new Page(socket);
    }

    private sealed class Closed : IRoomMiddleware
    {
        public ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) => throw new ActionException("closed");

        public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) => new(MessageVerdict.Drop);
    }

    private sealed class Page(ClientWebSocket socket) : IDisposable
    {
        private readonly byte[] _buffer = new byte[64 * 1024];

        public async Task<JsonElement> AskAsync(string message)
        {
            var id = JsonDocument.Parse(message).RootElement.GetProperty("messageId").GetString();
            await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, default).WithinLimit();
            return await NextAsync(answer => answer.TryGetProperty("messageId", out var of) && of.GetString() == id);
        }

        public async Task<JsonElement> NextAsync(Func<JsonElement, bool> fits)
        {
            while (true)
            {
                var length = 0;
                WebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(new ArraySegment<byte>(_buffer, length, _buffer.Length - length), default).WithinLimit();
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                part.MessageType.ShouldBe(WebSocketMessageType.Text);
                var message = JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
                if (message.ValueKind == JsonValueKind.Object && fits(message))
                {
                    return message;
                }
            }
        }

        public void Dispose() => socket.Dispose();
    }
}
