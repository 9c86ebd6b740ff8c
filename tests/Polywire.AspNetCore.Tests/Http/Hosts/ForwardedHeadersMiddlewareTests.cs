#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Hosts;

/// <summary>ASP.NET Core's middleware for forwarded headers, in the pipeline of the application.</summary>
public sealed class ForwardedHeadersMiddlewareTests
{
    [Theory]
    [InlineData(1, "6.6.6.6, 127.0.0.1", "127.0.0.1"), InlineData(2, "6.6.6.6, 127.0.0.1", "6.6.6.6"), InlineData(1, "6.6.6.6, 1.2.3.4", "1.2.3.4")]
    [InlineData(1, "6.6.6.6, x", "127.0.0.1"), InlineData(1, "", "127.0.0.1")]
    public async Task SetsTheAddressAlone(int limit, string forwarded, string expected)
    {
        await using var host = await WebHost.StartAsync(map: (app, _) => app.UseForwardedHeaders(
            new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = limit }));

        var answer = await host.GetAsync("/api/echo", $"X-Forwarded-For: {forwarded}");

        WebHost.Json(answer).GetProperty("requesterInformation").GetProperty("remoteIP").GetString().ShouldBe(expected);
    }

    [Fact]
    public async Task IsNotThere_WhateverAClientSays()
    {
        await using var host = await WebHost.StartAsync();

        var answer = await host.GetAsync("/api/echo", "X-Forwarded-For: 1.2.3.4", "X-Original-For: 127.0.0.1:5");

        WebHost.Json(answer).GetProperty("requesterInformation").GetProperty("remoteIP").GetString().ShouldBe("1.2.3.4");
    }
}
