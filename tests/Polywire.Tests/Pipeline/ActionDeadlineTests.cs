using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>core.md P-22: every run has a deadline.</summary>
public class ActionDeadlineTests : HostTest
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActionContext? _context;
    private CancellationToken _token;

    [Fact]
    public async Task P22_IsAnsweredAtItsDeadlineAndNotBefore()
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("slow", SlowAsync));
        var client = await host.ConnectAsync();
        var run = client.RunAsync<Done>("slow");
        await host.Time.WaitForTimersAsync(1, Within.Limit);

        host.Time.Advance(TimeSpan.FromMinutes(5) - Tick);
        run.IsCompleted.ShouldBeFalse();
        _token.IsCancellationRequested.ShouldBeFalse();
        host.Time.Advance(Tick);

        var error = await run.ShouldThrowAsync<ActionException>();
        (error.Status, error.Message).ShouldBe((ActionStatus.Timeout, "the action timed out"));
        _token.IsCancellationRequested.ShouldBeTrue();
        client.Connection.PendingActions.ShouldBe(0);
    }

    [Fact]
    public async Task P22_WaitsWhileARunIsHeldUpByItsClient()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("slow", SlowAsync);
            polywire.Services.AddSingleton(new MiddlewareRegistration(1, _ => new LambdaMiddleware(async (context, next) =>
            {
                context.HoldDeadline();
                held.SetResult();
                await goOn.Task;
                context.ResumeDeadline();
                resumed.SetResult();
                await next(context);
            })));
        });
        var client = await host.ConnectAsync();
        var run = client.RunAsync<Done>("slow");
        await held.Task.WithinLimit();

        host.Time.Advance(TimeSpan.FromHours(1));
        run.IsCompleted.ShouldBeFalse();
        goOn.SetResult();
        await resumed.Task.WithinLimit();
        host.Time.Advance(TimeSpan.FromMinutes(5) - Tick);
        run.IsCompleted.ShouldBeFalse();
        host.Time.Advance(Tick);

        (await run.ShouldThrowAsync<ActionException>()).Status.ShouldBe(ActionStatus.Timeout);
    }

    [Fact]
    public async Task P22_DropsWhatComesLaterAndDoesNotUseTheContextAgain()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("slow", SlowAsync);
            polywire.AddAction(Act.Sync("same", context => new Done(ReferenceEquals(context, _context) ? "reused" : "another")));
        });
        var client = await host.ConnectAsync();
        var run = client.RunAsync<Done>("slow");
        await host.Time.WaitForTimersAsync(1, Within.Limit);
        host.Time.Advance(TimeSpan.FromMinutes(5));
        await run.ShouldThrowAsync<ActionException>();

        _gate.SetResult();
        await _late.Task.WithinLimit();

        for (var i = 0; i < 20; i++)
        {
            (await client.RunAsync<Done>("same")).What.ShouldBe("another");
        }
    }

    [Fact]
    public async Task P22_DisposesTheScopeOnlyWhenTheAbandonedWorkEnds()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await StartAsync(
            polywire => polywire.MapAction<Empty, Done>("slow", (input, context, token) =>
            {
                context.Services.GetRequiredService<Resource>();
                return SlowAsync(input, context, token);
            }),
            options => options.ConfigureServices(services => services.AddScoped(_ => new Resource(disposed.SetResult))));
        var client = await host.ConnectAsync();
        var run = client.RunAsync<Done>("slow");
        await host.Time.WaitForTimersAsync(1, Within.Limit);
        host.Time.Advance(TimeSpan.FromMinutes(5));
        await run.ShouldThrowAsync<ActionException>();

        disposed.Task.IsCompleted.ShouldBeFalse();
        _gate.SetResult();

        await disposed.Task.WithinLimit();
    }

    [Fact]
    public async Task P22_AnActionsOwnDeadlineWins()
    {
        var host = await StartAsync(
            polywire => polywire.MapAction<Empty, Done>("slow", SlowAsync).WithTimeout(TimeSpan.FromSeconds(2)),
            options => options.ConfigurePolywire(polywire => polywire.ActionTimeout = TimeSpan.FromSeconds(1)));
        var run = host.RunAsync<Done>("slow");
        await host.Time.WaitForTimersAsync(1, Within.Limit);

        host.Time.Advance(TimeSpan.FromSeconds(2) - Tick);
        run.IsCompleted.ShouldBeFalse();
        host.Time.Advance(Tick);

        (await run.ShouldThrowAsync<ActionException>()).Status.ShouldBe(ActionStatus.Timeout);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task P22_ZeroIsNoDeadline(bool ofTheAction)
    {
        var host = await StartAsync(
            polywire =>
            {
                var action = polywire.MapAction<Empty, Done>("slow", SlowAsync);
                _ = ofTheAction ? action.WithTimeout(TimeSpan.Zero) : action;
            },
            options => options.ConfigurePolywire(
                polywire => polywire.ActionTimeout = ofTheAction ? TimeSpan.FromSeconds(1) : TimeSpan.Zero));
        var run = host.RunAsync<Done>("slow");

        host.Time.PendingTimers.ShouldBe(0);
        host.Time.Advance(TimeSpan.FromDays(1));
        _gate.SetResult();

        (await run).What.ShouldBe("slow");
    }

    [Fact]
    public async Task ARunThatEndsInTimeLeavesNoTimer()
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("slow", SlowAsync));
        var run = host.RunAsync<Done>("slow");
        await host.Time.WaitForTimersAsync(1, Within.Limit);
        _gate.SetResult();

        (await run).What.ShouldBe("slow");

        host.Time.PendingTimers.ShouldBe(0);
        _token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task TheLogLineOfARunPastItsDeadlineHasItsParams()
    {
        // The work ends inside the cancellation itself, before the line can be written.
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Named, Done>("slow", async (_, _, token) =>
            {
                var ended = new TaskCompletionSource();
                await using var registration = token.Register(ended.SetResult);
                await ended.Task;
                return new Done("");
            });
        });
        var run = host.RunAsync<Done>("slow", new { name = "bob" });
        await host.Time.WaitForTimersAsync(1, Within.Limit);

        host.Time.Advance(TimeSpan.FromMinutes(5));
        await run.ShouldThrowAsync<ActionException>();

        var line = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions");
        line.GetStructuredStateValue("Params").ShouldBe("""{"name":"bob","action":"slow"}""");
        line.GetStructuredStateValue("Error").ShouldBe("the action timed out");
    }

    [Fact]
    public async Task WhatAbandonedWorkThrowsIsLoggedAsAWarning()
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Of<Done>("slow", async (_, _) =>
        {
            await _gate.Task;
            throw new InvalidOperationException("much later");
        })));
        ExpectedErrors = entry => entry.Exception?.Message == "much later";
        var run = host.RunAsync<Done>("slow");
        await host.Time.WaitForTimersAsync(1, Within.Limit);
        host.Time.Advance(TimeSpan.FromMinutes(5));
        await run.ShouldThrowAsync<ActionException>();

        _gate.SetResult();

        await host.Logs.WaitForAsync(entry => entry.Exception?.Message == "much later", Within.Limit);
    }

    [Fact]
    public async Task ATokensCallbackThatThrowsDoesNotTakeTheAnswerAway()
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("slow", async (_, _, token) =>
        {
            using var registration = token.Register(() => throw new InvalidOperationException("in a callback"));
            await _gate.Task;
            return new Done("");
        }));
        var client = await host.ConnectAsync();
        var run = client.RunAsync<Done>("slow");
        await host.Time.WaitForTimersAsync(1, Within.Limit);

        host.Time.Advance(TimeSpan.FromMinutes(5));

        (await run.ShouldThrowAsync<ActionException>()).Status.ShouldBe(ActionStatus.Timeout);
        client.Connection.PendingActions.ShouldBe(0);
        _gate.SetResult();
    }

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("60.00:00:00")]
    public async Task ADeadlineThatNoTimerCanKeepStopsTheStart(string timeout)
    {
        var action = Act.Sync("slow", _ => new Done(""));
        action.Timeout = TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);

        var error = await PolywireTestHost.StartAsync(polywire => polywire.AddAction(action), null, TestContext.Current.CancellationToken)
            .ShouldThrowAsync<InvalidOperationException>();

        error.Message.ShouldContain("slow v1");
        error.Message.ShouldContain(timeout);
    }

    private async Task<Done> SlowAsync(Empty input, ActionContext context, CancellationToken cancellationToken)
    {
        (_context, _token) = (context, cancellationToken);
        await _gate.Task;
        _late.SetResult();
        return new Done("slow");
    }

    private sealed record Named(string Name);

    private sealed class Resource(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
