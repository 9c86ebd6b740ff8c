using System.Text;
using System.Threading.Channels;
using Shouldly;
using Xunit;

namespace Polywire.TestSupport.Contracts;

/// <summary>What every <see cref="IRoomLog"/> guarantees; derive from it for each implementation.</summary>
public abstract class RoomLogContract : IAsyncDisposable
{
    private static readonly RoomLogBounds Bounds = new() { Count = 100, Age = TimeSpan.FromHours(1) };

    /// <summary>Makes the log of one node; all that are made for a test share what they keep, which is empty at first.</summary>
    protected abstract ValueTask<IRoomLog> CreateLogAsync();

    /// <summary>Lets time pass for the log.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    /// <summary>Gives back what the logs hold.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task DL10_MessagesAreNumberedWithoutHolesInTheOrderOfTheCalls()
    {
        var log = await CreateLogAsync();

        var said = new List<Task<AppendOutcome>>();
        for (var i = 1; i <= 50; i++)
        {
            said.Add(AppendAsync(log, $"{i}"));
        }

        var outcomes = await Task.WhenAll(said).WithinLimit();
        outcomes.ShouldAllBe(outcome => outcome.Result == AppendResult.Appended);
        outcomes.Select(outcome => outcome.Position.Offset).ShouldBe(Enumerable.Range(1, 50).Select(i => (long)i));
        outcomes.Select(outcome => outcome.Position.Epoch).Distinct().ShouldHaveSingleItem().ShouldNotBeNull().ShouldMatch("^[A-Za-z0-9_-]{16}$");
        (await ReadAsync(log)).Entries.Select(Text).ShouldBe(Enumerable.Range(1, 50).Select(i => $"{i}"));
    }

    [Fact]
    public async Task DL80_ManyNodesThatAppendAtOnceShareOneRowOfNumbers()
    {
        IRoomLog[] logs = [await CreateLogAsync(), await CreateLogAsync()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => AppendAsync(logs[i % 2], $"{i}")))).WithinLimit();

        outcomes.Select(outcome => outcome.Position.Offset).Order().ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        var kept = (await ReadAsync(logs[0])).Entries;
        for (var i = 0; i < 100; i++)
        {
            Text(kept[(int)outcomes[i].Position.Offset - 1]).ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task DL13_APositionHasAnEpochBeforeAnythingIsSaid()
    {
        var log = await CreateLogAsync();

        var state = await StateAsync(log);

        state.Top.Offset.ShouldBe(0);
        state.Top.Epoch.ShouldNotBeNull();
        state.First.ShouldBe(1);
        (await AppendAsync(log, "a")).Position.ShouldBe(new RoomPosition(state.Top.Epoch, 1));
    }

    [Fact]
    public async Task PositionsOfManyRoomsComeInTheOrderAsked()
    {
        var log = await CreateLogAsync();
        await AppendAsync(log, "a", room: "x");
        await AppendAsync(log, "b", room: "x");
        await AppendAsync(log, "c", room: "y");
        await log.DestroyAsync("y", default);

        var states = await log.PositionsAsync([new("y", Bounds), new("z", Bounds), new("x", Bounds)], default);

        states.Select(state => state?.Top.Offset).ShouldBe([null, 0, 2]);
    }

    [Fact]
    public async Task DL14_HistoryIsBoundedByCount()
    {
        var log = await CreateLogAsync();
        var bounds = Bounds with { Count = 3 };
        for (var i = 1; i <= 5; i++)
        {
            await AppendAsync(log, $"{i}", bounds);
        }

        var page = await ReadAsync(log, bounds: bounds);

        page.Entries.Select(Text).ShouldBe(["3", "4", "5"]);
        (page.State.First, page.State.Top.Offset).ShouldBe((3, 5));
    }

    [Fact]
    public async Task DL14_WhatIsOlderThanTheAgeIsNeverGivenOut_AndItsNumberNotUsedAgain()
    {
        var log = await CreateLogAsync();
        var bounds = Bounds with { Age = TimeSpan.FromSeconds(10) };
        await AppendAsync(log, "1", bounds);
        await AdvanceAsync(TimeSpan.FromSeconds(6));
        await AppendAsync(log, "2", bounds);
        await AdvanceAsync(TimeSpan.FromSeconds(6));

        var page = await ReadAsync(log, bounds: bounds);
        page.Entries.Select(Text).ShouldBe(["2"]);
        page.State.First.ShouldBe(2);

        await AdvanceAsync(TimeSpan.FromSeconds(6));
        var state = await StateAsync(log, bounds);
        (state.First, state.Top.Offset).ShouldBe((3, 2));
        (await AppendAsync(log, "3", bounds)).Position.ShouldBe(new RoomPosition(state.Top.Epoch, 3));
    }

    [Fact]
    public async Task ReadsPagesBehindAnOffset()
    {
        var log = await CreateLogAsync();
        for (var i = 1; i <= 7; i++)
        {
            await AppendAsync(log, $"{i}");
        }

        (await ReadAsync(log, after: 2, limit: 3)).Entries.Select(entry => entry.Offset).ShouldBe([3, 4, 5]);
        (await ReadAsync(log, after: 5, limit: 3)).Entries.Select(entry => entry.Offset).ShouldBe([6, 7]);
        (await ReadAsync(log, after: 7, limit: 3)).Entries.ShouldBeEmpty();
        (await ReadAsync(log, after: 99, limit: 3)).Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task DL31_AnIdIsAppendedOnce_WhoeverRepeatsIt()
    {
        IRoomLog[] logs = [await CreateLogAsync(), await CreateLogAsync()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => AppendAsync(logs[i % 2], "same", id: Id("x"))))).WithinLimit();
        var repeated = await AppendAsync(logs[1], "same", id: Id("x"));

        outcomes.Count(outcome => outcome.Result == AppendResult.Appended).ShouldBe(1);
        outcomes.Select(outcome => outcome.Position).Distinct().ShouldHaveSingleItem().Offset.ShouldBe(1);
        (repeated.Result, repeated.Position).ShouldBe((AppendResult.Duplicate, outcomes[0].Position));
        var entry = (await ReadAsync(logs[0])).Entries.ShouldHaveSingleItem();
        entry.Id.ShouldBe("x");
    }

    [Fact]
    public async Task DL31_AnIdWithAnotherMessageIsRefused_OfAnotherUserItIsAnother()
    {
        var log = await CreateLogAsync();
        await AppendAsync(log, "1", id: Id("x"));

        var other = await AppendAsync(log, "2", id: Id("x") with { Fingerprint = "other" });
        var foreign = await AppendAsync(log, "3", id: Id("x") with { User = "42" });

        (other.Result, other.Position).ShouldBe((AppendResult.IdInUse, default));
        (foreign.Result, foreign.Position.Offset).ShouldBe((AppendResult.Appended, 2));
    }

    [Fact]
    public async Task DL31_TheWindowIsCountedFromTheFirst()
    {
        var log = await CreateLogAsync();
        var bounds = Bounds with { DedupeWindow = TimeSpan.FromSeconds(10) };
        await AppendAsync(log, "1", bounds, Id("x"));
        await AdvanceAsync(TimeSpan.FromSeconds(6));
        (await AppendAsync(log, "1", bounds, Id("x"))).Result.ShouldBe(AppendResult.Duplicate);
        await AdvanceAsync(TimeSpan.FromSeconds(6));

        (await log.FindAsync("room", Id("x"), default)).ShouldBeNull();
        var again = await AppendAsync(log, "1", bounds, Id("x"));

        (again.Result, again.Position.Offset).ShouldBe((AppendResult.Appended, 2));
    }

    [Fact]
    public async Task DL34_AnIdIsFoundWithoutAppending()
    {
        var log = await CreateLogAsync();
        (await log.FindAsync("room", Id("x"), default)).ShouldBeNull();
        var first = await AppendAsync(log, "1", id: Id("x"));

        (await log.FindAsync("room", Id("x"), default)).ShouldBe(first with { Result = AppendResult.Duplicate });
        (await log.FindAsync("room", Id("x") with { Fingerprint = "other" }, default))!.Value.Result.ShouldBe(AppendResult.IdInUse);
        (await log.FindAsync("other", Id("x"), default)).ShouldBeNull();
        (await StateAsync(log)).Top.Offset.ShouldBe(1);
    }

    [Fact]
    public async Task DL32_ARoomWithoutHistoryNotesIdsAlone()
    {
        var log = await CreateLogAsync();
        var bounds = Bounds with { Count = 0 };

        var first = await AppendAsync(log, "1", bounds, Id("x"));
        var again = await AppendAsync(log, "1", bounds, Id("x"));
        var other = await AppendAsync(log, "2", bounds, Id("x") with { Fingerprint = "other" });

        (first.Result, first.Position).ShouldBe((AppendResult.Appended, default));
        (again.Result, again.Position).ShouldBe((AppendResult.Duplicate, default));
        other.Result.ShouldBe(AppendResult.IdInUse);
    }

    [Fact]
    public async Task DL81_ADestroyedRoomTakesAndGivesNothing()
    {
        var log = await CreateLogAsync();
        await AppendAsync(log, "1", id: Id("x"));

        await log.DestroyAsync("room", default);
        await log.DestroyAsync("room", default);

        (await AppendAsync(log, "2")).Result.ShouldBe(AppendResult.NoRoom);
        (await AppendAsync(log, "1", id: Id("x"))).Result.ShouldBe(AppendResult.NoRoom);
        (await log.ReadAsync("room", 0, 10, Bounds, default)).ShouldBeNull();
    }

    [Fact]
    public async Task DL12_ARoomMadeAnewHasAnotherEpoch()
    {
        var log = await CreateLogAsync();
        var first = await AppendAsync(log, "1", id: Id("x"));
        await log.DestroyAsync("room", default);

        await log.BeginAsync("room", default);
        var second = await AppendAsync(log, "1", id: Id("x"));
        await log.BeginAsync("room", default);

        (second.Result, second.Position.Offset).ShouldBe((AppendResult.Appended, 1));
        second.Position.Epoch.ShouldNotBe(first.Position.Epoch);
        (await StateAsync(log)).Top.ShouldBe(second.Position);
        (await ReadAsync(log)).Entries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task DL82_ListenersOfAllNodesAreToldInOrder()
    {
        IRoomLog[] logs = [await CreateLogAsync(), await CreateLogAsync()];
        var (one, two) = (Channel.CreateUnbounded<RoomLogEvent>(), Channel.CreateUnbounded<RoomLogEvent>());
        await using var a = await logs[0].ListenAsync("room", (told, token) => one.Writer.WriteAsync(told, token), default);
        await using var b = await logs[1].ListenAsync("room", (told, token) => two.Writer.WriteAsync(told, token), default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => AppendAsync(logs[i % 2], $"{i}")))).WithinLimit();
        await AppendAsync(logs[0], "elsewhere", room: "other");
        await logs[0].DestroyAsync("room", default);

        foreach (var told in new[] { one.Reader, two.Reader })
        {
            for (var offset = 1; offset <= 50; offset++)
            {
                var message = await told.ReadAsync().WithinLimit();
                (message.Epoch, message.Entry.Offset, message.IsEnd).ShouldBe((outcomes[0].Position.Epoch!, offset, false));
                outcomes[int.Parse(Text(message.Entry), null)].Position.Offset.ShouldBe(offset);
            }

            (await told.ReadAsync().WithinLimit()).IsEnd.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task WhoHasStoppedListeningIsToldNothing_AndWhoFailsIsToldMore()
    {
        var log = await CreateLogAsync();
        var told = Channel.CreateUnbounded<string>();
        var gone = await log.ListenAsync("room", (_, token) => told.Writer.WriteAsync("gone", token), default);
        await using var stays = await log.ListenAsync(
            "room",
            (message, token) => message.Entry.Offset == 1
                ? throw new InvalidOperationException("broken")
                : told.Writer.WriteAsync(Text(message.Entry), token),
            default);

        await gone.DisposeAsync();
        await gone.DisposeAsync();
        await AppendAsync(log, "1");
        await AppendAsync(log, "2");

        (await told.Reader.ReadAsync().WithinLimit()).ShouldBe("2");
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ünï:{code}*?[x]%7B")]
    [InlineData("a\nb\0c")]
    public async Task TakesAnyName(string room)
    {
        var log = await CreateLogAsync();

        await AppendAsync(log, "\"ü\\n\"", room: room);

        (await log.ReadAsync(room, 0, 10, Bounds, default))!.Entries.Select(Text).ShouldBe(["\"ü\\n\""]);
        (await ReadAsync(log)).Entries.ShouldBeEmpty();
    }

    private static RoomLogId Id(string value) => new() { Value = value, Fingerprint = "0123456789abcdef" };

    private static string Text(RoomLogEntry entry) => Encoding.UTF8.GetString(entry.Body.Span);

    private static Task<AppendOutcome> AppendAsync(IRoomLog log, string body, RoomLogBounds? bounds = null, RoomLogId? id = null, string room = "room") =>
        log.AppendAsync(room, new RoomLogMessage { Body = Encoding.UTF8.GetBytes(body), Id = id }, bounds ?? Bounds, default).AsTask();

    private static async Task<RoomLogPage> ReadAsync(IRoomLog log, long after = 0, int limit = 1000, RoomLogBounds? bounds = null) =>
        (await log.ReadAsync("room", after, limit, bounds ?? Bounds, default)).ShouldNotBeNull();

    private static async Task<RoomLogState> StateAsync(IRoomLog log, RoomLogBounds? bounds = null) =>
        (await log.PositionsAsync([new("room", bounds ?? Bounds)], default)).ShouldHaveSingleItem().ShouldNotBeNull();
}
