#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Hosts;

/// <summary>A limit by address behind a real nginx; <c>tests/proxy/run</c> says where that is.</summary>
public sealed class BehindNginxTests : IAsyncLifetime
{
    private WebHost? _host;
    private Nginx? _nginx;

    [Theory]
    [InlineData("X-Forwarded-For: 203.0.113.1"), InlineData("X-Forwarded-For: 203.0.113.1, 203.0.113.2"), InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("X-Forwarded-For: 203.0.113.1|X-Forwarded-For: 203.0.113.2"), InlineData("X-Forwarded-For: 203.0.113.1, "), InlineData("X-Forwarded-For: 203.0.113.1,,,")]
    [InlineData("X-Forwarded-For:"), InlineData("X-Forwarded-For: unknown"), InlineData("X-Forwarded-For: _hidden"), InlineData("X-Forwarded-For: [2001:db8::1]:80")]
    [InlineData("X-Forwarded-For: \"203.0.113.1"), InlineData("X-Forwarded-For: 203.0.113.1:1"), InlineData("X-Forwarded-For: ::ffff:203.0.113.1")]
    [InlineData("X-Real-IP: 203.0.113.1"), InlineData("X-Real-IP: 203.0.113.1|X-Forwarded-For: x"), InlineData("X-Forwarded-Port: 99"), InlineData("x-forwarded-for: 203.0.113.1")]
    [InlineData("X-Original-For: 203.0.113.1:1"), InlineData("X-Original-For: 203.0.113.1:1|X-Forwarded-For: 203.0.113.9"), InlineData("Forwarded: for=203.0.113.1")]
    [InlineData("X-Client-IP: 203.0.113.1"), InlineData("CF-Connecting-IP: 203.0.113.1"), InlineData("X_Forwarded_For: 203.0.113.1"), InlineData("Via: 1.1 203.0.113.1")]
    public async Task NoForgedHeaderPassesTheLimit(string headers)
    {
        Assert.SkipWhen(Nginx.Binary is null, "POLYWIRE_NGINX does not say where nginx is: see tests/proxy/run");
        (await _nginx!.GetAsync("127.0.0.2", "/api/limited")).ShouldStartWith("HTTP/1.1 200");
        (await _nginx.GetAsync("127.0.0.2", "/api/limited")).ShouldStartWith("HTTP/1.1 429");

        var forged = await _nginx.GetAsync("127.0.0.2", "/api/limited", headers.Split('|'));

        forged.ShouldStartWith("HTTP/1.1 429");
        forged.ShouldContain("\"remoteIP\":\"127.0.0.2\"");
        (await _nginx.GetAsync("127.0.0.3", "/api/limited", headers.Split('|'))).ShouldStartWith("HTTP/1.1 200");
    }

    public async ValueTask InitializeAsync()
    {
        if (Nginx.Binary is null)
        {
            return;
        }

        _host = await WebHost.StartAsync(
            web => web.TrustedProxies = ["127.0.0.1"],
            (_, polywire) =>
            {
                polywire.AddRateLimit("few", context => RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIP, _ => new FixedWindowRateLimiterOptions { PermitLimit = 1, Window = TimeSpan.FromHours(1) }));
                polywire.MapDynamicAction("limited", _ => { }, (_, _) => Task.CompletedTask).WithMetadata(new RateLimitAttribute("few"));
            });
        _nginx = await Nginx.StartAsync(_host.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
