using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Testing;

public class ManualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _calls = [];

    [Fact]
    public void StandsStillUntilItIsAdvanced()
    {
        _clock.GetUtcNow().ShouldBe(ManualTimeProvider.DefaultStart);

        _clock.Advance(Second);

        _clock.GetUtcNow().ShouldBe(ManualTimeProvider.DefaultStart + Second);
    }

    [Fact]
    public void StartsAtAnyInstantAndTellsItInUtc()
    {
        var start = new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.FromHours(2));

        var clock = new ManualTimeProvider(start);

        clock.GetUtcNow().ShouldBe(start);
        clock.GetUtcNow().Offset.ShouldBe(TimeSpan.Zero);
        clock.GetLocalNow().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void TimestampsFollowTheClock()
    {
        var started = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromMilliseconds(1500));

        _clock.GetElapsedTime(started).ShouldBe(TimeSpan.FromMilliseconds(1500));
        _clock.TimestampFrequency.ShouldBe(TimeSpan.TicksPerSecond);
    }

    [Fact]
    public void SetUtcNowFiresWhatFallsDueOnTheWay()
    {
        using var timer = Set("once", 5 * Second);

        _clock.SetUtcNow(ManualTimeProvider.DefaultStart + (5 * Second));

        _calls.ShouldBe(["once@5"]);
    }

    [Fact]
    public void RefusesToGoBack()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(-Second));
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.SetUtcNow(ManualTimeProvider.DefaultStart - Second));
    }

    [Fact]
    public void FiresTimersInTheOrderTheyFallDue()
    {
        using var late = Set("late", 3 * Second);
        using var early = Set("early", Second);
        using var alsoLate = Set("alsoLate", 3 * Second);

        _clock.Advance(3 * Second);

        _calls.ShouldBe(["early@1", "late@3", "alsoLate@3"]);
        _clock.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public void DoesNotFireBeforeTheInstant()
    {
        using var timer = Set("once", Second);

        _clock.Advance(Second - TimeSpan.FromTicks(1));
        _calls.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromTicks(1));

        _calls.ShouldBe(["once@1"]);
    }

    [Fact]
    public void FiresAPeriodicTimerOnceForEveryPeriod()
    {
        using var periodic = Set("tick", Second, 2 * Second);
        using var single = Set("single", 4 * Second);

        _clock.Advance(6 * Second);

        _calls.ShouldBe(["tick@1", "tick@3", "single@4", "tick@5"]);
        _clock.PendingTimers.ShouldBe(1);
    }

    [Fact]
    public void TakesAPeriodOfZeroForASingleCall()
    {
        using var timer = Set("once", Second, TimeSpan.Zero);

        _clock.Advance(10 * Second);

        _calls.ShouldBe(["once@1"]);
    }

    [Fact]
    public void FiresATimerDueAtOnceWithTheNextAdvance()
    {
        using var timer = Set("now", TimeSpan.Zero);
        _calls.ShouldBeEmpty();

        _clock.Advance(TimeSpan.Zero);

        _calls.ShouldBe(["now@0"]);
    }

    [Fact]
    public void ChangeReplacesTheSchedule()
    {
        using var timer = Set("once", Second);

        timer.Change(5 * Second, Timeout.InfiniteTimeSpan).ShouldBeTrue();
        _clock.Advance(4 * Second);
        _calls.ShouldBeEmpty();
        _clock.Advance(Second);

        _calls.ShouldBe(["once@5"]);
    }

    [Fact]
    public void ChangeToInfiniteStopsATimerAndChangeStartsItAgain()
    {
        using var timer = Set("tick", Second, Second);

        timer.Change(Timeout.InfiniteTimeSpan, Second);
        _clock.Advance(5 * Second);
        _calls.ShouldBeEmpty();
        timer.Change(Second, Timeout.InfiniteTimeSpan);
        _clock.Advance(5 * Second);

        _calls.ShouldBe(["tick@6"]);
    }

    [Fact]
    public async Task ADisposedTimerNeitherFiresNorChanges()
    {
        var first = Set("first", Second, Second);
        var second = Set("second", Second, Second);

        first.Dispose();
        await second.DisposeAsync();
        _clock.Advance(5 * Second);

        _calls.ShouldBeEmpty();
        first.Change(Second, Second).ShouldBeFalse();
        _clock.PendingTimers.ShouldBe(0);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(uint.MaxValue)]
    public void RefusesTimesThatNoTimerTakes(double milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);

        Should.Throw<ArgumentOutOfRangeException>(() => Set("bad", time)).ParamName.ShouldBe("dueTime");
        Should.Throw<ArgumentOutOfRangeException>(() => Set("bad", Second, time)).ParamName.ShouldBe("period");
    }

    [Fact]
    public void ACallbackMaySetAndStopTimers()
    {
        ITimer? own = null;
        using var victim = Set("victim", 2 * Second);
        using var added = Set("added", Timeout.InfiniteTimeSpan);
        own = _clock.CreateTimer(_ => { Note("own"); own!.Dispose(); victim.Dispose(); added.Change(Second, Timeout.InfiniteTimeSpan); }, null, Second, Second);

        _clock.Advance(5 * Second);

        _calls.ShouldBe(["own@1", "added@2"]);
    }

    [Fact]
    public void ACallbackMayAdvanceTheClock()
    {
        using var timer = _clock.CreateTimer(_ => { Note("outer"); _clock.Advance(10 * Second); }, null, Second, Timeout.InfiniteTimeSpan);
        using var inner = Set("inner", 3 * Second);

        _clock.Advance(2 * Second);

        _calls.ShouldBe(["outer@1", "inner@3"]);
        _clock.GetUtcNow().ShouldBe(ManualTimeProvider.DefaultStart + (11 * Second));
    }

    [Fact]
    public void CallbacksRunOnTheAdvancingThreadUnderNoLock()
    {
        var thread = 0;
        var readElsewhere = default(DateTimeOffset);
        using var timer = _clock.CreateTimer(
            _ =>
            {
                thread = Environment.CurrentManagedThreadId;
                var other = new Thread(() => readElsewhere = _clock.GetUtcNow()) { IsBackground = true };
                other.Start();
                other.Join(Within.Limit).ShouldBeTrue();
            },
            null,
            Second,
            Timeout.InfiniteTimeSpan);

        _clock.Advance(Second);

        thread.ShouldBe(Environment.CurrentManagedThreadId);
        readElsewhere.ShouldBe(ManualTimeProvider.DefaultStart + Second);
    }

    [Fact]
    public void AnExceptionOfACallbackReachesTheTestAndLeavesTheClockUsable()
    {
        using var bad = _clock.CreateTimer(_ => throw new InvalidOperationException("bad"), null, Second, Timeout.InfiniteTimeSpan);
        using var good = Set("good", 2 * Second);

        Should.Throw<InvalidOperationException>(() => _clock.Advance(5 * Second)).Message.ShouldBe("bad");
        _clock.GetUtcNow().ShouldBe(ManualTimeProvider.DefaultStart + Second);
        _clock.Advance(5 * Second);

        _calls.ShouldBe(["good@2"]);
    }

    [Fact]
    public async Task DelaysAndTimeoutsOfTheFrameworkFollowTheClock()
    {
        using var source = new CancellationTokenSource(2 * Second, _clock);
        using var ticker = new PeriodicTimer(Second, _clock);
        var delay = Task.Delay(Second, _clock, CancellationToken.None);
        var tick = ticker.WaitForNextTickAsync(CancellationToken.None);

        _clock.Advance(Second);

        await delay.WithinLimit();
        (await tick.AsTask().WithinLimit()).ShouldBeTrue();
        source.IsCancellationRequested.ShouldBeFalse();
        _clock.Advance(Second);
        source.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void ACallbackSeesTheContextInWhichItsTimerWasMade()
    {
        var ambient = new AsyncLocal<string> { Value = "made" };
        var seen = "";
        using var timer = _clock.CreateTimer(_ => seen = ambient.Value, null, Second, Timeout.InfiniteTimeSpan);
        ambient.Value = "advanced";

        _clock.Advance(Second);

        seen.ShouldBe("made");
        ambient.Value.ShouldBe("advanced");
    }

    [Fact]
    public async Task WaitsForCodeThatIsAboutToSetItsTimer()
    {
        var waiting = Task.Run(() => Task.Delay(Second, _clock, CancellationToken.None), CancellationToken.None);

        await _clock.WaitForTimersAsync(1, Within.Limit);
        _clock.Advance(Second);

        await waiting.WithinLimit();
        await Should.ThrowAsync<TimeoutException>(() => _clock.WaitForTimersAsync(1, TimeSpan.Zero));
    }

    [Fact]
    public async Task ThreadsMayUseItAtOnce()
    {
        var fired = 0;
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var dropped = _clock.CreateTimer(_ => { }, null, TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan);
                _clock.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromTicks(i), Timeout.InfiniteTimeSpan);
                _clock.Advance(TimeSpan.FromTicks(1));
            }
        }));

        await Task.WhenAll(workers).WithinLimit();
        _clock.Advance(Second);

        fired.ShouldBe(2000);
        _clock.PendingTimers.ShouldBe(0);
    }

    private ITimer Set(string name, TimeSpan dueTime, TimeSpan? period = null) =>
        _clock.CreateTimer(_ => Note(name), null, dueTime, period ?? Timeout.InfiniteTimeSpan);

    private void Note(string name) => _calls.Add($"{name}@{(_clock.GetUtcNow() - ManualTimeProvider.DefaultStart).TotalSeconds}");
}
