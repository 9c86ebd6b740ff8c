using Polywire.Bounds;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Bounds;

public sealed class InputBudgetTests : IDisposable
{
    private const int Chunk = InputBudget.ChunkBytes;

    private readonly ManualTimeProvider _time = new();
    private readonly InputBudget _budget;

    public InputBudgetTests() => _budget = new InputBudget(new InputLimits(10 * Chunk, TimeSpan.FromSeconds(30), 240), _time);

    public void Dispose() => _budget.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(InputBudget.FreeBytes, 0)]
    [InlineData(InputBudget.FreeBytes + 1, Chunk)]
    [InlineData(Chunk, Chunk)]
    [InlineData(Chunk + 1, 2 * Chunk)]
    public void ChargesWholeChunksBeyondWhatIsFree(long held, long charged) => InputBudget.ChargeFor(held).ShouldBe(charged);

    [Fact]
    public void EndsWhoeverHoldsMost_AndNobodyElse()
    {
        var small = new Holder(_budget);
        var large = new Holder(_budget);
        var middle = new Holder(_budget);
        middle.Account.Report(3 * Chunk);
        large.Account.Report(6 * Chunk);
        small.Account.Report(Chunk);
        _budget.ChargedBytes.ShouldBe(10 * Chunk);

        small.Account.Report(2 * Chunk);

        large.End!.Value.ShouldBe(new InputEnd(InputEndCause.Budget, 6 * Chunk, _budget.Limits));
        (small.Ends + middle.Ends).ShouldBe(0);
    }

    [Fact]
    public void WhatIsThrownAtAnEnd_ReachesNeitherTheTimerNorAnybodyElse()
    {
        static void Throw(Holder holder) => throw new InvalidOperationException("a log provider");
        Holder[] stalled = [new(_budget, Throw), new(_budget, Throw), new(_budget)];
        foreach (var holder in stalled)
        {
            holder.Account.Report(Chunk);
            holder.Account.Await(1, isNew: true);
        }

        for (var second = 0; second < 40; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        stalled.ShouldAllBe(holder => holder.Ends == 1);
        var greedy = new Holder(_budget, Throw);
        greedy.Account.Report(9 * Chunk);
        new Holder(_budget).Account.Report(2 * Chunk);
        greedy.Ends.ShouldBe(1);
    }

    [Fact]
    public void EndsNobodyElseWhileTheGreediestIsOnItsWay()
    {
        var large = new Holder(_budget);
        var others = Enumerable.Range(0, 9).Select(_ => new Holder(_budget)).ToArray();
        large.Account.Report(9 * Chunk);
        foreach (var other in others)
        {
            other.Account.Report(Chunk);
        }

        large.Ends.ShouldBe(1);
        others.ShouldAllBe(other => other.Ends == 0);
        _budget.ChargedBytes.ShouldBe(18 * Chunk);

        large.Account.Close();
        _budget.ChargedBytes.ShouldBe(9 * Chunk);
        others[0].Account.Report(2 * Chunk);
        others.ShouldAllBe(other => other.Ends == 0);
        others[0].Account.Report(3 * Chunk);
        others.Single(other => other.Ends == 1).ShouldBe(others[0]);
    }

    [Fact]
    public void EndsAsManyAsItTakes()
    {
        var holders = Enumerable.Range(0, 5).Select(_ => new Holder(_budget)).ToArray();
        foreach (var holder in holders)
        {
            holder.Account.Report(2 * Chunk);
        }

        var last = new Holder(_budget);
        last.Account.Report(5 * Chunk);

        // The one that came holds most; with it gone there is room for the others.
        last.Ends.ShouldBe(1);
        holders.ShouldAllBe(holder => holder.Ends == 0);
        var second = new Holder(_budget);
        second.Account.Report(Chunk);
        holders.Select(holder => holder.Ends).ShouldBe([1, 0, 0, 0, 0], "of several that hold the same, the oldest");
    }

    [Fact]
    public void CountsWhatHoldersSayOfThemselves()
    {
        var holder = new Holder(_budget) { OtherBytes = 5 * Chunk };
        holder.Account.Settle();
        _budget.ChargedBytes.ShouldBe(5 * Chunk);
        holder.Account.Report(Chunk);
        _budget.ChargedBytes.ShouldBe(6 * Chunk);
        holder.OtherBytes = 0;
        holder.Account.Settle();
        _budget.ChargedBytes.ShouldBe(Chunk);
    }

    [Fact]
    public void PassesOverWhatIsReportedAfterTheEnd()
    {
        var holder = new Holder(_budget);
        holder.Account.Report(5 * Chunk);
        holder.Account.Close();
        holder.Account.Report(50 * Chunk);
        holder.Account.Close();

        _budget.ChargedBytes.ShouldBe(0);
        _budget.Accounts.ShouldBe(0);
        holder.Ends.ShouldBe(0);
    }

    [Fact]
    public void IsEmptyWhenAllHaveGone_WhateverHappened()
    {
        for (var run = 0; run < 50; run++)
        {
            var seed = Seed.Value + run;
            var random = new Random(seed);
            var ended = new HashSet<Holder>();
            var holders = new List<Holder>();
            for (var step = 0; step < 400; step++)
            {
                var at = random.Next(holders.Count + 1);
                switch (random.Next(6))
                {
                    case 0 or 1 when at == holders.Count || holders.Count < 3:
                        holders.Add(new Holder(_budget, holder => ended.Add(holder).ShouldBeTrue($"seed {seed}")));
                        break;
                    case 2 when at < holders.Count:
                        holders[at].Account.Close();
                        holders.RemoveAt(at);
                        break;
                    case 3:
                        _time.Advance(TimeSpan.FromSeconds(random.Next(20)));
                        break;
                    default:
                        if (at < holders.Count)
                        {
                            var held = random.Next(5 * Chunk);
                            holders[at].Account.Await(held, random.Next(3) == 0);
                            holders[at].Account.Report(held);
                        }

                        break;
                }

                // What stays is within the limit, and whoever was ended for it held as much as anybody that stays.
                var staying = holders.Where(holder => holder.Ends == 0).ToArray();
                staying.Sum(holder => holder.Account.Charged).ShouldBeLessThanOrEqualTo(_budget.Limits.MaxBytes, $"seed {seed}");
            }

            foreach (var holder in holders)
            {
                holder.Account.Close();
            }

            _budget.ChargedBytes.ShouldBe(0, $"seed {seed}");
            _budget.Accounts.ShouldBe(0, $"seed {seed}");
        }
    }

    [Fact]
    public async Task KeepsItsBooksWhenManyThreadsUseIt()
    {
        var ended = 0;
        var tasks = Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var random = new Random(Seed.Value + thread);
            for (var round = 0; round < 500; round++)
            {
                var holder = new Holder(_budget, _ => Interlocked.Increment(ref ended));
                for (var i = 0; i < 5; i++)
                {
                    holder.Account.Report(random.Next(4 * Chunk));
                }

                holder.Account.Close();
                holder.Ends.ShouldBeLessThanOrEqualTo(1);
            }
        }));
        await Task.WhenAll(tasks).WithinLimit();

        _budget.ChargedBytes.ShouldBe(0);
        _budget.Accounts.ShouldBe(0);

        // Nothing is leaving any more either: what fits ends nobody.
        var before = ended;
        var last = new Holder(_budget, _ => Interlocked.Increment(ref ended));
        last.Account.Report(10 * Chunk);
        ended.ShouldBe(before);
        last.Account.Report(11 * Chunk);
        ended.ShouldBe(before + 1);
        last.Account.Close();
    }

    [Fact]
    public void EndsAMessageThatDoesNotGetOn()
    {
        var holder = new Holder(_budget);
        holder.Account.Await(10, isNew: true);
        _time.Advance(TimeSpan.FromSeconds(29));
        holder.Ends.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(10));

        holder.End!.Value.Cause.ShouldBe(InputEndCause.Stalled);
        _time.Advance(TimeSpan.FromMinutes(5));
        holder.Ends.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(300, false)]
    public void AsksForARateHoweverLongTheWhole(int bytesPerSecond, bool ends)
    {
        var holder = new Holder(_budget);
        for (var second = 0; second < 600 && holder.Ends == 0; second++)
        {
            holder.Account.Await((second + 1) * bytesPerSecond, isNew: second == 0);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        holder.Ends.ShouldBe(ends ? 1 : 0);
    }

    [Fact]
    public void ABurstDoesNotBuyTimeForWhatFollows()
    {
        var holder = new Holder(_budget);
        holder.Account.Await(9 * Chunk, isNew: true);
        holder.Account.Await(10 * Chunk, isNew: false);
        for (var second = 0; second < 80 && holder.Ends == 0; second++)
        {
            holder.Account.Await((10 * Chunk) + second, isNew: false);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        holder.Ends.ShouldBe(1);
    }

    [Fact]
    public void LeavesAloneWhoeverSendsOneMessageAfterTheOther_OrNone()
    {
        var busy = new Holder(_budget);
        var resumed = new Holder(_budget);
        var idle = new Holder(_budget);
        idle.Account.Report(2 * Chunk);
        resumed.Account.Await(5, isNew: true);
        resumed.Account.Resume();
        for (var i = 0; i < 100; i++)
        {
            busy.Account.Await(7, isNew: true);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        (busy.Ends + idle.Ends + resumed.Ends).ShouldBe(0);
    }

    [Fact]
    public void AMessageAfterAPauseHasItsOwnTime()
    {
        var holder = new Holder(_budget);
        holder.Account.Await(20_000, isNew: false);
        _time.Advance(TimeSpan.FromSeconds(20));
        holder.Account.Await(0, isNew: true);
        _time.Advance(TimeSpan.FromMinutes(5));
        holder.Account.Await(3, isNew: false);
        _time.Advance(TimeSpan.FromSeconds(29));
        holder.Ends.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(10));
        holder.Ends.ShouldBe(1);
    }

    [Fact]
    public void ASweepThatComesLateJudgesNobody()
    {
        var late = new LateTimeProvider();
        using var budget = new InputBudget(new InputLimits(10 * Chunk, TimeSpan.FromSeconds(30), 240), late);
        var holder = new Holder(budget);
        holder.Account.Await(1, isNew: true);

        late.Pass(TimeSpan.FromMinutes(5));
        late.Fire();
        holder.Ends.ShouldBe(0, "the process stood still, and what has come meanwhile has not been read yet");

        late.Pass(TimeSpan.FromSeconds(8));
        late.Fire();
        holder.Ends.ShouldBe(1);
    }

    [Fact]
    public void HasNoTimerWhileThereIsNothingToLookAt()
    {
        _time.PendingTimers.ShouldBe(0);
        var holder = new Holder(_budget);
        _time.PendingTimers.ShouldBe(1);
        holder.Account.Close();
        _time.Advance(TimeSpan.FromSeconds(8));
        _time.PendingTimers.ShouldBe(0);
        _ = new Holder(_budget);
        _time.PendingTimers.ShouldBe(1);
    }

    [Fact]
    public void ReportingAllocatesNothing()
    {
        var holder = new Holder(_budget);
        holder.Account.Report(9 * Chunk);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            holder.Account.Resume();
            holder.Account.Report(i % 9 * Chunk);
            holder.Account.Await(i, isNew: i % 7 == 0);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    /// <summary>A clock whose timers fire when the test says so, however late.</summary>
    private sealed class LateTimeProvider : TimeProvider
    {
        private long _now = 1;
        private Action? _fire;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;

        public void Fire() => _fire!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return new NoTimer();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
