using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Actions;
using Polywire.Pipeline;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>core.md P-3 to P-11: what is checked before an action runs, in which order, and what is counted.</summary>
public class ActionProcessorTests : HostTest
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task P4_AStoppingHostSaysSoEvenOfAnUnknownAction()
    {
        var host = await StartAsync(AddActions);
        var client = await host.ConnectAsync();
        host.Services.GetRequiredService<ServerState>().BeginStop();

        var error = await client.RunAsync<JsonElement>("nowhere").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.ServerShuttingDown);
        error.Message.ShouldBe("the server is shutting down");
    }

    [Fact]
    public async Task P4_AStoppingHostSaysSoEvenToASaturatedConnection()
    {
        var host = await StartAsync(AddActions);
        var client = await host.ConnectAsync();
        var pending = Saturate(client, 5);
        host.Services.GetRequiredService<ServerState>().BeginStop();

        var error = await client.RunAsync<JsonElement>("quick").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.ServerShuttingDown);
        await ReleaseAsync(pending);
    }

    [Fact]
    public async Task P4_ASaturatedConnectionIsToldSoEvenOfAnUnknownAction()
    {
        var host = await StartAsync(AddActions);
        var client = await host.ConnectAsync();
        var pending = Saturate(client, 5);

        var error = await client.RunAsync<JsonElement>("nowhere").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.TooManyRequests);
        error.Message.ShouldBe("you have too many pending requests");
        await ReleaseAsync(pending);
    }

    [Fact]
    public async Task P5_ServesTheFifthRunAndRefusesTheSixth()
    {
        var host = await StartAsync(AddActions);
        var client = await host.ConnectAsync();
        var pending = Saturate(client, 4);

        await client.RunAsync<Done>("quick");
        pending = [.. pending, .. Saturate(client, 1)];
        var error = await client.RunAsync<Done>("quick").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.TooManyRequests);
        await ReleaseAsync(pending);
    }

    [Fact]
    public async Task P5_ARefusedRunCountsOnlyUntilItWasAnswered()
    {
        var host = await StartAsync(AddActions);
        var client = await host.ConnectAsync();
        var pending = Saturate(client, 5);
        await client.RunAsync<Done>("quick").ShouldThrowAsync<ActionException>();

        client.Connection.PendingActions.ShouldBe(5);
        await ReleaseAsync(pending);

        client.Connection.PendingActions.ShouldBe(0);
        client.Connection.TotalActions.ShouldBe(6);
        (await client.RunAsync<Done>("quick")).What.ShouldBe("quick");
    }

    [Fact]
    public async Task P5_OneConnectionDoesNotUseUpAnothersRuns()
    {
        var host = await StartAsync(AddActions);
        var pending = Saturate(await host.ConnectAsync(), 5);
        var other = await host.ConnectAsync();

        (await other.RunAsync<Done>("quick")).What.ShouldBe("quick");
        await ReleaseAsync(pending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    public async Task P20_TheLimitIsExactWhenManyRequestsComeAtOnce(int limit)
    {
        var host = await StartAsync(AddActions, options => options.ConfigurePolywire(polywire => polywire.SimultaneousActions = limit));
        var client = await host.ConnectAsync();
        using var start = new Barrier(4);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            start.SignalAndWait(Within.Limit);
            return Enumerable.Range(0, 50).Select(_ => client.RunAsync<Done>("gated")).ToArray();
        }))).WithinLimit();
        _gate.SetResult();
        var outcomes = await Task.WhenAll(runs.SelectMany(run => run).Select(OutcomeAsync)).WithinLimit();

        outcomes.Count(outcome => outcome == ActionStatus.Success).ShouldBe(limit);
        outcomes.Count(outcome => outcome == ActionStatus.TooManyRequests).ShouldBe(200 - limit);
        client.Connection.PendingActions.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"action":"nowhere"}""")]
    [InlineData("""{"action":"QUICK"}""")]
    [InlineData("""{"action":""}""")]
    [InlineData("""{"action":null}""")]
    [InlineData("""{"action":1}""")]
    [InlineData("""{"action":["quick"]}""")]
    [InlineData("""{"action":{"quick":1}}""")]
    [InlineData("{}")]
    public async Task AnActionThatIsNotThereIsUnknown(string parameters)
    {
        var host = await StartAsync(AddActions);
        var client = await host.ConnectAsync();

        var error = await ResponseAsync(client, parameters, response => response.Error);

        error!.Status.ShouldBe(ActionStatus.UnknownAction);
        error.Message.ShouldBe("unknown action or invalid apiVersion");
    }

    [Fact]
    public async Task ABlockedTransportIsRefusedWithItsName()
    {
        var ran = false;
        var host = await StartAsync(polywire => polywire.MapAction("blocked", (Empty _) => ran = true).BlockTransport(Transports.InProcess | Transports.Web));
        var client = await host.ConnectAsync();

        var error = await client.RunAsync<JsonElement>("blocked").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.UnsupportedServerType);
        error.Message.ShouldBe("this action does not support the inline connection type");
        ran.ShouldBeFalse();
    }

    [Fact]
    public async Task OnlyAllowedTransportsRunAnAction()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("elsewhere", (Empty _) => true).AllowTransport(Transports.Web | Transports.Socket);
            polywire.MapAction("here", (Empty _) => true).AllowTransport(Transports.Web | Transports.InProcess);
            polywire.MapAction("allowed and blocked", (Empty _) => true).AllowTransport(Transports.InProcess).BlockTransport(Transports.InProcess);
        });
        var client = await host.ConnectAsync();

        var error = await client.RunAsync<bool>("elsewhere").ShouldThrowAsync<ActionException>();
        error.Status.ShouldBe(ActionStatus.UnsupportedServerType);
        error.Message.ShouldBe("this action does not support the inline connection type");
        (await client.RunAsync<bool>("here")).ShouldBeTrue();
        (await client.RunAsync<bool>("allowed and blocked").ShouldThrowAsync<ActionException>()).Status.ShouldBe(ActionStatus.UnsupportedServerType);
    }

    [Fact]
    public void ATransportThatComesLaterIsAllowedOnlyWhereNoneIsNamed()
    {
        const Transports later = (Transports)(1 << 20);
        var action = Act.Declaring("a", Array.Empty<string>());

        action.Allows(later).ShouldBeTrue();
        action.BlockedTransports = Transports.Socket;
        action.Allows(later).ShouldBeTrue();
        action.AllowedTransports = Transports.Web;
        action.Allows(later).ShouldBeFalse();
        action.Allows(later | Transports.Web).ShouldBeTrue();
    }

    [Fact]
    public async Task ABlockedTransportIsRefusedBeforeMiddlewareAndInputs()
    {
        var called = 0;
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("blocked", (Needs _) => new Done("")).AllowTransport(Transports.None);
            polywire.Services.AddSingleton(new MiddlewareRegistration(1, _ => new LambdaMiddleware((context, next) =>
            {
                called++;
                return next(context);
            })));
        });
        var client = await host.ConnectAsync();

        var error = await client.RunAsync<JsonElement>("blocked").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.UnsupportedServerType);
        called.ShouldBe(0);
    }

    [Fact]
    public async Task P8_TheVersionThatRunsIsAmongTheParams()
    {
        object? seen = null;
        var host = await StartAsync(polywire => polywire
            .AddAction(Act.Sync("v", context => new Done("1")))
            .AddAction(Act.Sync("v", context => new Done($"{seen = context.Params["apiVersion"]}"), "3")));

        (await host.RunAsync<Done>("v")).What.ShouldBe("3");

        seen.ShouldBe(3L);
    }

    [Fact]
    public async Task P8_AVersionThatWasAskedForStaysAsItWasSent()
    {
        object? seen = null;
        var host = await StartAsync(polywire => polywire
            .AddAction(Act.Sync("v", context => new Done($"{seen = context.Params["apiVersion"]}")))
            .AddAction(Act.Sync("v", _ => new Done("wrong"), "3")));

        await host.RunAsync<Done>("v", new { apiVersion = "1" });

        seen.ShouldBe("1");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("false")]
    public async Task P8_AVersionThatIsFalseIsReplacedByTheOneThatRuns(string version)
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("v", context => new Dictionary<string, object?>
        {
            ["indexer"] = context.Params["apiVersion"],
            ["listed"] = context.Params.Single(pair => pair.Key == "apiVersion").Value,
        }, "3")));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":"v","apiVersion":{{version}}}""")).ShouldBe("""{"indexer":3,"listed":3}""");
    }

    [Fact]
    public async Task P2_RunsDoNotSeeEachOthersChangesOfParams()
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction("change", inputs => inputs.Optional("a"), async (context, _) =>
        {
            context.Response["before"] = context.Params["a"];
            context.Params["a"] = "changed";
            await _gate.Task;
            context.Response["after"] = context.Params["a"];
        }));
        var client = await host.ConnectAsync();

        var first = AnswerAsync(client, """{"action":"change","a":1}""").AsTask();
        var second = AnswerAsync(client, """{"action":"change","a":2}""").AsTask();
        _gate.SetResult();

        (await first.WithinLimit()).ShouldBe("""{"before":1,"after":"changed"}""");
        (await second.WithinLimit()).ShouldBe("""{"before":2,"after":"changed"}""");
    }

    [Fact]
    public async Task P11_AnActionMayHaveAnsweredAnotherWay()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("silent", (Empty _, ActionContext context) => new Done($"{context.ToRender = false}"));
            polywire.MapAction("loud", (Empty _) => new Done("loud"));
        });
        var client = await host.ConnectAsync();

        (await ResponseAsync(client, """{"action":"silent"}""", response => response.ToRender)).ShouldBeFalse();
        (await ResponseAsync(client, """{"action":"loud"}""", response => response.ToRender)).ShouldBeTrue();
    }

    [Fact]
    public async Task NothingToAnswerIsAnAnswerAllTheSame()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("none", (Empty _) => ActionResult.None);
            polywire.MapAction("noContent", (Empty _) => ActionResult.NoContent);
        });
        var client = await host.ConnectAsync();

        (await ResponseAsync(client, """{"action":"none"}""", response => response.ToRender)).ShouldBeTrue();
        (await ResponseAsync(client, """{"action":"noContent"}""", response => response.ToRender)).ShouldBeTrue();
    }

    [Fact]
    public async Task TheScopeLivesUntilTheAnswerWasTaken()
    {
        var disposed = 0;
        var disposedBefore = -1;
        var host = await StartAsync(
            polywire => polywire.MapAction("scoped", (Empty _, ActionContext context) =>
            {
                context.Services.GetRequiredService<Resource>();
                return new Done("");
            }),
            options => options.ConfigureServices(services => services.AddScoped(_ => new Resource(() => disposed++))));
        var client = await host.ConnectAsync();

        await ResponseAsync(client, """{"action":"scoped"}""", _ => disposedBefore = disposed);

        disposedBefore.ShouldBe(0);
        disposed.ShouldBe(1);
        client.Connection.PendingActions.ShouldBe(0);
    }

    [Fact]
    public async Task AServiceThatFailsToDisposeDoesNotTakeTheAnswerAway()
    {
        ExpectedErrors = entry => entry.Exception is InvalidOperationException;
        var host = await StartAsync(
            polywire => polywire.MapAction("scoped", (Empty _, ActionContext context) =>
            {
                context.Services.GetRequiredService<Resource>();
                return new Done("done");
            }),
            options => options.ConfigureServices(
                services => services.AddScoped(_ => new Resource(() => throw new InvalidOperationException("broken")))));
        var client = await host.ConnectAsync();

        (await client.RunAsync<Done>("scoped")).What.ShouldBe("done");

        client.Connection.PendingActions.ShouldBe(0);
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Error && entry.Exception!.Message == "broken");
    }

    [Fact]
    public async Task AnActionThatIsDisposableIsDisposedAfterItsRun()
    {
        var actions = new List<DisposableAction>();
        var host = await StartAsync(polywire => polywire.AddAction(new ActionDescriptor<Empty, Done>(
            "disposable",
            new ActionVersion(1),
            _ =>
            {
                actions.Add(new DisposableAction());
                return actions[^1];
            },
            static (ref _) => Empty.Instance)));

        (await host.RunAsync<Done>("disposable")).What.ShouldBe("not yet");
        (await host.RunAsync<Done>("disposable")).What.ShouldBe("not yet");

        actions.Count.ShouldBe(2);
        actions.ShouldAllBe(action => action.Disposed);
    }

    private static async Task<ActionStatus> OutcomeAsync(Task<Done> run)
    {
        try
        {
            await run;
            return ActionStatus.Success;
        }
        catch (ActionException exception)
        {
            return exception.Status;
        }
    }

    private void AddActions(IPolywireBuilder polywire)
    {
        polywire.MapAction("quick", (Empty _) => new Done("quick"));
        polywire.MapAction<Empty, Done>("gated", async (_, _, _) =>
        {
            await _gate.Task;
            return new Done("gated");
        });
    }

    private static Task<Done>[] Saturate(TestConnection client, int runs) =>
        [.. Enumerable.Range(0, runs).Select(_ => client.RunAsync<Done>("gated"))];

    private async Task ReleaseAsync(Task<Done>[] pending)
    {
        _gate.SetResult();
        await Task.WhenAll(pending).WithinLimit();
    }

    private sealed record Needs(string Name);

    private sealed class Resource(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }

    private sealed class DisposableAction : IAction<Empty, Done>, IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;

        public ValueTask<Done> RunAsync(Empty input, ActionContext context, CancellationToken cancellationToken) =>
            new(new Done(Disposed ? "too early" : "not yet"));
    }
}
