#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Routing;

/// <summary>A path with dot segments is another path for whatever normalises it on the way, so it leads to no action; docs/protocol/http-routing.md.</summary>
public sealed class DotSegmentsTests
{
    [Theory]
    [InlineData("/api/../public/x?action=me"), InlineData("/api/%2e%2e/public/x?action=me"), InlineData("/api/.%2E/public/x?action=me")]
    [InlineData("/api/./me"), InlineData("/api/x/../me"), InlineData("/api/x%2f..%2fme?action=me"), InlineData("/api/me/.."), InlineData("/api\\..\\me?action=me")]
    public async Task LeadNowhere(string target)
    {
        await using var host = await StartAsync();

        var answer = await host.GetAsync(target);

        answer.Status.ShouldBe(404);
        answer.Text.ShouldNotContain("ran");
    }

    [Fact]
    public async Task LeadNowhere_WhateverTheBodySays()
    {
        await using var host = await StartAsync();

        var answer = await RawHttp.SendAsync(
            host.Address,
            "POST /api/../public/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"action\":\"me\"}");

        answer.Status.ShouldBe(404);
        answer.Text.ShouldNotContain("ran");
    }

    [Fact]
    public async Task DotsInNamesAreNone()
    {
        await using var host = await StartAsync();

        (await host.GetAsync("/api/..x?action=me")).Text.ShouldContain("ran");
    }

    private static Task<WebHost> StartAsync() =>
        WebHost.StartAsync(add: (_, polywire) => polywire.MapDynamicAction("me", _ => { }, (context, _) =>
        {
            context.Response["did"] = "ran";
            return Task.CompletedTask;
        }));
}
