#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>Connection middleware and requests of the web, each of which is a connection.</summary>
public sealed class WebConnectionMiddlewareTests
{
    [Fact]
    public async Task SeesEveryRequestComeAndGo()
    {
        await using var host = await StartAsync();
        foreach (var target in (string[])["/api/echo", "/page.html", "/api/nope"])
        {
            (await host.GetAsync(target, "Cookie: sessionID=ann")).Status.ShouldBeOneOf(200, 404);
        }

        await host.SendAsync("OPTIONS", "/api/echo", "Cookie: sessionID=ann");
        await host.StopAsync();

        host.Services.GetRequiredService<Record>().Seen.ShouldBe(Enumerable.Repeat((string[])["+ann web", "-ann ServerClosed"], 4).SelectMany(pair => pair));
    }

    [Theory]
    [InlineData("/api/echo"), InlineData("/page.html"), InlineData("/nope")]
    public async Task MayRefuse(string target)
    {
        await using var host = await StartAsync();
        var answer = await host.GetAsync(target, "Cookie: sessionID=mallory");

        answer.Status.ShouldBe(403);
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("not you");
        await host.StopAsync();
        host.Services.GetRequiredService<Record>().Seen.ShouldBe(["+mallory web"]);
    }

    [Fact]
    public async Task TellsNothingOfAFailureOfItsOwn()
    {
        await using var host = await StartAsync();
        host.ExpectedErrors = entry => entry.Exception is InvalidOperationException;
        var answer = await host.GetAsync("/api/echo", "Cookie: sessionID=broken");

        answer.Status.ShouldBe(500);
        answer.Text.ShouldNotContain("secret words");
    }

    private static Task<WebHost> StartAsync() => WebHost.StartAsync(add: (builder, polywire) =>
    {
        builder.Services.AddSingleton<Record>();
        polywire.UseConnectionMiddleware<Watch>();
    });

    private sealed class Record
    {
        public ConcurrentQueue<string> Seen { get; } = [];
    }

    private sealed class Watch(Record record) : IConnectionMiddleware
    {
        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken)
        {
            record.Seen.Enqueue($"+{connection.Fingerprint} {connection.Type}");
            return connection.Fingerprint switch
            {
                "mallory" => throw new ActionException("not you") { Status = ActionStatus.Forbidden },
                "broken" => throw new InvalidOperationException("secret words"),
                _ => default,
            };
        }

        public ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken)
        {
            record.Seen.Enqueue($"-{connection.Fingerprint} {reason}");
            return default;
        }
    }
}
