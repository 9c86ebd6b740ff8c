#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Http;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Policies;

/// <summary>What the framework's output cache keeps of an action has nothing of the one who asked first.</summary>
public sealed class OutputCacheTests
{
    [Fact]
    public async Task KeepsNothingOfTheFirstVisitor()
    {
        await using var host = await StartAsync(web => web.Compress = true);

        var first = await host.GetAsync("/api/cached", "Cookie: sessionID=first", "Accept-Encoding: gzip");
        var second = await host.GetAsync("/api/cached", "Cookie: sessionID=second");
        var third = await host.GetAsync("/api/cached");

        foreach (var answer in (RawAnswer[])[first, second, third])
        {
            var json = WebHost.Json(answer);
            json.GetProperty("run").GetInt32().ShouldBe(1);
            json.TryGetProperty("requesterInformation", out _).ShouldBeFalse();
            json.TryGetProperty("serverInformation", out _).ShouldBeTrue();
            answer["set-cookie"].ShouldBeNull();
            answer["content-encoding"].ShouldBeNull();
        }
    }

    [Fact]
    public async Task IsFilledByAVisitorWithoutASessionToo()
    {
        await using var host = await StartAsync();

        var first = await host.GetAsync("/api/cached");
        first["set-cookie"].ShouldBeNull();
        WebHost.Json(first).GetProperty("run").GetInt32().ShouldBe(1);
        WebHost.Json(await host.GetAsync("/api/cached")).GetProperty("run").GetInt32().ShouldBe(1);
        (await host.GetAsync("/api/echo"))["set-cookie"].ShouldNotBeNull();
    }

    [Fact]
    public async Task KeepsActionsAndCallbacksApart_WhateverTheApplicationVariesBy()
    {
        await using var host = await StartAsync();

        var plain = await host.GetAsync("/api?action=cached&id=1");
        var script = await host.GetAsync("/api?action=cached&id=1&callback=f");
        var other = await host.GetAsync("/api?action=other2&id=1");

        WebHost.Json(plain).GetProperty("run").GetInt32().ShouldBe(1);
        script.Text.ShouldContain("f(");
        WebHost.Json(other).GetProperty("other2").GetBoolean().ShouldBeTrue();
        WebHost.Json(await host.GetAsync("/api?action=cached&id=1&x=2")).GetProperty("run").GetInt32().ShouldBe(1);
    }

    private static Task<WebHost> StartAsync(Action<WebOptions>? web = null)
    {
        var runs = 0;
        return WebHost.StartAsync(
            web,
            (builder, polywire) =>
            {
                builder.Services.AddOutputCache();
                var rule = new OutputCacheAttribute { Duration = 3600, VaryByQueryKeys = ["id"] };
                polywire.MapDynamicAction("cached", _ => { }, (context, _) =>
                {
                    context.Response["run"] = Interlocked.Increment(ref runs);
                    return Task.CompletedTask;
                }).WithMetadata(rule);
                polywire.MapDynamicAction("other2", _ => { }, (context, _) =>
                {
                    context.Response["other2"] = true;
                    return Task.CompletedTask;
                }).WithMetadata(rule);
            },
            (app, _) => app.UseOutputCache());
    }
}
