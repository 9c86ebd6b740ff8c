#pragma warning disable xUnit1051 // Every wait is bounded by the host.
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http.Answers;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>What caches that serve many people may keep: never an answer with somebody's session in it.</summary>
public sealed class SharedCachesTests
{
    private const string Public = "max-age=60, must-revalidate, public";
    private const string Private = "max-age=60, must-revalidate, private";

    [Theory]
    [InlineData("public", "private")]
    [InlineData("max-age=60, PUBLIC , must-revalidate", "max-age=60, private, must-revalidate")]
    [InlineData("public, s-maxage=600, max-age=5", "private, max-age=5")]
    [InlineData("max-age=5", "max-age=5, private")]
    [InlineData("no-cache", "no-cache, private")]
    [InlineData("no-store", "no-store")]
    [InlineData("private", "private")]
    [InlineData("private, public", "private")]
    [InlineData("private=\"set-cookie, public\", max-age=5", "private=\"set-cookie, public\", max-age=5, private")]
    [InlineData("x=\"public\"", "x=\"public\", private")]
    [InlineData("republic, xpublic=1", "republic, xpublic=1, private")]
    [InlineData(",, public ,,", "private")]
    public void TurnsDirectivesIntoThoseOfOneVisitor(string given, string right) => SharedCaches.MakePrivate(given).ShouldBe(right);

    [Theory]
    [InlineData("/page.html")]
    [InlineData("/public/page.html")]
    [InlineData("/")]
    [InlineData("/public/javascript/polywireClient.js")]
    [InlineData("/api/sendFile")]
    public async Task AFileIsPrivate_WhereASessionBeginsWithIt(string target)
    {
        await using var host = await StartAsync();

        foreach (var method in (string[])["GET", "HEAD", "POST"])
        {
            var first = await host.SendAsync(method, target, "Content-Length: 0");
            first.Status.ShouldBe(200, target);
            first["set-cookie"].ShouldNotBeNull().ShouldContain("sessionID=");
            first["cache-control"].ShouldBe(Private);
            var known = await host.SendAsync(method, target, "Content-Length: 0", "Cookie: sessionID=abc");
            known["set-cookie"].ShouldBeNull();
            known["cache-control"].ShouldBe(Public);
        }

        var tag = (await host.GetAsync(target))["etag"];
        var again = await host.GetAsync(target, $"If-None-Match: {tag}");
        (again.Status, again["cache-control"]).ShouldBe((304, Private));
        again["set-cookie"].ShouldNotBeNull();
        (await host.GetAsync(target, $"If-None-Match: {tag}", "Cookie: sessionID=abc"))["cache-control"].ShouldBe(Public);
        (await host.GetAsync(target, "Range: bytes=0-1"))["cache-control"].ShouldBe(Private);
        (await host.GetAsync(target, "Cookie: sessionID=abc", "Authorization: Bearer x"))["cache-control"].ShouldBe(Private);
    }

    [Fact]
    public async Task AFileIsPrivate_WhereSomebodyIsLoggedIn()
    {
        await using var host = await StartAsync(loggedIn: true);

        (await host.GetAsync("/page.html", "Cookie: sessionID=abc"))["cache-control"].ShouldBe(Private);
        (await host.GetAsync("/api/sendFile", "Cookie: sessionID=abc"))["cache-control"].ShouldBe(Private);
    }

    [Theory]
    [InlineData("cached?with=public,%20max-age=5", "private, max-age=5", "public, max-age=5")]
    [InlineData("cached?with=s-maxage=5", "private", "s-maxage=5")]
    [InlineData("cached?with=no-store", "no-store", "no-store")]
    [InlineData("cached?with=max-age=5,public&file=1", "max-age=5, private", "max-age=5,public")]
    [InlineData("expires", "private", null)]
    [InlineData("echo", null, null)]
    public async Task AnActionsAnswerIsPrivate_WhereASessionBeginsWithIt(string target, string? first, string? known)
    {
        await using var host = await StartAsync();

        (await host.GetAsync($"/api/{target}"))["cache-control"].ShouldBe(first);
        (await host.GetAsync($"/api/{target}", "Cookie: sessionID=abc"))["cache-control"].ShouldBe(known);
    }

    [Theory]
    [InlineData("CDN-Cache-Control")]
    [InlineData("Surrogate-Control")]
    public async Task NoOtherHeaderLetsThemKeepIt(string name)
    {
        await using var host = await StartAsync();

        (await host.GetAsync($"/api/cached?with=max-age=5&name={name}"))[name.ToLowerInvariant()].ShouldBeNull();
        (await host.GetAsync($"/api/cached?with=max-age=5&name={name}", "Cookie: sessionID=abc"))[name.ToLowerInvariant()].ShouldBe("max-age=5");
    }

    [Theory]
    [InlineData(201, Public)]
    [InlineData(401, null)]
    [InlineData(404, null)]
    [InlineData(503, null)]
    public async Task APageThatTellsOfAnErrorIsNotKept(int status, string? cacheControl)
    {
        await using var host = await StartAsync();

        var answer = await host.GetAsync($"/api/sendFile?status={status}", "Cookie: sessionID=abc");

        (answer.Status, answer["cache-control"]).ShouldBe((status, cacheControl));
        (answer["etag"] is null).ShouldBe(cacheControl is null);
    }

    [Fact]
    public async Task WithoutASessionEverythingIsAsItWas()
    {
        await using var host = await StartAsync(web: web => web.FingerprintOptions.ToSetCookie = false);

        (await host.GetAsync("/page.html"))["cache-control"].ShouldBe(Public);
        (await host.GetAsync("/api/cached?with=public"))["cache-control"].ShouldBe("public");
    }

    private static Task<WebHost> StartAsync(bool loggedIn = false, Action<WebOptions>? web = null) => WebHost.StartAsync(
        web: web,
        add: (_, polywire) =>
        {
            polywire.MapDynamicAction("sendFile", inputs => inputs.Optional("status"), (context, _) =>
            {
                if (context.Params.GetText("status") is { } status)
                {
                    context.Http!.StatusCode = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
                }

                context.Result = ActionResult.File("page.html");
                return Task.CompletedTask;
            });
            polywire.MapDynamicAction("cached", inputs => inputs.Required("with").Optional("file").Optional("name"), (context, _) =>
            {
                context.Http!.SetHeader(context.Params.GetText("name") ?? "Cache-Control", context.Params.GetText("with")!);
                context.Result = context.Params.GetText("file") is null ? null : ActionResult.File("page.html");
                return Task.CompletedTask;
            });
            polywire.MapDynamicAction("expires", _ => { }, (context, _) =>
            {
                context.Http!.SetHeader("Expires", "Thu, 02 Jan 2020 03:04:05 GMT");
                return Task.CompletedTask;
            });
        },
        map: (app, _) => app.Use((http, next) =>
        {
            if (loggedIn)
            {
                http.User = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([], "test"));
            }

            return next(http);
        }));
}
