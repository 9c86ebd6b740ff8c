#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class TracingTests
{
    [Fact]
    public async Task FollowsARequestAtBothEnds()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SockhopTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.DisplayName == "request Traced")
                {
                    ended.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var pair = await new Pair().StartAsync();
        Activity? within = null;
        pair.Server.OnRequest<Traced, int>(async (traced, _, _) =>
        {
            await Task.Yield();
            within = Activity.Current;
            return traced.Fails ? throw new InvalidOperationException("no") : 1;
        });
        using var own = new Activity("own").Start();

        var asking = pair.Client.RequestAsync("Traced", JsonElement.Parse("""{"Fails":false}"""));
        Activity.Current.ShouldBe(own);
        await asking.WithinLimit();
        Activity.Current.ShouldBe(own);
        (await Should.ThrowAsync<SockhopException>(pair.Client.RequestAsync("Traced", JsonElement.Parse("""{"Fails":true}"""), TimeSpan.FromMilliseconds(1)).WithinLimit()))
            .Code.ShouldBe(SockhopErrorCodes.ReplyTimeout);
        await Until.TrueAsync(() => ended.Count == 4);

        ended.Select(activity => (activity.Kind, activity.Status)).ShouldBe(
            [
                (ActivityKind.Client, ActivityStatusCode.Unset),
                (ActivityKind.Server, ActivityStatusCode.Unset),
                (ActivityKind.Client, ActivityStatusCode.Error),
                (ActivityKind.Server, ActivityStatusCode.Error),
            ],
            ignoreOrder: true);
        ended.Where(activity => activity.Kind == ActivityKind.Client).ShouldAllBe(activity => activity.Parent == own);
        within!.Kind.ShouldBe(ActivityKind.Server);
    }

    [SockhopType("Traced")]
    private sealed record Traced(bool Fails);
}
