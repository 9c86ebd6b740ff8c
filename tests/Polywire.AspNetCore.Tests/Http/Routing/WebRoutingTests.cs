#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Routing;

/// <summary>Which action or file answers a request.</summary>
public sealed class WebRoutingTests(WebRoutingTests.Shared shared) : IClassFixture<WebRoutingTests.Shared>
{
    private const string Unknown = "unknown action or invalid apiVersion";

    [Theory]
    [InlineData("GET", "/api/echo", "/echo"), InlineData("GET", "/api/ECHO/", "/echo"), InlineData("DELETE", "/api/echo", "/echo"), InlineData("GET", "//api/echo", "/echo")]
    [InlineData("GET", "/api/users/5", "/users/:id"), InlineData("HEAD", "/api/users/5", null), InlineData("GET", "/api?action=echo", null)]
    [InlineData("PROPFIND", "/api?action=echo", null), InlineData("GET", "/api/echo?action=other", "/echo"), InlineData("GET", "/api/users/5?action=other", "/users/:id")]
    [InlineData("GET", "/api/late/1", "/late/{id}"), InlineData("GET", "/api/declared/7", "/declared/{id}")]
    public async Task FindsTheAction(string method, string target, string? route)
    {
        var answer = await shared.Host.SendAsync(method, target);

        answer.Status.ShouldBe(200);
        if (method != "HEAD")
        {
            WebHost.Json(answer).GetProperty("matchedRoute").GetString().ShouldBe(route);
        }
    }

    [Theory]
    [InlineData("GET", "/api"), InlineData("GET", "/api/"), InlineData("GET", "/api/nope"), InlineData("GET", "/api//echo"), InlineData("GET", "/api/echo/more")]
    [InlineData("POST", "/api/users/5"), InlineData("PROPFIND", "/api/echo"), InlineData("GET", "/api?action=ECHO"), InlineData("GET", "/api?action=echo&action=echo")]
    [InlineData("GET", "/api?action=constructor"), InlineData("GET", "/api/echo?apiVersion=constructor"), InlineData("GET", "/api/echo?apiVersion=2")]
    [InlineData("GET", "/api/%65cho"), InlineData("GET", "/api/broken")]
    public async Task TellsThatThereIsNoSuchAction(string method, string target)
    {
        var answer = await shared.Host.SendAsync(method, target);

        answer.Status.ShouldBe(404);
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe(Unknown);
    }

    [Theory]
    [InlineData("/api/v1", 1), InlineData("/api/v2", 2), InlineData("/api/v1?apiVersion=2", 2), InlineData("/api/v1?apiVersion=", 1), InlineData("/api/versioned", 2)]
    [InlineData("/api/old", 1)]
    public async Task RunsTheVersionOfTheRoute_UnlessTheClientAsks(string target, int version) =>
        WebHost.Json(await shared.Host.GetAsync(target)).GetProperty("version").GetInt32().ShouldBe(version);

    [Theory]
    [InlineData("/api/users/a%20b+c%2Fd?id=7&a=1", "a b c/d"), InlineData("/api/users/%C3%A9", "é"), InlineData("/api/users/%E2%82%AC", "€")]
    [InlineData("/api/users/%ZZ", null), InlineData("/api/users/%ff", null), InlineData("/api/users/%ZZ?id=7", "7"), InlineData("/api/users/%2525", "%25")]
    public async Task GivesVariablesTheirDecodedText(string target, string? id)
    {
        var parameters = WebHost.Json(await shared.Host.GetAsync(target)).GetProperty("params");

        (parameters.TryGetProperty("id", out var value) ? value.GetString() : null).ShouldBe(id);
    }

    [Fact]
    public async Task LetsTheRouteWinOverBodyAndQuery()
    {
        var answer = WebHost.Json(await shared.Host.PostAsync("/api/people/5?id=7&a=q&b=q", """{"id":9,"a":1,"action":"other"}"""));

        answer.GetProperty("params").GetProperty("id").GetString().ShouldBe("5");
        answer.GetProperty("params").GetProperty("a").GetInt32().ShouldBe(1);
        answer.GetProperty("params").GetProperty("b").GetString().ShouldBe("q");
        answer.GetProperty("requesterInformation").GetProperty("receivedParams").GetProperty("action").GetString().ShouldBe("echo");
    }

    [Fact]
    public async Task TakesTheActionFromTheBody() =>
        WebHost.Json(await shared.Host.PostAsync("/api", """{"action":"other"}""")).GetProperty("other").GetBoolean().ShouldBeTrue();

    [Theory]
    [InlineData("/notes/note.txt", 200, "a note\n"), InlineData("/api/notes/note.txt", 200, "a note\n"), InlineData("/notes", 200, "shared index\n")]
    [InlineData("/notes/", 200, "shared index\n"), InlineData("/NOTES/note.txt", 200, "a note\n"), InlineData("/notes/../outside.txt", 404, "That file is not found")]
    [InlineData("/notes/..%2foutside.txt", 404, "That file is not found"), InlineData("/public/notes/note.txt", 404, "That file is not found")]
    [InlineData("/single", 200, "shared index\n"), InlineData("/single/note.txt", 404, "That file is not found")]
    [InlineData("/page.html", 200, "<p>page</p>\n"), InlineData("/public/page.html", 200, "<p>page</p>\n"), InlineData("/", 200, "<h1>index</h1>\n")]
    [InlineData("/?action=echo", 200, "<h1>index</h1>\n"), InlineData("/echo", 404, "That file is not found"), InlineData("/users/5", 404, "That file is not found")]
    public async Task ServesFilesAndFolders(string target, int status, string text)
    {
        var answer = await shared.Host.GetAsync(target);

        (answer.Status, answer.Text).ShouldBe((status, text));
    }

    [Fact]
    public async Task ServesFilesForEveryMethod()
    {
        foreach (var method in (string[])["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
        {
            (await shared.Host.SendAsync(method, "/page.html")).Text.ShouldBe("<p>page</p>\n", method);
        }
    }

    [Theory, InlineData("/api/echo"), InlineData("/nowhere"), InlineData("/"), InlineData("*"), InlineData("/page.html"), InlineData("/api/users/5")]
    public async Task AnswersOptionsEverywhere(string target)
    {
        var answer = await shared.Host.SendAsync("OPTIONS", target);

        answer.Status.ShouldBe(200);
        answer.Body.ShouldBeEmpty();
        answer["content-length"].ShouldBe("0");
        answer["access-control-allow-methods"].ShouldBe("HEAD, GET, POST, PUT, PATCH, DELETE, OPTIONS, TRACE");
        answer["content-type"].ShouldBe("application/json; charset=utf-8");
        answer["allow"].ShouldBeNull();
    }

    [Fact]
    public async Task AnswersTraceWithWhoAsks_AndRunsNothing()
    {
        var answer = WebHost.Json(await shared.Host.SendAsync("TRACE", "/api/echo?a=1&zzz=2", "X-Secret: no"));

        answer.EnumerateObject().Select(property => property.Name).ShouldBe(["id", "fingerprint", "messageId", "remoteIP", "receivedParams"]);
        answer.GetProperty("receivedParams").GetRawText().ShouldNotContain("zzz");
        answer.GetRawText().ShouldNotContain("X-Secret");
    }

    [Fact]
    public async Task ClosesTheConnection_ForConnect() => (await shared.Host.RawAsync("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n")).Status.ShouldBeOneOf(0, 400, 405);

    [Fact]
    public async Task SendsTheHeadersOfEveryAnswer()
    {
        foreach (var target in (string[])["/api/echo", "/api/nope", "/page.html", "/nope.html"])
        {
            var answer = await shared.Host.GetAsync(target);
            answer["access-control-allow-origin"].ShouldBe("*");
            answer["access-control-allow-headers"].ShouldBe("Content-Type");
            answer["strict-transport-security"].ShouldBe("max-age=31536000; includeSubDomains");
            answer["x-powered-by"].ShouldBe("polywire");
            answer["server"].ShouldBeNull();
            answer["set-cookie"]!.ShouldStartWith("sessionID=");
        }
    }

    [Fact]
    public async Task TellsTheExtension() => WebHost.Json(await shared.Host.GetAsync("/api/users/5.json?x=y.z")).GetProperty("extension").GetString().ShouldBe("json");

    [Fact]
    public async Task WarnsOfARouteToNowhere() =>
        shared.Host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("/broken", StringComparison.Ordinal));

    [Fact]
    public async Task LetsTheQueryWin_WhereAsked()
    {
        await using var host = await WebHost.StartAsync(web => web.RouteOverQuery = false, Routes);

        WebHost.Json(await host.GetAsync("/api/users/5?action=other")).GetProperty("other").GetBoolean().ShouldBeTrue();
        WebHost.Json(await host.PostAsync("/api/people/5", """{"action":"other"}""")).GetProperty("other").GetBoolean().ShouldBeTrue();
        WebHost.Json(await host.GetAsync("/api/users/5?action=nope")).GetProperty("matchedRoute").GetString().ShouldBe("/users/:id");
        WebHost.Json(await host.GetAsync("/api/users/5")).GetProperty("params").GetProperty("id").GetString().ShouldBe("5");
    }

    [Fact]
    public async Task DoesNotLookAtTheParamAction_WhereQueryRoutingIsOff()
    {
        await using var host = await WebHost.StartAsync(web => web.QueryRouting = false, Routes);

        foreach (var answer in (RawAnswer[])[await host.GetAsync("/api?action=echo"), await host.PostAsync("/api", """{"action":"echo"}""")])
        {
            answer.Status.ShouldBe(404);
            WebHost.Json(answer).GetProperty("requesterInformation").GetProperty("receivedParams").TryGetProperty("action", out _).ShouldBeFalse();
        }

        (await host.GetAsync("/api/users/5?action=other")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task HasNoRoutesOfNames_WhereSimpleRoutingIsOff()
    {
        await using var host = await WebHost.StartAsync(web => web.SimpleRouting = false, Routes);

        (await host.GetAsync("/api/echo")).Status.ShouldBe(404);
        (await host.GetAsync("/api/users/5")).Status.ShouldBe(200);
        (await host.GetAsync("/api?action=echo")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task MayPutActionsAtTheRoot()
    {
        await using var host = await WebHost.StartAsync(web => (web.RootEndpointType, web.UrlPathForActions) = ("api", null), Routes);

        (await host.GetAsync("/echo")).Status.ShouldBe(200);
        (await host.GetAsync("/api/echo")).Status.ShouldBe(404);
        (await host.GetAsync("/?action=echo")).Status.ShouldBe(200);
        (await host.GetAsync("/")).Status.ShouldBe(404);
        (await host.GetAsync("/notes/note.txt")).Text.ShouldBe("a note\n");
        (await host.GetAsync("/public/page.html")).Text.ShouldBe("<p>page</p>\n");
    }

    [Theory]
    [InlineData("/x/:id([)", "does not compile"), InlineData("/x/{id:int}", "more than a name")]
    public async Task StopsTheStart_OnARouteItDoesNotUnderstand(string path, string why)
    {
        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => WebHost.StartAsync(add: (_, polywire) => polywire.AddRoutes(routes => routes.Get(path, "echo"))));

        refusal.Message.ShouldContain(path);
        refusal.Message.ShouldContain(why);
    }

    [Fact]
    public async Task ServesNothing_WhereItIsOff()
    {
        await using var host = await WebHost.StartAsync(web => web.Enabled = false, map: (app, _) => app.MapGet("/own", () => "own"));

        (await host.GetAsync("/own")).Text.ShouldBe("own");
        (await host.GetAsync("/api/echo")).Status.ShouldBe(404);
        (await host.GetAsync("/page.html")).Body.ShouldBeEmpty();
    }

    private static void Routes(WebApplicationBuilder builder, IPolywireBuilder polywire) =>
        polywire.AddRoutes(routes => routes
            .Get("/users/:id", "echo")
            .Post("/people/:id", "echo")
            .Get("/old", "versioned", apiVersion: "1")
            .Get("/broken", "notThere")
            .Folder(RouteMethods.Get, "/notes", "shared")
            .Folder(RouteMethods.Get, "/single", "shared", matchTrailingPathParts: false));

    /// <summary>One host with routes of every kind.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private WebHost? _host;

        internal WebHost Host => _host!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            _host = await WebHost.StartAsync(add: (builder, polywire) =>
            {
                Routes(builder, polywire);
                polywire.MapDynamicAction("declared", inputs => inputs.Optional("id"), (context, _) =>
                {
                    context.Response["matchedRoute"] = context.Http!.MatchedRoute!.Path;
                    return Task.CompletedTask;
                }).WithRoute(RouteMethods.Get, "/declared/{id}");
            });
            _host.Services.GetRequiredService<WebRoutes>().Get("/late/{id}", "echo");
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }
}
