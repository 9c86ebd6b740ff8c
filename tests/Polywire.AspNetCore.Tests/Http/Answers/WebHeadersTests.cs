#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>Headers and cookies of an answer, whoever sets them.</summary>
public sealed class WebHeadersTests
{
    [Fact]
    public async Task KeepsTheCookiesOfMiddleware()
    {
        await using var host = await WebHost.StartAsync(map: (app, _) => app.Use((http, next) =>
        {
            http.Response.Cookies.Append("mw", "1");
            return next();
        }));

        var cookies = Cookies(await host.GetAsync("/page.html"));

        cookies.Length.ShouldBe(2);
        cookies[0].ShouldStartWith("mw=1");
        cookies[1].ShouldStartWith("sessionID=");
    }

    [Fact]
    public async Task SetsCookiesByHeaderBesideOthers()
    {
        await using var host = await StartAsync((http, _) =>
        {
            http.SetCookie("a", "1");
            http.SetHeader("Set-Cookie", "b=2; Path=/x");
            http.SetHeader("set-cookie", "c=3");
        });

        var cookies = Cookies(await host.GetAsync("/api/set"));

        cookies[0].ShouldStartWith("sessionID=");
        cookies[1..].ShouldBe(["a=1", "b=2; Path=/x", "c=3"]);
    }

    [Fact]
    public async Task LetsTheSessionsCookieGiveWay_HoweverAnotherIsSet()
    {
        await using var host = await StartAsync((http, _) => http.SetHeader("Set-Cookie", "sessionID=mine"));

        Cookies(await host.GetAsync("/api/set")).ShouldBe(["sessionID=mine"]);
    }

    [Theory]
    [InlineData("cookie", "x; Domain=evil", "The value of cookie 'a' has a semicolon: attributes are an argument of their own. (Parameter 'value')")]
    [InlineData("cookie", "é", "The value of 'a' has characters beyond ASCII, which a header cannot have: encode them. (Parameter 'value')")]
    [InlineData("header", "é", "The value of 'a' has characters beyond ASCII, which a header cannot have: encode them. (Parameter 'value')")]
    [InlineData("header", "a\nb", "The value of 'a' has control characters, which a header cannot have. (Parameter 'value')")]
    public async Task TellsTheActionWhatCannotBeSet(string kind, string value, string expected)
    {
        string? message = null;
        await using var host = await StartAsync((http, _) =>
        {
            message = Should.Throw<ArgumentException>(() =>
            {
                if (kind == "cookie")
                {
                    http.SetCookie("a", value);
                }
                else
                {
                    http.SetHeader("a", value);
                }
            }).Message;
        });

        (await host.GetAsync("/api/set")).Status.ShouldBe(200);
        message.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Cookie: sessionID=\u00e9"), InlineData("User-Agent: caf\u00e9"), InlineData("Referer: http://x/\u00e9"), InlineData("X-SessionID: \u00e9")]
    public async Task BearsHeadersInOtherEncodings(string header)
    {
        await using var host = await WebHost.StartAsync();

        var answer = await host.GetAsync("/api/echo", header);

        answer.Status.ShouldBe(200);
        answer["set-cookie"].ShouldNotBeNull("a fingerprint that is none is replaced");
    }

    private static Task<WebHost> StartAsync(Action<IActionHttp, ActionContext> set) =>
        WebHost.StartAsync(add: (_, polywire) => polywire.MapDynamicAction("set", _ => { }, (context, _) =>
        {
            set(context.Http!, context);
            return Task.CompletedTask;
        }));

    private static string[] Cookies(RawAnswer answer) => answer["set-cookie"]!.Split('\n');
}
