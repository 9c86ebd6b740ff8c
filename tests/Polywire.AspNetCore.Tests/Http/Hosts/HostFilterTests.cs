#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Hosts;

/// <summary>Requests for other hosts are sent to the first that is allowed.</summary>
public sealed class HostFilterTests
{
    [Fact]
    public async Task SendsOthersToTheFirst()
    {
        await using var host = await WebHost.StartAsync(web =>
        {
            web.AllowedRequestHosts.Add("https://www.site.com");
            web.AllowedRequestHosts.Add("http://good.site.com:81");
        });
        foreach (var (method, target, location) in ((string, string, string)[])[
            ("GET", "/api/echo?x=1", "/api/echo?x=1"), ("POST", "/page.html", "/page.html"), ("OPTIONS", "/x", "/x"), ("GET", "//evil/x", "/evil/x"),
            ("GET", "/\\evil", "/evil"), ("TRACE", "/", "/")])
        {
            var answer = await host.RawAsync($"{method} {target} HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n");

            answer.Status.ShouldBe(302);
            answer["location"].ShouldBe($"https://www.site.com{location}");
            answer.Text.ShouldBe($"You are being redirected to https://www.site.com{location}\r\n");
            answer.Headers.Keys.ShouldBe(["content-length", "date", "location", "connection"], ignoreOrder: true);
        }

        (await host.RawAsync("GET http://evil.com/x HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n"))["location"].ShouldBe("https://www.site.com/x");
    }

    [Theory]
    [InlineData("good.site.com:81", null, 200), InlineData("good.site.com", null, 302), InlineData("www.site.com", null, 302), InlineData("www.site.com", "https", 200)]
    [InlineData("good.site.com:81", "https", 302), InlineData("WWW.site.com", "https", 302), InlineData("www.site.com", "HTTPS", 302), InlineData("www.site.com.evil.com", "https", 302)]
    [InlineData("evil.www.site.com", "https", 302), InlineData("site.com", "https", 302)]
    public async Task ComparesProtocolAndHost(string name, string? protocol, int status)
    {
        await using var host = await WebHost.StartAsync(web =>
        {
            web.AllowedRequestHosts.Add("https://www.site.com");
            web.AllowedRequestHosts.Add("http://good.site.com:81");
        });

        (await SendAsync(host, name, protocol)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("/a\u0001b"), InlineData("/a\u007fb"), InlineData("/a\u001bb"), InlineData("/a\tb"), InlineData("/a?x=\u0001")]
    public async Task RefusesWhatNoHeaderCanSay(string target)
    {
        await using var host = await WebHost.StartAsync(web => web.AllowedRequestHosts.Add("https://www.site.com"));

        var answer = await host.RawAsync($"GET {target} HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n");

        answer.Status.ShouldBe(400);
        answer["location"].ShouldBeNull();
    }

    [Fact]
    public async Task KeepsThePathBase()
    {
        await using var host = await WebHost.StartAsync(
            web =>
            {
                web.OpenApiPath = "/openapi.json";
                web.AllowedRequestHosts.Add("https://www.site.com");
            },
            map: (app, _) =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
            });

        foreach (var target in (string[])["/base/api/echo?x=1", "/base/openapi.json?x=1", "/base/primus/spec?x=1"])
        {
            (await host.RawAsync($"GET {target} HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n")).Text
                .ShouldBe($"You are being redirected to https://www.site.com{target}\r\n");
        }
    }

    [Fact]
    public async Task HoldsForTheOpenApiDocument()
    {
        await using var host = await WebHost.StartAsync(web =>
        {
            web.OpenApiPath = "/openapi.json";
            web.AllowedRequestHosts.Add("https://www.site.com");
        });

        var answer = await host.RawAsync("GET /openapi.json?x=1 HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n");

        answer.Status.ShouldBe(302);
        answer["location"].ShouldBe("https://www.site.com/openapi.json?x=1");
    }

    [Fact]
    public async Task BelievesTheProtocolOfTrustedProxiesAlone()
    {
        await using var host = await WebHost.StartAsync(web =>
        {
            web.AllowedRequestHosts.Add("https://www.site.com");
            web.TrustedProxies = [];
        });

        (await SendAsync(host, "www.site.com", "https")).Status.ShouldBe(302);
    }

    [Fact]
    public async Task TakesTheHostsFromTheEnvironment()
    {
        static void Set(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder, IPolywireBuilder polywire) =>
            builder.Configuration.AddInMemoryCollection([new("ALLOWED_HOSTS", "https://one.example, http://two.example")]);

        await using var host = await WebHost.StartAsync(add: Set);
        (await SendAsync(host, "two.example", null)).Status.ShouldBe(200);
        (await SendAsync(host, "three.example", null))["location"].ShouldBe("https://one.example/api/echo");

        await using var other = await WebHost.StartAsync(web => web.AllowedRequestHosts.Add("http://three.example"), Set);
        (await SendAsync(other, "two.example", null)).Status.ShouldBe(302);
        (await SendAsync(other, "three.example", null)).Status.ShouldBe(200);
    }

    private static Task<RawAnswer> SendAsync(WebHost host, string name, string? protocol) =>
        host.RawAsync($"GET /api/echo HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n{(protocol is null ? "" : $"X-Forwarded-Proto: {protocol}\r\n")}\r\n");
}
