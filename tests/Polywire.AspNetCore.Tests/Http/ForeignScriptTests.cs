#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>What a page of another origin gets that asks for a script with the visitor's cookies; docs/protocol/http.md, "JSONP".</summary>
public sealed class ForeignScriptTests
{
    [Theory]
    [InlineData("callback=f", "Sec-Fetch-Site: cross-site", true), InlineData("callback=f", "Sec-Fetch-Site: same-site", true)]
    [InlineData("callback=f", "Sec-Fetch-Site: same-origin", false), InlineData("callback=f", "Sec-Fetch-Site: none", false), InlineData("callback=f", "X: y", false)]
    [InlineData("callback=f", "Referer: http://evil.example/page", true), InlineData("callback=f", "Referer: http://localhost/page?x", false)]
    [InlineData("callback=f", "Referer: https://localhost/page", true), InlineData("callback=f", "Referer: http://localhost:81/page", true)]
    [InlineData("callback=f", "Origin: http://evil.example", true), InlineData("callback=f", "Origin: null", true), InlineData("callback=f", "Origin: http://localhost", false)]
    [InlineData("callback=f", "Sec-Fetch-Site: same-origin|Referer: http://evil.example/", false), InlineData("callback=f", "Sec-Fetch-Site: cross-site|Origin: http://localhost", true)]
    [InlineData("x=1&callback=f", "Sec-Fetch-Site: cross-site", true), InlineData("%63all%62ack=f", "Sec-Fetch-Site: cross-site", true)]
    [InlineData("callback[]=f", "Sec-Fetch-Site: cross-site", true), InlineData("callback%5B0%5D=f", "Sec-Fetch-Site: cross-site", true), InlineData("callback=a&callback=f", "Sec-Fetch-Site: cross-site", true)]
    [InlineData("x=1", "Sec-Fetch-Site: cross-site", false), InlineData("callbackUrl=f", "Sec-Fetch-Site: cross-site", false), InlineData("", "Referer: http://evil.example/", false)]
    public async Task IsNobodys(string query, string headers, bool isNobodys)
    {
        await using var host = await StartAsync();
        var cookie = $"Cookie: sessionID=mine; {TestLogin.CookieOf(host.Services, "ada")}";

        var answer = await host.GetAsync($"/api/whoami?{query}", [cookie, .. headers.Split('|')]);

        answer.Status.ShouldBe(200);
        answer.Text.Contains("\"user\":\"ada\"", StringComparison.Ordinal).ShouldBe(!isNobodys);
        answer.Text.Contains("mine", StringComparison.Ordinal).ShouldBe(!isNobodys);
        answer.Text.Contains("\"fingerprint\"", StringComparison.Ordinal).ShouldBe(!isNobodys);
        answer.Text.Contains("\"cookies\":2", StringComparison.Ordinal).ShouldBe(!isNobodys);
        answer["set-cookie"].ShouldBeNull();
    }

    [Fact]
    public async Task RunsNothingThatNeedsAUser()
    {
        await using var host = await StartAsync(app => app.MapPolywire().RequireAuthorization());
        var cookie = $"Cookie: {TestLogin.CookieOf(host.Services, "ada")}";

        (await host.GetAsync("/api/whoami?callback=f", cookie, "Sec-Fetch-Site: same-origin")).Status.ShouldBe(200);
        var foreign = await host.GetAsync("/api/whoami?callback=f", cookie, "Sec-Fetch-Site: cross-site");

        foreign.Status.ShouldBe(401);
        foreign.Text.ShouldNotContain("ada");
    }

    [Theory]
    [InlineData("cross-site", true), InlineData("same-origin", false)]
    public async Task KnowsNoCertificateOfTheVisitor(string site, bool isNobodys)
    {
        await using var host = await StartAsync(app =>
        {
            app.Use((http, next) =>
            {
                http.Features.Set<ITlsConnectionFeature>(new Certified());
                http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "Certificate"));
                return next(http);
            });
            app.UseRouting();
            app.MapPolywire();
        });

        var answer = await host.GetAsync("/api/whoami?callback=f", $"Sec-Fetch-Site: {site}");

        answer.Status.ShouldBe(200);
        answer.Text.Contains("\"user\":\"ada\"", StringComparison.Ordinal).ShouldBe(!isNobodys);
        answer.Text.Contains("\"certificate\":true", StringComparison.Ordinal).ShouldBe(!isNobodys);
    }

    [Fact]
    public async Task IsAsEver_WhereThereIsNoJsonp()
    {
        await using var host = await StartAsync(jsonp: false);

        var answer = await host.GetAsync("/api/whoami?callback=f", "Cookie: sessionID=mine", "Sec-Fetch-Site: cross-site");

        answer.Text.ShouldStartWith("{");
        answer.Text.ShouldContain("mine");
    }

    private static Task<WebHost> StartAsync(Action<WebApplication>? map = null, bool jsonp = true) =>
        WebHost.StartAsync(
            web => web.Jsonp = jsonp,
            (builder, polywire) =>
            {
                TestLogin.Add(builder);
                polywire.MapDynamicAction("whoami", _ => { }, (context, _) =>
                {
                    context.Response["user"] = context.User.Identity?.Name;
                    context.Response["certificate"] = context.GetHttpContext()!.Connection.ClientCertificate is not null;
                    context.Response["cookies"] = context.Http!.Cookies.Count;
                    return Task.CompletedTask;
                });
            },
            (app, _) => map?.Invoke(app));

    private sealed class Certified : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; } = new CertificateRequest("CN=ada", ECDsa.Create(), HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }
}
