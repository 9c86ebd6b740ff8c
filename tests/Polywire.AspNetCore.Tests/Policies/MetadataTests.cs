#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Tests.Http;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Policies;

/// <summary>What actions carry of ASP.NET Core is obeyed, or stops the start, or is told in a warning.</summary>
public sealed class MetadataTests
{
    /// <summary>What stops the start, and a part of the message.</summary>
    private static (string Name, object Item, string Message)[] Refused =>
    [
        ("Authorize", new AuthorizeAttribute(), "AddAuthorization()"),
        ("RequireAntiforgeryToken", new RequireAntiforgeryTokenAttribute(), "[RequireAntiforgeryToken]: call builder.Services.AddAntiforgery()"),
        ("EnableRateLimiting", new EnableRateLimitingAttribute("few"), "[EnableRateLimiting]: call builder.Services.AddRateLimiter"),
        ("EnableCors", new EnableCorsAttribute("one"), "[EnableCors]: call builder.Services.AddCors()"),
        ("OutputCache", new OutputCacheAttribute(), "[OutputCache]: call builder.Services.AddOutputCache()"),
        ("Host", new HostAttribute("admin.example"), "[Host]: an action answers on every host"),
        ("HttpMethod", new HttpMethodMetadata(["POST"]), "[HttpMethodMetadata]: it is a route of another framework"),
        ("HttpPost", new HttpPostAttribute(), "[HttpPost]: it is a route of another framework"),
        ("Route", new RouteAttribute("/x"), "[Route]: it is a route of another framework"),
        ("RequireHttps", new RequireHttpsAttribute(), "[RequireHttps]: it is a filter of MVC"),
        ("ResponseCache", new ResponseCacheAttribute { NoStore = true }, "[ResponseCache]: it is a filter of MVC"),
        ("Consumes", new ConsumesAttribute("text/plain"), "[Consumes]: it is a filter of MVC"),
        ("ServiceFilter", new ServiceFilterAttribute(typeof(object)), "[ServiceFilter]: it is a filter of MVC"),
        ("RequestFormLimits", new RequestFormLimitsAttribute(), "[RequestFormLimits]: it is a filter of MVC"),
    ];

    /// <summary>What is told in a warning at the start, and a part of it.</summary>
    private static (string Name, object Item, string Message)[] Told =>
    [
        ("Produces", new ProducesResponseTypeAttribute(404), "[ProducesResponseType]: the description is made from the action itself"),
        ("Tags", new TagsAttribute("a"), "[Tags]: the description is made from the action itself"),
        ("EndpointSummary", new EndpointSummaryAttribute("a"), "[EndpointSummary]: the description is made from the action itself"),
        ("EndpointDescription", new EndpointDescriptionAttribute("a"), "[EndpointDescription]: the description is made from the action itself"),
        ("ExcludeFromDescription", new ExcludeFromDescriptionAttribute(), "[ExcludeFromDescription]: an action is left out of descriptions by"),
        ("EndpointName", new EndpointNameAttribute("a"), "[EndpointName]: links to actions are not generated"),
        ("FormOptions", new Forms(), "[Forms]: limits of forms are Polywire:Web:FormOptions"),
        ("RequestTimeout", new RequestTimeoutAttribute(60_000), "[RequestTimeout], which holds for requests of the web alone and not on WebSocket: [Timeout] holds on every door"),
        ("RequestSizeLimit", new RequestSizeLimitAttribute(100), "[RequestSizeLimit], which holds for requests of the web alone"),
        ("DisableRateLimiting", new DisableRateLimitingAttribute(), "[DisableRateLimiting], which holds for requests of the web alone and not on WebSocket"),
    ];

    [Theory]
    [InlineData("files", true), InlineData("fallback", true), InlineData("anonymous", false), InlineData("actions", false), InlineData("no sockets", false)]
    public async Task TellsThatFilesAskOnTheWebAlone(string asked, bool isTold)
    {
        await using var host = await WebHost.StartAsync(
            add: (builder, _) =>
            {
                builder.Services.AddAuthentication(HeaderScheme.Default).AddScheme<AuthenticationSchemeOptions, HeaderScheme>(HeaderScheme.Default, null);
                builder.Services.AddAuthorization(options =>
                    options.FallbackPolicy = asked is "fallback" or "anonymous" ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build() : null);
                builder.Services.Configure<WebSocketServerOptions>(options => options.Enabled = asked != "no sockets");
            },
            map: (app, _) =>
            {
                var mapped = app.MapPolywire();
                IEndpointConventionBuilder asking = asked switch
                {
                    "files" or "no sockets" => mapped.Files.RequireAuthorization(),
                    "anonymous" => mapped.Files.AllowAnonymous(),
                    "actions" => mapped.RequireAuthorization(),
                    _ => mapped,
                };
                asking.ShouldNotBeNull();
            });

        host.Logs.GetSnapshot().Count(log => log.Level == LogLevel.Warning && log.Message.Contains("the verb file on WebSocket sends them to everybody", StringComparison.Ordinal))
            .ShouldBe(isTold ? 1 : 0);
    }

    [Fact]
    public async Task StopsTheStart_WhereItCannotBeObeyed()
    {
        foreach (var (name, item, message) in Refused)
        {
            var refusal = await Should.ThrowAsync<InvalidOperationException>(() => WebHost.StartAsync(add: (_, polywire) => Map(polywire, item)), name);

            refusal.Message.ShouldContain("Action x v1", Case.Sensitive, name);
            refusal.Message.ShouldContain(message, Case.Sensitive, name);
        }
    }

    [Fact]
    public async Task StopsTheStart_WhereAConventionCannotBeObeyed()
    {
        foreach (var (name, item, message) in Refused)
        {
            var refusal = await Should.ThrowAsync<InvalidOperationException>(
                () => WebHost.StartAsync(map: (app, _) => app.MapPolywire().WithMetadata(item)), name);
            refusal.Message.ShouldContain(message, Case.Sensitive, name);
        }

        (await Should.ThrowAsync<NotSupportedException>(() => WebHost.StartAsync(
            map: (app, _) => app.MapPolywire().AddEndpointFilter((_, _) => ValueTask.FromResult<object?>(null))))).Message.ShouldContain("endpoint filters");
        (await Should.ThrowAsync<InvalidOperationException>(() => WebHost.StartAsync(
            map: (app, _) => app.MapPolywire().WithMetadata(new RateLimitAttribute("few"))))).Message.ShouldContain("rate limit 'few'");
    }

    [Fact]
    public async Task TellsAtTheStart_WhatHasNoEffectOrHoldsOnOneDoor()
    {
        foreach (var (name, item, message) in Told)
        {
            await using var host = await WebHost.StartAsync(add: (_, polywire) => Map(polywire, item));

            host.Logs.GetSnapshot().Where(log => log.Level == LogLevel.Warning).Select(log => log.Message).ShouldContain(
                text => text.Contains("x v1", StringComparison.Ordinal) && text.Contains(message, StringComparison.Ordinal), name);
        }
    }

    [Fact]
    public async Task SaysNothing_OfAnActionThatRunsOnTheWebAlone()
    {
        await using var host = await WebHost.StartAsync(
            add: (_, polywire) => Map(polywire, new DisableRateLimitingAttribute()).AllowTransport(Transports.Web));

        host.Logs.GetSnapshot().ShouldNotContain(log => log.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task WantsAnAntiforgeryToken_WithEveryMethod()
    {
        var runs = 0;
        await using var host = await WebHost.StartAsync(
            add: (builder, polywire) =>
            {
                builder.Services.AddAntiforgery();
                polywire.MapDynamicAction("x", _ => { }, (_, _) =>
                {
                    Interlocked.Increment(ref runs);
                    return Task.CompletedTask;
                }).WithMetadata(new RequireAntiforgeryTokenAttribute());
                polywire.MapDynamicAction("free", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new RequireAntiforgeryTokenAttribute(required: false));
            },
            map: (app, _) =>
            {
                app.UseAntiforgery();
                app.MapGet("/token", (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken);
            });
        var given = await host.GetAsync("/token");
        var cookie = $"Cookie: {given["set-cookie"]!.Split(';')[0]}";
        var token = given.Text;
        foreach (var (way, send) in NamingWays.All)
        {
            var refused = await send(host, "x", "free", []);
            refused.Status.ShouldBe(400, way);
            runs.ShouldBe(0, way);
        }

        (await host.PostAsync("/api/x", $"__RequestVerificationToken={token}", "application/x-www-form-urlencoded")).Status.ShouldBe(400, "a token without its cookie");
        (await host.PostAsync("/api/x", "a=1", "application/x-www-form-urlencoded", cookie)).Status.ShouldBe(400, "a cookie without its token");
        (await host.PostAsync("/api/x", $"__RequestVerificationToken={token}", "application/x-www-form-urlencoded", cookie)).Status.ShouldBe(200);
        (await host.PostAsync("/api/x", "{}", headers: [cookie, $"RequestVerificationToken: {token}"])).Status.ShouldBe(200);
        (await host.GetAsync("/api/x", cookie, $"RequestVerificationToken: {token}")).Status.ShouldBe(200);
        runs.ShouldBe(3);
        (await host.GetAsync("/api/free")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task KeepsWhatASizeLimitAndATimeoutSay()
    {
        await using var host = await WebHost.StartAsync(
            add: (builder, polywire) =>
            {
                builder.Services.AddRequestTimeouts();
                polywire.MapDynamicAction("short", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new RequestSizeLimitAttribute(20));
                polywire.MapDynamicAction("slow", _ => { }, (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation)).WithMetadata(new RequestTimeoutAttribute(1));
            },
            map: (app, _) => app.UseRequestTimeouts());

        (await host.PostAsync("/api/short", """{"a":1}""")).Status.ShouldBe(200);
        (await host.PostAsync("/api/short", """{"a":"longer than twenty"}""")).Status.ShouldBe(413);
        (await host.PostAsync("/api", """{"action":"short","a":"longer than twenty"}""")).Status.ShouldBe(413);
        (await host.GetAsync("/api/slow")).Status.ShouldBe(504);
    }

    [Fact]
    public async Task SharesAcrossOriginsWhatTheActionShares()
    {
        await using var host = await WebHost.StartAsync(
            add: (builder, polywire) =>
            {
                builder.Services.AddCors(options => options.AddPolicy("one", policy => policy.WithOrigins("https://one.example")));
                polywire.MapDynamicAction("shared", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new EnableCorsAttribute("one"));
                polywire.MapDynamicAction("own", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new DisableCorsAttribute());
            },
            map: (app, _) => app.UseCors());

        (await host.GetAsync("/api/shared", "Origin: https://one.example"))["access-control-allow-origin"].ShouldBe("https://one.example");
        (await host.GetAsync("/api/shared", "Origin: https://two.example"))["access-control-allow-origin"].ShouldBeNull();
        (await host.GetAsync("/api/own", "Origin: https://one.example"))["access-control-allow-origin"].ShouldBeNull();
        (await host.GetAsync("/api/echo", "Origin: https://two.example"))["access-control-allow-origin"].ShouldBe("*");
    }

    private static ActionBuilder Map(IPolywireBuilder polywire, object item) =>
        polywire.MapDynamicAction("x", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(item);

    private sealed class Forms : IFormOptionsMetadata
    {
        public bool? BufferBody => null;

        public int? MemoryBufferThreshold => null;

        public long? BufferBodyLengthLimit => null;

        public int? ValueCountLimit => null;

        public int? KeyLengthLimit => null;

        public int? ValueLengthLimit => null;

        public int? MultipartBoundaryLengthLimit => null;

        public int? MultipartHeadersCountLimit => null;

        public int? MultipartHeadersLengthLimit => null;

        public long? MultipartBodyLengthLimit => null;
    }
}
