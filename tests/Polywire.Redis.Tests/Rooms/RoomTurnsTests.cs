using Polywire.Redis.Rooms;
using Polywire.TestSupport;
using Shouldly;
using Xunit;
using static Polywire.Redis.Rooms.RoomTurns;

namespace Polywire.Redis.Tests.Rooms;

public sealed class RoomTurnsTests
{
    private readonly RoomTurns _turns = new();

    [Fact]
    public async Task NO25_OneAfterTheOtherInTheOrderOfTheCalls()
    {
        var first = _turns.Take("room", Kind.Alone);
        var second = _turns.Take("room", Kind.Alone);
        var third = _turns.Take("room", Kind.Alone);
        var secondHas = second.WaitAsync(default);
        var thirdHas = third.WaitAsync(default);
        await first.WaitAsync(default).WithinLimit();
        (secondHas.IsCompleted, thirdHas.IsCompleted).ShouldBe((false, false));

        first.Dispose();
        await secondHas.WithinLimit();
        thirdHas.IsCompleted.ShouldBeFalse();

        second.Dispose();
        await thirdHas.WithinLimit();
        third.Dispose();
    }

    [Fact]
    public async Task RoomsDoNotWaitForEachOther()
    {
        using var one = _turns.Take("one", Kind.Alone);

        using var another = _turns.Take("another", Kind.Alone);

        await another.WaitAsync(default).WithinLimit();
    }

    [Fact]
    public async Task WhoGivesUpLetsNobodyPastThoseBefore()
    {
        var first = _turns.Take("room", Kind.Alone);
        var second = _turns.Take("room", Kind.Alone);
        var third = _turns.Take("room", Kind.Alone);
        using var cancelled = new CancellationTokenSource();
        var secondHas = second.WaitAsync(cancelled.Token);
        var thirdHas = third.WaitAsync(default);

        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(secondHas).WithinLimit();
        second.Dispose();
        thirdHas.IsCompleted.ShouldBeFalse();

        first.Dispose();
        await thirdHas.WithinLimit();
        third.Dispose();
    }

    [Fact]
    public async Task TwoWhoWantTheSameRoomsDoNotWaitForEachOther()
    {
        string[] rooms = ["a", "b", "c", "d"];
        var inside = 0;

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            using var turn = _turns.Take(i % 2 == 0 ? rooms : rooms.Reverse(), Kind.Alone);
            await turn.WaitAsync(default);
            Interlocked.Increment(ref inside).ShouldBe(1);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }))).WithinLimit();

        _turns.Count.ShouldBe(0);
    }

    [Fact]
    public async Task NO25_JoinsThatFollowEachOtherHaveTheirTurnTogether_AndLeavesTheirs()
    {
        var first = _turns.Take("room", Kind.Join);
        var second = _turns.Take("room", Kind.Join);
        var leave = _turns.Take("room", Kind.Leave);
        var late = _turns.Take("room", Kind.Join);
        var later = _turns.Take("room", Kind.Join);
        var (leaveHas, lateHas, laterHas) = (leave.WaitAsync(default), late.WaitAsync(default), later.WaitAsync(default));
        await first.WaitAsync(default).WithinLimit();
        await second.WaitAsync(default).WithinLimit();

        second.Dispose();
        leaveHas.IsCompleted.ShouldBeFalse();
        first.Dispose();
        await leaveHas.WithinLimit();
        (lateHas.IsCompleted, laterHas.IsCompleted).ShouldBe((false, false));

        leave.Dispose();
        await lateHas.WithinLimit();
        await laterHas.WithinLimit();
        late.Dispose();
        later.Dispose();
        _turns.Count.ShouldBe(0);
    }

    [Fact]
    public async Task WhoJoinsAGroupThatAllHaveGivenUpWaitsForThoseBefore()
    {
        var first = _turns.Take("room", Kind.Alone);
        _turns.Take("room", Kind.Join).Dispose();
        var join = _turns.Take("room", Kind.Join);
        var has = join.WaitAsync(default);
        has.IsCompleted.ShouldBeFalse();

        first.Dispose();
        await has.WithinLimit();
        var last = _turns.Take("room", Kind.Alone);
        var lastHas = last.WaitAsync(default);
        lastHas.IsCompleted.ShouldBeFalse();

        join.Dispose();
        await lastHas.WithinLimit();
        last.Dispose();
        await Until.TrueAsync(() => _turns.Count == 0);
    }

    [Fact]
    public async Task KindsNeverMeet()
    {
        var inside = new int[3];

        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Task.Run(async () =>
        {
            var kind = (Kind)(i * 7 % 3);
            using var cancelled = new CancellationTokenSource();
            using var turn = _turns.Take(i % 4 == 0 ? ["a", "b"] : ["a"], kind);
            if (i % 5 == 0)
            {
                await cancelled.CancelAsync();
            }

            try
            {
                await turn.WaitAsync(cancelled.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Interlocked.Increment(ref inside[(int)kind]);
            await Task.Yield();
            for (var other = 0; other < 3; other++)
            {
                if (other != (int)kind)
                {
                    Volatile.Read(ref inside[other]).ShouldBe(0);
                }
            }

            Interlocked.Decrement(ref inside[(int)kind]);
        }))).WithinLimit();

        await Until.TrueAsync(() => _turns.Count == 0);
    }

    [Fact]
    public async Task NothingIsKeptOfRoomsInWhichNobodyWaits()
    {
        for (var i = 0; i < 1000; i++)
        {
            using var turn = _turns.Take([$"{i}", "same", "same"], (Kind)(i % 3));
            await turn.WaitAsync(default).WithinLimit();
            turn.Dispose();
            turn.Dispose();
        }

        _turns.Count.ShouldBe(0);
    }
}
