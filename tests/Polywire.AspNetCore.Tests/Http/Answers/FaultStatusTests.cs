using Microsoft.Extensions.DependencyInjection;
using Polywire.Pipeline;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>core.md E-10: a fault is no refusal, and an alarm on 5xx rings for faults alone.</summary>
public sealed class FaultStatusTests
{
    [Theory]
    [InlineData("throws", 500)]
    [InlineData("throwsLater", 500)]
    [InlineData("throwsCancelled", 500)]
    [InlineData("nan", 500)]
    [InlineData("nanAndStatus", 500)]
    [InlineData("stepThrows", 500)]
    [InlineData("statusAndThrow", 418)]
    [InlineData("refuses", 400)]
    [InlineData("refusesOverCause", 400)]
    [InlineData("errorKey", 400)]
    [InlineData("conflicts", 409)]
    public async Task AFaultIs500_ARefusalIsNot(string action, int status)
    {
        await using var host = await StartAsync();
        host.ExpectedErrors = static _ => true;

        var answer = await host.GetAsync($"/api/{action}");

        answer.Status.ShouldBe(status);
        answer.Text.ShouldNotContain("secret words");
        answer["retry-after"].ShouldBeNull();
    }

    [Fact]
    public async Task TheStatusesAreSettings()
    {
        await using var host = await StartAsync(web =>
        {
            web.FaultStatusCode = 502;
            web.DefaultErrorStatusCode = 422;
        });
        host.ExpectedErrors = static _ => true;

        (await host.GetAsync("/api/throws")).Status.ShouldBe(502);
        (await host.GetAsync("/api/nan")).Status.ShouldBe(502);
        (await host.GetAsync("/api/refuses")).Status.ShouldBe(422);

        await using var quiet = await StartAsync(web => web.ReturnErrorCodes = false);
        quiet.ExpectedErrors = static _ => true;
        (await quiet.GetAsync("/api/throws")).Status.ShouldBe(200);
        (await quiet.GetAsync("/api/nan")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/api/refuses"), InlineData("/api/nope")]
    public async Task AStoppingServerSendsProxiesElsewhere(string target)
    {
        await using var host = await StartAsync();
        host.Services.GetRequiredService<ServerState>().BeginStop();

        var answer = await host.RawAsync($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");

        answer.Status.ShouldBe(503);
        answer["retry-after"].ShouldBe("1");
        answer["connection"].ShouldBe("close");
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("the server is shutting down");
    }

    private static Task<WebHost> StartAsync(Action<WebOptions>? web = null) => WebHost.StartAsync(web, (_, polywire) =>
    {
        polywire.UseMiddleware<Step>();
        Map("throws", _ => throw new InvalidOperationException("secret words"));
        polywire.MapDynamicAction("throwsLater", _ => { }, async (_, _) =>
        {
            await Task.Yield();
            throw new KeyNotFoundException("secret words");
        });
        Map("throwsCancelled", _ => throw new OperationCanceledException("secret words"));
        Map("nan", context => context.Response["a"] = double.NaN);
        Map("nanAndStatus", context =>
        {
            context.Http!.StatusCode = 201;
            context.Response["a"] = double.NaN;
        });
        Map("stepThrows", _ => { });
        Map("statusAndThrow", context =>
        {
            context.Http!.StatusCode = 418;
            throw new InvalidOperationException("secret words");
        });
        Map("refuses", _ => throw new ActionException("no"));
        Map("refusesOverCause", _ => throw new ActionException("no", new InvalidOperationException("secret words")));
        Map("errorKey", context => context.Response["error"] = "no");
        Map("conflicts", _ => throw new ActionException("no") { Status = ActionStatus.Conflict });

        void Map(string name, Action<ActionContext> run) => polywire.MapDynamicAction(name, _ => { }, (context, _) =>
        {
            run(context);
            return Task.CompletedTask;
        });
    });

    private sealed class Step : IActionMiddleware
    {
        public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) =>
            context.Action.Name == "stepThrows" ? throw new InvalidOperationException("secret words") : next(context);
    }
}
