#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Http;
using Polywire.Routing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Policies;

/// <summary>What runs is what was authorised and counted, however a request names it.</summary>
public sealed class WhatRunsTests
{
    /// <summary>Who asks, and the way in which the application says that callers have to be known.</summary>
    public static TheoryData<string> Rules => ["convention", "fallback", "group", "attribute", "requirement", "scheme"];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task RunsForThoseWhoMay_HoweverItIsNamed(string rule)
    {
        var ran = new ConcurrentQueue<string>();
        await using var host = await StartAsync(rule, ran);
        var cases = 0;
        foreach (var (way, send) in NamingWays.All)
        {
            foreach (var (name, decoy) in ((string, string)[])[("open", "shut"), ("shut", "open"), ("staff", "open"), ("staff", "shut"), ("open", "staff"), ("shut", "staff")])
            {
                foreach (var user in (string?[])[null, "ann", "bob"])
                {
                    cases++;
                    ran.Clear();
                    var answer = await send(host, name, decoy, user is null ? [] : [$"X-User: {user}"]);

                    var may = name == "open" || (user is not null && (name == "shut" || user == "bob"));
                    var what = $"{rule}: {way}, {name} beside {decoy} by {user ?? "nobody"}: {answer.Status} {answer.Text}";
                    if (!may)
                    {
                        ran.ShouldBeEmpty(what);
                        answer.Status.ShouldBe(user is null ? 401 : 403, what);
                    }
                    else if (ran.IsEmpty && NamingWays.IsLate(way))
                    {
                        // Refused for what the middleware was shown.
                        (answer.Status is 401 or 403).ShouldBeTrue(what);
                    }
                    else
                    {
                        ran.ToArray().ShouldBe([name], what);
                    }
                }
            }
        }

        cases.ShouldBe(NamingWays.All.Count * 18);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task RunsTheVersionThatWasAuthorised(string rule)
    {
        var ran = new ConcurrentQueue<string>();
        await using var host = await StartAsync(rule, ran);
        (string, Func<string[], Task<RawAnswer>>)[] ways =
        [
            ("latest", headers => host.GetAsync("/api/versioned2", headers)),
            ("query", headers => host.GetAsync("/api/versioned2?apiVersion=2", headers)),
            ("encoded query", headers => host.GetAsync("/api/versioned2?api%56ersion=2", headers)),
            ("body", headers => host.PostAsync("/api/versioned2", """{"apiVersion":2}""", headers: headers)),
            ("body over query", headers => host.PostAsync("/api/versioned2?apiVersion=1", """{"apiVersion":2}""", headers: headers)),
            ("body over query, as a fraction", headers => host.PostAsync("/api/versioned2?apiVersion=1", """{"apiVersion":2.0}""", headers: headers)),
            ("body over query, as text", headers => host.PostAsync("/api?action=versioned2&apiVersion=1", """{"apiVersion":"2"}""", headers: headers)),
            ("body takes the query's away", headers => host.PostAsync("/api/versioned2?apiVersion=1", """{"apiVersion":""}""", headers: headers)),
            ("form over query", headers => host.PostAsync("/api/versioned2?apiVersion=1", "apiVersion=2", "application/x-www-form-urlencoded", headers)),
            ("variable of a route", headers => host.GetAsync("/api/v/2/run", headers)),
            ("variable over query", headers => host.GetAsync("/api/v/2/run?apiVersion=1", headers)),
            ("query over a route's", headers => host.GetAsync("/api/first?apiVersion=2", headers)),
            ("body over a route's", headers => host.PostAsync("/api/first", """{"apiVersion":2}""", headers: headers)),
        ];
        foreach (var (way, send) in ways)
        {
            ran.Clear();
            var answer = await send([]);
            ran.ShouldBeEmpty($"{rule}: {way}: {answer.Status} {answer.Text}");
            answer.Status.ShouldBe(401, $"{rule}: {way}");
            (await send(["X-User: ann"])).Status.ShouldBe(200, $"{rule}: {way}");
            ran.ToArray().ShouldBe(["versioned2 v2"], $"{rule}: {way}");
        }

        ran.Clear();
        (await host.GetAsync("/api/versioned2?apiVersion=1")).Status.ShouldBe(200);
        ran.ShouldBe(["versioned2 v1"]);
    }

    [Fact]
    public async Task LimitsAnActionHoweverItIsNamed()
    {
        var ran = new ConcurrentQueue<string>();
        await using var host = await StartLimitedAsync(ran);
        foreach (var (way, send) in NamingWays.All)
        {
            await send(host, "limited", "open", []);
            ran.Count.ShouldBeLessThanOrEqualTo(2, way);
        }

        ran.ShouldBe(["limited", "limited"]);
        foreach (var (way, send) in NamingWays.All)
        {
            await send(host, "open", "limited", []);
            ran.Count(name => name == "limited").ShouldBe(2, way);
        }
    }

    [Fact]
    public async Task CountsAnActionHoweverItIsNamed()
    {
        foreach (var (way, send) in NamingWays.All)
        {
            var ran = new ConcurrentQueue<string>();
            await using var host = await StartLimitedAsync(ran);
            int[] expected = NamingWays.IsLate(way) ? [400, 400, 400] : [200, 200, 429];
            foreach (var status in expected)
            {
                (await send(host, "limited", "open", [])).Status.ShouldBe(status, way);
            }

            ran.Count.ShouldBe(NamingWays.IsLate(way) ? 0 : 2, way);
        }
    }

    [Fact]
    public async Task RunsForThoseWhoMay_WhereTheParamWinsOverARoute()
    {
        var ran = new ConcurrentQueue<string>();
        await using var host = await StartAsync("convention", ran, web => web.RouteOverQuery = false);
        const string Form = "--b\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nshut\r\n--b--\r\n";

        (await host.GetAsync("/api/open?action=shut")).Status.ShouldBe(401);
        (await host.GetAsync("/api/open?%61ction=shut")).Status.ShouldBe(401);
        (await host.PostAsync("/api/open", """{"action":"shut"}""")).Status.ShouldBe(401);
        (await host.PostAsync("/api/open", Form, "multipart/form-data; boundary=b")).Status.ShouldBe(401);
        ran.ShouldBeEmpty();
        (await host.GetAsync("/api/shut?action=open")).Status.ShouldBe(200);
        (await host.PostAsync("/api/shut", """{"action":"open"}""")).Status.ShouldBe(200);
        ran.ToArray().ShouldBe(["open", "open"]);
    }

    [Theory]
    [InlineData("none", 404, 404, 200), InlineData("get", 200, 404, 200), InlineData("post, put", 404, 200, 200), InlineData("all", 200, 200, 200)]
    public async Task IsReachedByItsName_WithTheMethodsThatAreSet(string automatic, int get, int post, int route)
    {
        await using var host = await WebHost.StartAsync(web => web.AutomaticRoutes = automatic);

        (await host.GetAsync("/api/other")).Status.ShouldBe(get);
        (await host.PostAsync("/api/other", "{}")).Status.ShouldBe(post);
        (await host.GetAsync("/api?action=other")).Status.ShouldBe(404);
        (await host.PostAsync("/api", """{"action":"other"}""")).Status.ShouldBe(404);
        (await host.GetAsync("/api/v1")).Status.ShouldBe(route);
    }

    [Fact]
    public async Task StopsTheStart_WhereAMethodIsUnknown() =>
        (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => WebHost.StartAsync(web => web.AutomaticRoutes = "gte")))
            .Message.ShouldContain("AutomaticRoutes");

    [Fact]
    public async Task LeavesTheBodyToOthers()
    {
        var seen = new ConcurrentQueue<string>();
        await using var host = await WebHost.StartAsync(
            add: (builder, polywire) =>
            {
                builder.Services.AddAuthorization();
                Map(polywire, new ConcurrentQueue<string>(), "open");
            },
            map: (app, _) => app.Use(async (http, next) =>
            {
                http.Request.EnableBuffering();
                using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
                seen.Enqueue(await reader.ReadToEndAsync());
                http.Request.Body.Position = 0;
                await next();
            }));

        var answer = await host.PostAsync("/api?action=open", """{"action":"echo","a":5}""");

        seen.ToArray().ShouldBe(["""{"action":"echo","a":5}"""]);
        WebHost.Json(answer).GetProperty("params").GetProperty("a").GetInt32().ShouldBe(5);
    }

    private static Task<WebHost> StartLimitedAsync(ConcurrentQueue<string> ran) =>
        WebHost.StartAsync(
            add: (builder, polywire) =>
            {
                builder.Services.AddRateLimiter(options =>
                {
                    options.RejectionStatusCode = 429;
                    options.AddPolicy("few", _ => RateLimitPartition.GetFixedWindowLimiter("all", _ => new FixedWindowRateLimiterOptions { PermitLimit = 2, Window = TimeSpan.FromHours(1) }));
                });
                Map(polywire, ran, "open");
                Map(polywire, ran, "limited", new EnableRateLimitingAttribute("few"));
            },
            map: (app, _) => app.UseRateLimiter());

    private static Task<WebHost> StartAsync(string rule, ConcurrentQueue<string> ran, Action<WebOptions>? web = null) =>
        WebHost.StartAsync(
            web,
            add: (builder, polywire) =>
            {
                builder.Services.AddAuthentication(HeaderScheme.Default).AddScheme<AuthenticationSchemeOptions, HeaderScheme>(HeaderScheme.Default, null);
                builder.Services.AddAuthorization(options =>
                {
                    options.AddPolicy("staff", policy => policy.RequireUserName("bob"));
                    options.AddPolicy("known", policy => policy.AddAuthenticationSchemes(HeaderScheme.Default).RequireAuthenticatedUser());
                    if (rule == "fallback")
                    {
                        options.FallbackPolicy = options.DefaultPolicy;
                    }
                });
                object[] known = rule switch
                {
                    "attribute" => [new AuthorizeAttribute()],
                    "requirement" => [new KnownAttribute()],
                    "scheme" => [new AuthorizeAttribute("known")],
                    _ => [],
                };
                Map(polywire, ran, "open", new AllowAnonymousAttribute());
                Map(polywire, ran, "shut", known);
                Map(polywire, ran, "staff", new AuthorizeAttribute("staff"));
                Map(polywire, ran, "versioned2", new AllowAnonymousAttribute(), new MappedRoute(RouteMethods.All, "/first")).WithVersion(1);
                Map(polywire, ran, "versioned2", [.. known, new MappedRoute(RouteMethods.All, "/v/:apiVersion/run")]).WithVersion(2);
            },
            map: (app, _) =>
            {
                if (rule == "convention")
                {
                    app.MapPolywire().RequireAuthorization();
                }
                else if (rule == "group")
                {
                    var group = app.MapGroup(string.Empty);
                    group.RequireAuthorization();
                    group.MapPolywire();
                }
            });

    private static ActionBuilder Map(IPolywireBuilder polywire, ConcurrentQueue<string> ran, string name, params object[] metadata) =>
        polywire.MapDynamicAction(name, _ => { }, (context, _) =>
        {
            ran.Enqueue(context.Action.Name == "versioned2" ? context.Action.ToString() : context.Action.Name);
            return Task.CompletedTask;
        }).WithMetadata(metadata);

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class KnownAttribute : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new Microsoft.AspNetCore.Authorization.Infrastructure.DenyAnonymousAuthorizationRequirement()];
    }
}
