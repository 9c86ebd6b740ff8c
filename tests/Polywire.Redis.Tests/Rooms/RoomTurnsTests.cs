using Polywire.Redis.Rooms;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Rooms;

public sealed class RoomTurnsTests
{
    private readonly RoomTurns _turns = new();

    [Fact]
    public async Task NO25_OneAfterTheOtherInTheOrderOfTheCalls()
    {
        var first = _turns.Take("room");
        var second = _turns.Take("room");
        var third = _turns.Take("room");
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
        using var one = _turns.Take("one");

        using var another = _turns.Take("another");

        await another.WaitAsync(default).WithinLimit();
    }

    [Fact]
    public async Task WhoGivesUpLetsNobodyPastThoseBefore()
    {
        var first = _turns.Take("room");
        var second = _turns.Take("room");
        var third = _turns.Take("room");
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
            using var turn = _turns.Take(i % 2 == 0 ? rooms : rooms.Reverse());
            await turn.WaitAsync(default);
            Interlocked.Increment(ref inside).ShouldBe(1);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }))).WithinLimit();

        _turns.Count.ShouldBe(0);
    }

    [Fact]
    public async Task NothingIsKeptOfRoomsInWhichNobodyWaits()
    {
        for (var i = 0; i < 1000; i++)
        {
            using var turn = _turns.Take([$"{i}", "same", "same"]);
            await turn.WaitAsync(default).WithinLimit();
            turn.Dispose();
            turn.Dispose();
        }

        _turns.Count.ShouldBe(0);
    }
}
