#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Routing;

/// <summary>Polywire among the endpoints and the middleware of an application.</summary>
public sealed class AspNetCoreTests
{
    [Fact]
    public async Task LetsEndpointsOfTheApplicationComeFirst()
    {
        await using var host = await WebHost.StartAsync(map: (app, _) =>
        {
            app.MapGet("/api/echo", () => "own");
            app.MapGet("/page.html", () => "own page");
            app.MapGet("/health", () => "healthy");
        });

        (await host.GetAsync("/api/echo")).Text.ShouldBe("own");
        (await host.GetAsync("/page.html")).Text.ShouldBe("own page");
        (await host.GetAsync("/health")).Text.ShouldBe("healthy");
        (await host.SendAsync("POST", "/api/echo")).Status.ShouldBe(200, "another method of the same path is ours");
        (await host.SendAsync("OPTIONS", "/health")).Status.ShouldBe(200);
        (await host.GetAsync("/nope")).Text.ShouldBe("That file is not found");
    }

    [Fact]
    public async Task LeavesToAFallbackWhatIsNobodys()
    {
        await using var host = await WebHost.StartAsync(map: (app, _) => app.MapFallback("/{**any}", () => "fallback"));

        (await host.GetAsync("/api/echo")).Status.ShouldBe(200);
        (await host.GetAsync("/api/nope")).Status.ShouldBe(404);
        (await host.GetAsync("/public/page.html")).Text.ShouldBe("<p>page</p>\n");
        (await host.GetAsync("/spa/route")).Text.ShouldBe("fallback");
    }

    [Fact]
    public async Task ShowsMiddlewareTheAction()
    {
        var seen = new List<string?>();
        await using var host = await WebHost.StartAsync(map: (app, _) => app.Use((http, next) =>
        {
            seen.Add(http.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>()?.ToString());
            return next();
        }));
        foreach (var target in (string[])["/api/echo", "/api/v1", "/api/versioned?apiVersion=1", "/api?action=other", "/api/nope", "/page.html"])
        {
            await host.GetAsync(target);
        }

        seen.ShouldBe(["echo v1", "versioned v1", "versioned v1", "other v1", null, null]);
    }

    [Fact]
    public async Task KeepsConventionsToActions()
    {
        await using var host = await WebHost.StartAsync(add: Authentication, map: (app, _) =>
        {
            app.MapPolywire().RequireAuthorization();
        });

        (await host.GetAsync("/api/echo")).Status.ShouldBe(401);
        (await host.GetAsync("/api/nope")).Status.ShouldBe(401);
        (await host.GetAsync("/api/echo", "X-User: ann")).Status.ShouldBe(200);
        (await host.GetAsync("/page.html")).Status.ShouldBe(200);
        (await host.SendAsync("OPTIONS", "/api/echo")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task GuardsAnActionWhateverNamesIt()
    {
        await using var host = await WebHost.StartAsync(add: (builder, polywire) =>
        {
            Authentication(builder, polywire);
            polywire.MapDynamicAction("staffOnly", _ => { }, (context, _) =>
            {
                context.Response["user"] = context.User.Identity!.Name;
                return Task.CompletedTask;
            }).WithMetadata(new AuthorizeAttribute("staff"));
        });

        foreach (var target in (string[])["/api/staffOnly", "/api?action=staffOnly"])
        {
            (await host.GetAsync(target)).Status.ShouldBe(401, target);
            (await host.GetAsync(target, "X-User: ann")).Status.ShouldBe(403, target);
            WebHost.Json(await host.GetAsync(target, "X-User: bob")).GetProperty("user").GetString().ShouldBe("bob");
        }

        const string Body = """{"action":"staffOnly"}""";
        (await host.PostAsync("/api", Body)).Status.ShouldBe(401);
        (await host.PostAsync("/api", Body, headers: "X-User: ann")).Status.ShouldBe(403);
        (await host.PostAsync("/api", Body, headers: "X-User: bob")).Status.ShouldBe(200);
        (await host.PostAsync("/api?action=echo", Body)).Status.ShouldBe(401, "the body wins over the query");
        (await host.GetAsync("/api/echo")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task GuardsAnActionOnEveryTransport()
    {
        await using var host = await WebHost.StartAsync(add: (builder, polywire) =>
        {
            Authentication(builder, polywire);
            polywire.MapDynamicAction("staffOnly", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new AuthorizeAttribute("staff"));
        });
        var actions = host.Services.GetRequiredService<IActions>();

        var refusal = await Should.ThrowAsync<ActionException>(() => actions.RunAsync<Dictionary<string, object>>("staffOnly").AsTask());

        refusal.Status.ShouldBe(ActionStatus.Unauthorized);
    }

    [Fact]
    public async Task StopsTheStart_WhereAuthorizationIsAskedForAndMissing()
    {
        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => WebHost.StartAsync(
            add: (_, polywire) => polywire.MapDynamicAction("x", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new AuthorizeAttribute())));

        refusal.Message.ShouldBe("Action x v1 asks for authorization: call builder.Services.AddAuthorization().");
    }

    [Fact]
    public async Task LimitsTheRate_OfAnAction()
    {
        await using var host = await WebHost.StartAsync(add: (_, polywire) =>
        {
            polywire.AddRateLimit("few", context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.Fingerprint, _ => new FixedWindowRateLimiterOptions { PermitLimit = 2, Window = TimeSpan.FromHours(1) }));
            polywire.MapDynamicAction("limited", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new RateLimitAttribute("few"));
        });

        (await host.GetAsync("/api/limited", "Cookie: sessionID=one")).Status.ShouldBe(200);
        (await host.GetAsync("/api/limited", "Cookie: sessionID=one")).Status.ShouldBe(200);
        var refused = await host.GetAsync("/api/limited", "Cookie: sessionID=one");
        refused.Status.ShouldBe(429);
        refused["retry-after"].ShouldNotBeNull();
        WebHost.Json(refused).GetProperty("error").GetString().ShouldBe("rate limit exceeded");
        (await host.GetAsync("/api/limited", "Cookie: sessionID=two")).Status.ShouldBe(200);
        (await host.GetAsync("/api/echo", "Cookie: sessionID=one")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task StopsTheStart_WhereARateLimitIsMissing()
    {
        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => WebHost.StartAsync(
            add: (_, polywire) => polywire.MapDynamicAction("x", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new RateLimitAttribute("none"))));

        refusal.Message.ShouldStartWith("Action x v1 asks for the rate limit 'none', which does not exist");
    }

    [Fact]
    public async Task TakesTheFrameworksRateLimits_OnTheWeb()
    {
        await using var host = await WebHost.StartAsync(
            add: (builder, polywire) =>
            {
                builder.Services.AddRateLimiter(options => options.AddFixedWindowLimiter("few", window => (window.PermitLimit, window.Window) = (1, TimeSpan.FromHours(1))));
                polywire.MapDynamicAction("limited", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new EnableRateLimitingAttribute("few"));
            },
            map: (app, _) => app.UseRateLimiter());

        (await host.GetAsync("/api/limited")).Status.ShouldBe(200);
        (await host.GetAsync("/api/limited")).Status.ShouldBe(503);
        (await host.GetAsync("/api/echo")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task TakesTheFrameworksCors()
    {
        await using var host = await WebHost.StartAsync(
            web => web.HttpHeaders["Access-Control-Allow-Origin"] = null,
            (builder, polywire) =>
            {
                builder.Services.AddCors(options => options.AddPolicy("one", policy => policy.WithOrigins("https://one.example").WithMethods("PUT")));
                polywire.MapDynamicAction("shared", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new Microsoft.AspNetCore.Cors.EnableCorsAttribute("one"));
            },
            (app, _) => app.UseCors());

        var allowed = await host.SendAsync("OPTIONS", "/api/shared", "Origin: https://one.example", "Access-Control-Request-Method: PUT");
        allowed.Status.ShouldBe(204);
        allowed["access-control-allow-origin"].ShouldBe("https://one.example");
        (await host.SendAsync("OPTIONS", "/api/shared", "Origin: https://two.example", "Access-Control-Request-Method: PUT"))["access-control-allow-origin"].ShouldBeNull();
        (await host.GetAsync("/api/shared", "Origin: https://one.example"))["access-control-allow-origin"].ShouldBe("https://one.example");
        (await host.SendAsync("OPTIONS", "/api/echo", "Origin: https://two.example", "Access-Control-Request-Method: PUT"))["access-control-allow-origin"].ShouldBe("*");
    }

    [Fact]
    public async Task KeepsFilesToThoseWhoMaySeeThem()
    {
        await using var host = await WebHost.StartAsync(add: Authentication, map: (app, _) => app.MapPolywire().Files.RequireAuthorization());

        (await host.GetAsync("/page.html")).Status.ShouldBe(401);
        (await host.GetAsync("/public/page.html")).Status.ShouldBe(401);
        (await host.GetAsync("/page.html", "X-User: ann")).Text.ShouldBe("<p>page</p>\n");
        (await host.GetAsync("/api/echo")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task TakesTheFrameworksOutputCache()
    {
        var runs = 0;
        await using var host = await WebHost.StartAsync(
            web => web.FingerprintOptions.ToSetCookie = false,
            (builder, polywire) =>
            {
                builder.Services.AddOutputCache();
                polywire.MapDynamicAction("cached", _ => { }, (context, _) =>
                {
                    context.Response["run"] = Interlocked.Increment(ref runs);
                    return Task.CompletedTask;
                }).WithMetadata(new OutputCacheAttribute { Duration = 3600 });
            },
            (app, _) => app.UseOutputCache());

        WebHost.Json(await host.GetAsync("/api/cached")).GetProperty("run").GetInt32().ShouldBe(1);
        WebHost.Json(await host.GetAsync("/api/cached")).GetProperty("run").GetInt32().ShouldBe(1);
        WebHost.Json(await host.GetAsync("/api/cached?x=2")).GetProperty("run").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task LeavesHealthChecksTheirAddress()
    {
        await using var host = await WebHost.StartAsync(
            add: (builder, _) => builder.Services.AddHealthChecks(),
            map: (app, _) => app.MapHealthChecks("/healthz"));

        (await host.GetAsync("/healthz")).Text.ShouldBe("Healthy");
        (await host.GetAsync("/api/echo")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("head", "/page.html", 200), InlineData("Head", "/page.html", 200), InlineData("head", "/api/echo", 404), InlineData("get", "/api/echo", 404)]
    [InlineData("trace", "/api/echo", 404), InlineData("options", "/api/echo", 404), InlineData("connect", "/page.html", 200)]
    public async Task KnowsMethodsByTheirCase(string method, string target, int status)
    {
        await using var host = await WebHost.StartAsync();

        var answer = await host.SendAsync(method, target);

        answer.Status.ShouldBe(status);
        answer.Text.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task StandsBehindAPathBase()
    {
        await using var host = await WebHost.StartAsync(map: (app, _) =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
        });

        (await host.GetAsync("/base/api/echo")).Status.ShouldBe(200);
        (await host.GetAsync("/base/page.html")).Text.ShouldBe("<p>page</p>\n");
        (await host.GetAsync("/api/echo")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task RefusesAGroupWithAPrefix()
    {
        await using var host = await WebHost.StartAsync();
        var app = WebApplication.CreateSlimBuilder();
        app.AddPolywire();
        await using var built = app.Build();
        built.MapGroup("/v1").MapPolywire();

        Should.Throw<NotSupportedException>(() => ((IEndpointRouteBuilder)built).DataSources.Single().Endpoints).Message.ShouldContain("'/v1'");
    }

    private static void Authentication(WebApplicationBuilder builder, IPolywireBuilder polywire)
    {
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestScheme>("test", null);
        builder.Services.AddAuthorization(options => options.AddPolicy("staff", policy => policy.RequireUserName("bob")));
    }

    /// <summary>Believes the header <c>X-User</c>.</summary>
    private sealed class TestScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(Request.Headers["X-User"] is [{ } name]
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test")), "test"))
                : AuthenticateResult.NoResult());
    }
}
