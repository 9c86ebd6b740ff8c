using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Diagnostics;

/// <summary>core.md N-10: one activity for each run.</summary>
[Collection(Alone.Name)]
public sealed class ActivityTests : HostTest
{
    private readonly List<Activity> _ended = [];
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARunHasAnActivityThatItsCodeSees(bool waits)
    {
        using var listener = Listen();
        string? seen = null;
        var host = await StartAsync(polywire => polywire.AddAction(Act.Of("traced", async (_, _) =>
        {
            if (waits)
            {
                await Task.Yield();
            }

            seen = Activity.Current?.Id;
            return new Done("");
        }, "2")));
        var client = await host.ConnectAsync();

        await client.RunAsync<Done>("traced");

        var activity = _ended.ShouldHaveSingleItem();
        activity.OperationName.ShouldBe("action traced");
        activity.Kind.ShouldBe(ActivityKind.Server);
        activity.Status.ShouldBe(ActivityStatusCode.Ok);
        activity.Id.ShouldBe(seen);
        activity.GetTagItem("polywire.transport").ShouldBe("inline");
        activity.GetTagItem("polywire.connection.id").ShouldBe(client.Id);
        activity.GetTagItem("polywire.action.version").ShouldBe("2");
    }

    [Fact]
    public async Task AFailedRunSaysSo()
    {
        using var listener = Listen();
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync<Done>("traced", _ => throw new ActionException("no"))));

        await host.RunAsync<Done>("traced").ShouldThrowAsync<ActionException>();

        var activity = _ended.ShouldHaveSingleItem();
        (activity.Status, activity.StatusDescription).ShouldBe((ActivityStatusCode.Error, "no"));
    }

    [Fact]
    public async Task ARunPastItsDeadlineEndsItsActivityThen()
    {
        using var listener = Listen();
        var host = await StartAsync(polywire => polywire.AddAction(Act.Of("traced", async (_, _) =>
        {
            await _gate.Task;
            return new Done("");
        })));
        var run = host.RunAsync<Done>("traced");
        await host.Time.WaitForTimersAsync(1, Within.Limit);

        host.Time.Advance(TimeSpan.FromMinutes(5));
        await run.ShouldThrowAsync<ActionException>();

        _ended.ShouldHaveSingleItem().StatusDescription.ShouldBe("the action timed out");
        _gate.SetResult();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARunIsNotTheParentOfTheNextOneOnItsConnection(bool waits)
    {
        using var listener = Listen();
        var host = await StartAsync(polywire => polywire.AddAction(Act.Of("traced", async (_, _) =>
        {
            if (waits)
            {
                await _gate.Task;
            }

            return new Done("");
        })));
        var client = await host.ConnectAsync();

        // As a message loop does: the next request is looked at while the run before it goes on.
        var processor = host.Services.GetRequiredService<Polywire.Pipeline.ActionProcessor>();
        var runs = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            var context = Polywire.Pipeline.ActionContextPool.Rent();
            context.Params.Attach(Act.Set("""{"action":"traced"}"""));
            runs.Add(EndAsync(processor, processor.ProcessAsync(client.Connection, context)));
            Activity.Current.ShouldBeNull();
        }

        _gate.SetResult();
        await Task.WhenAll(runs).WithinLimit();

        _ended.Count.ShouldBe(3);
        _ended.ShouldAllBe(activity => activity.ParentId == null);
        _ended.Select(activity => activity.TraceId).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task TheLogLineIsWrittenInsideTheActivity()
    {
        using var listener = Listen();
        var host = await StartAsync(
            polywire => polywire.AddAction(Act.Sync("traced", _ => new Done(""))),
            options => options.ConfigureServices(services => services.Configure<Microsoft.Extensions.Logging.LoggerFactoryOptions>(
                logging => logging.ActivityTrackingOptions = Microsoft.Extensions.Logging.ActivityTrackingOptions.TraceId)));

        await host.RunAsync<Done>("traced");

        var line = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions");
        line.Scopes.ShouldContain(scope => $"{scope}".Contains(_ended.Single().TraceId.ToHexString()));
    }

    private static async Task EndAsync(Polywire.Pipeline.ActionProcessor processor, ValueTask<Polywire.Pipeline.ActionResponse> run) =>
        await processor.EndAsync(await run);

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PolywireTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (_ended)
                {
                    _ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
