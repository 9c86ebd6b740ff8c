using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Tests.Http;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets.Client;

public sealed class ClientFilesTests
{
    private const string Script = "text/javascript; charset=utf-8";

    [Theory]
    [InlineData("polywireClient.js", Script)]
    [InlineData("polywireClient.min.js", Script)]
    [InlineData("polywireClient.mjs", Script)]
    [InlineData("polywireClient.d.ts", "application/typescript; charset=utf-8")]
    [InlineData("actionheroClient.js", Script)]
    [InlineData("actionheroClient.min.js", Script)]
    [InlineData("ActionheroWebsocketClient.js", Script)]
    [InlineData("ActionheroWebsocketClient.min.js", Script)]
    public async Task ServesEveryFileUnderEveryNameThatPagesLoad(string name, string type)
    {
        await using var host = await WebHost.StartAsync();

        var answer = await host.GetAsync($"/public/javascript/{name}");

        answer.Status.ShouldBe(200);
        answer["content-type"].ShouldBe(type);
        answer.Text.ShouldContain("PolywireClient");
        answer["etag"].ShouldNotBeNull().ShouldStartWith("W/\"");
    }

    [Theory]
    [InlineData("actionheroClient.mjs")]
    [InlineData("actionheroClient.d.ts")]
    [InlineData("POLYWIRECLIENT.JS")]
    [InlineData("polywireClient")]
    [InlineData("../javascript")]
    public async Task ServesNothingElse(string name)
    {
        await using var host = await WebHost.StartAsync();

        (await host.GetAsync($"/public/javascript/{name}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task TheFilesAreTheBuiltOnes_ButForTheSettings()
    {
        await using var host = await WebHost.StartAsync();
        var folder = Path.Combine(Repository.Root, "clients", "typescript", "dist");

        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var served = (await host.GetAsync($"/public/javascript/{Path.GetFileName(path)}")).Text;
            var parts = (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Split("{}/*polywire:options*/");

            served.ShouldStartWith(parts[0]);
            served.ShouldEndWith(parts[^1]);
        }
    }

    [Fact]
    public async Task TellsTheClientWhereTheServerIsAndWhatItExpects()
    {
        await using var host = await WebHost.StartAsync();

        var settings = SettingsIn((await host.GetAsync("/public/javascript/polywireClient.mjs")).Text);

        settings.ToString().ShouldBe(
            """{"path":"/primus","apiPath":"/api","cookieKey":"sessionID","pingTimeout":45000,"reconnect":{"min":500,"max":30000,"factor":2,"retries":10}}""");
    }

    [Fact]
    public async Task TellsTheClientWhatTheSettingsSay()
    {
        await using var host = await WebHost.StartAsync(
            web => (web.UrlPathForActions, web.FingerprintOptions.CookieKey) = ("v1/api", "who"),
            (builder, _) => builder.Services.Configure<WebSocketServerOptions>(options =>
            {
                options.Path = "live";
                options.PingInterval = TimeSpan.FromSeconds(10);
                options.ClientUrl = "https://www.example.com/";
                options.Client.Timeout = TimeSpan.FromSeconds(3);
                options.Client.RequestTimeout = TimeSpan.FromSeconds(4);
                options.Client.Rejoin = options.Client.Fallback = options.Client.Reconnect.Enabled = false;
                options.Client.QueueSize = 7;
            }));

        var settings = SettingsIn((await host.GetAsync("/public/javascript/polywireClient.js")).Text);

        settings.ToString().ShouldBe(
            """{"url":"https://www.example.com","path":"/live","apiPath":"/v1/api","cookieKey":"who","pingTimeout":15000,"timeout":3000,"requestTimeout":4000,"rejoin":false,"fallback":false,"queueSize":7,"reconnect":false}""");
    }

    [Fact]
    public async Task NothingInTheSettingsEndsAScript()
    {
        const string Hostile = "</script>\u2028\u2029\"'&<!--";
        await using var host = await WebHost.StartAsync(add: (builder, _) =>
            builder.Services.Configure<WebSocketServerOptions>(options => options.Client.CookieKey = Hostile));

        var text = (await host.GetAsync("/public/javascript/polywireClient.js")).Text;

        SettingsIn(text).GetProperty("cookieKey").GetString().ShouldBe(Hostile);
        text.ShouldNotContain("</script");
        text.ShouldNotContain("\u2028");
        text.ShouldNotContain("<!--");
    }

    [Theory]
    [InlineData("window.location.origin")]
    [InlineData("")]
    public async Task ThePagesOwnOriginIsTheClientsDefault(string url)
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) =>
            builder.Services.Configure<WebSocketServerOptions>(options => options.ClientUrl = url));

        SettingsIn((await host.GetAsync("/public/javascript/polywireClient.js")).Text).TryGetProperty("url", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task AFileOfTheSameNameInAPublicFolderWins()
    {
        await using var host = await WebHost.StartAsync();
        host.Folder.Write("public/javascript/ActionheroWebsocketClient.js", "mine\n");

        (await host.GetAsync("/public/javascript/ActionheroWebsocketClient.js")).Text.ShouldBe("mine\n");
        (await host.GetAsync("/public/javascript/polywireClient.js")).Text.ShouldContain("PolywireClient");
    }

    [Fact]
    public async Task NamesAndFolderAreSettings()
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) => builder.Services.Configure<WebSocketServerOptions>(options =>
        {
            options.ClientJsPath = "/lib/js/";
            options.ClientJsName = "wire";
            options.ClientJsAliases = ["old"];
        }));

        foreach (var name in (string[])["wire.js", "wire.min.js", "wire.mjs", "wire.d.ts", "old.js", "old.min.js"])
        {
            (await host.GetAsync($"/public/lib/js/{name}")).Status.ShouldBe(200, name);
        }

        (await host.GetAsync("/public/lib/js/actionheroClient.js")).Status.ShouldBe(404);
        (await host.GetAsync("/public/javascript/polywireClient.js")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task ThereAreNoFiles_WithoutANameOrWithoutWebSockets()
    {
        foreach (var change in (Action<WebSocketServerOptions>[])[o => o.ClientJsName = null, o => o.ClientJsName = "", o => o.Enabled = false])
        {
            await using var host = await WebHost.StartAsync(add: (builder, _) => builder.Services.Configure(change));

            (await host.GetAsync("/public/javascript/polywireClient.js")).Status.ShouldBe(404);
            (await host.GetAsync("/public/javascript/actionheroClient.js")).Status.ShouldBe(404);
        }
    }

    [Fact]
    public async Task AClientThatHasItIsToldSo()
    {
        await using var host = await WebHost.StartAsync();
        var first = await host.GetAsync("/public/javascript/polywireClient.js");

        var second = await host.GetAsync("/public/javascript/polywireClient.js", $"If-None-Match: {first["etag"]}");

        second.Status.ShouldBe(304);
        second.Body.ShouldBeEmpty();
        second["etag"].ShouldBe(first["etag"]);
    }

    [Fact]
    public async Task TheTagChangesWithTheSettingsAndNotWithTheStart()
    {
        var tags = new List<string?>();
        foreach (var path in (string[])["/primus", "/primus", "/live"])
        {
            await using var host = await WebHost.StartAsync(add: (builder, _) =>
                builder.Services.Configure<WebSocketServerOptions>(options => options.Path = path));
            tags.Add((await host.GetAsync("/public/javascript/polywireClient.js"))["etag"]);
        }

        tags[1].ShouldBe(tags[0]);
        tags[2].ShouldNotBe(tags[0]);
    }

    [Fact]
    public async Task WithoutEntityTagsADateSaysWhatIsKnown()
    {
        await using var host = await WebHost.StartAsync(web => web.EnableEtag = false);
        var first = await host.GetAsync("/public/javascript/polywireClient.js");

        first["etag"].ShouldBeNull();
        (await host.GetAsync("/public/javascript/polywireClient.js", $"If-Modified-Since: {first["last-modified"]}")).Status.ShouldBe(304);
    }

    [Fact]
    public async Task HeadersAndPartsAreThoseOfAFile()
    {
        await using var host = await WebHost.StartAsync();
        var whole = await host.GetAsync("/public/javascript/polywireClient.js");

        var head = await host.SendAsync("HEAD", "/public/javascript/polywireClient.js");
        var part = await host.GetAsync("/public/javascript/polywireClient.js", "Range: bytes=10-19");
        var beyond = await host.GetAsync("/public/javascript/polywireClient.js", "Range: bytes=9999999-");

        head.Body.ShouldBeEmpty();
        head["content-length"].ShouldBe(whole["content-length"]);
        (part.Status, part["content-range"]).ShouldBe((206, $"bytes 10-19/{whole.Body.Length}"));
        part.Body.ShouldBe(whole.Body[10..20]);
        (beyond.Status, beyond["content-range"]).ShouldBe((416, $"bytes */{whole.Body.Length}"));
        whole["cache-control"].ShouldBe("max-age=60, must-revalidate, private");
    }

    [Fact]
    public async Task IsCompressedWhereFilesAre()
    {
        await using var host = await WebHost.StartAsync(web => web.Compress = true);
        var plain = await host.GetAsync("/public/javascript/polywireClient.min.js");

        var coded = await host.GetAsync("/public/javascript/polywireClient.min.js", "Accept-Encoding: gzip");

        coded["content-encoding"].ShouldBe("gzip");
        coded.Body.Length.ShouldBeLessThan(6 * 1024);
        using var stream = new GZipStream(new MemoryStream(coded.Body), CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(plain.Text);
    }

    [Theory]
    [InlineData("ClientJsName", "a/b")]
    [InlineData("ClientJsName", "..")]
    [InlineData("ClientJsPath", "../javascript")]
    [InlineData("ClientJsPath", "a//b")]
    [InlineData("ClientJsAliases:0", "")]
    [InlineData("PingInterval", "00:00:00.009")]
    [InlineData("PingInterval", "-00:00:01")]
    [InlineData("PingInterval", "1.00:00:01")]
    [InlineData("ClientUrl", "window.location.href")]
    [InlineData("ClientUrl", "https://www.example.com/path")]
    [InlineData("Client:Timeout", "2.00:00:00")]
    [InlineData("Client:QueueSize", "-1")]
    [InlineData("Client:Reconnect:Min", "00:00:00")]
    [InlineData("Client:Reconnect:Max", "00:00:00.1")]
    [InlineData("Client:Reconnect:Factor", "0.5")]
    [InlineData("Client:Reconnect:Retries", "-1")]
    public async Task ABadSettingStopsTheStartByName(string name, string value)
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() => WebHost.StartAsync(add: (builder, _) =>
            builder.Configuration[$"Polywire:WebSocket:{name}"] = value));

        failure.Message.ShouldContain($"Polywire:WebSocket:{name} is");
    }

    [Theory]
    [InlineData("client:strategy", 1)]
    [InlineData("Client:Transport", 1)]
    [InlineData("client:ping", 1)]
    [InlineData("server:parser", 1)]
    [InlineData("Transformer", 1)]
    [InlineData("server:timeout", 1)]
    [InlineData("server:maxLength", 1)]
    [InlineData("server:pingInterval", 1)]
    [InlineData("client:url", 1)]
    [InlineData("client:manual", 1)]
    [InlineData("client:reconnect:reconnect timeout", 1)]
    [InlineData("client:reconnect:max", 0)]
    [InlineData("Client:Rejoin", 0)]
    [InlineData("Client:Timeout", 0)]
    [InlineData("PingInterval", 0)]
    public async Task ASettingWithoutEffectIsNamedAtTheStart(string name, int warnings)
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) =>
            builder.Configuration[$"Polywire:WebSocket:{name}"] = name.EndsWith("Rejoin", StringComparison.Ordinal) ? "true" : "00:00:05");

        host.Logs.GetSnapshot()
            .Count(entry => entry.Level == LogLevel.Warning
                && entry.Message.Equals($"The setting Polywire:WebSocket:{name} has no effect", StringComparison.OrdinalIgnoreCase))
            .ShouldBe(warnings);
        host.Logs.GetSnapshot().Count(entry => entry.Message.EndsWith("has no effect", StringComparison.Ordinal)).ShouldBe(warnings);
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("Authorize")]
    [InlineData("server:authorization")]
    public async Task AnAuthorizationInTheConfiguration_IsNamedAtTheStart(string name)
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) => builder.Configuration[$"Polywire:WebSocket:{name}"] = "check");

        host.Logs.GetSnapshot().Single(entry => entry.Id.Id == ServerEventIds.SettingWithoutEffect).Message.ShouldBe(
            $"The setting Polywire:WebSocket:{name} has no effect: WebSocketServerOptions.Authorize is set in code");
    }

    [Fact]
    public async Task FormerPlacesHaveTheirEffect_UnlessTheSettingItselfIsThere()
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Polywire:WebSocket:server:pathname"] = "/ws",
            ["Polywire:WebSocket:server:origins:0"] = "https://a.example",
        }));
        await using var other = await WebHost.StartAsync(add: (builder, _) => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Polywire:WebSocket:Path"] = "/mine",
            ["Polywire:WebSocket:pathname"] = "/ws",
            ["Polywire:WebSocket:server:pathname"] = "/ws",
            ["Polywire:WebSocket:Origins:0"] = "https://b.example",
            ["Polywire:WebSocket:server:origins:0"] = "https://a.example",
        }));

        var options = host.Services.GetRequiredService<IOptions<WebSocketServerOptions>>().Value;
        (options.Path, options.Origins.Single()).ShouldBe(("/ws", "https://a.example"));
        host.Logs.GetSnapshot().ShouldNotContain(entry => entry.Id.Id == ServerEventIds.SettingWithoutEffect);
        options = other.Services.GetRequiredService<IOptions<WebSocketServerOptions>>().Value;
        (options.Path, options.Origins.Single()).ShouldBe(("/mine", "https://b.example"));
        other.Logs.GetSnapshot().Count(entry => entry.Id.Id == ServerEventIds.SettingWithoutEffect).ShouldBe(3);
    }

    [Fact]
    public async Task AClientBehindAPathBaseIsToldSo()
    {
        await using var host = await WebHost.StartAsync(map: (app, _) =>
        {
            app.UsePathBase("/a base");
            app.UseRouting();
        });
        var plain = await host.GetAsync("/public/javascript/polywireClient.mjs");

        var based = await host.GetAsync("/a%20base/public/javascript/polywireClient.mjs");

        based.Text.ShouldContain("""{"path":"/a%20base/primus","apiPath":"/a%20base/api",""");
        based["etag"].ShouldNotBe(plain["etag"]);
        (await host.GetAsync("/a%20base/public/javascript/polywireClient.mjs", $"If-None-Match: {based["etag"]}")).Status.ShouldBe(304);
        (await host.GetAsync("/a%20base/public/javascript/polywireClient.mjs", $"If-None-Match: {plain["etag"]}")).Status.ShouldBe(200);
    }

    private static JsonElement SettingsIn(string script)
    {
        // Where the build has its empty object.
        var at = script.IndexOf("{\"path\":", StringComparison.Ordinal);
        at = at < 0 ? script.IndexOf("{\"url\":", StringComparison.Ordinal) : at;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(script[at..]), new JsonReaderOptions { AllowMultipleValues = true });
        return JsonElement.ParseValue(ref reader);
    }
}
