using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Cluster;
using Polywire.Rooms;
using Polywire.TestSupport;
using Polywire.TestSupport.Faults;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Rooms;

/// <summary>What comes while a feed reads, and what comes of another history, is neither lost nor out of place (cluster.md DL-11, DL-86).</summary>
public class RoomFeedTests
{
    private const string Room = "room";

    private static readonly RoomLogBounds Kept = new() { Count = 10_000, Age = TimeSpan.FromHours(1) };
    private static readonly RoomLogBounds KeepsOne = new() { Count = 1, Age = TimeSpan.FromHours(1) };

    private readonly FaultyRoomLog _log = new(new InProcessRoomLog(TimeProvider.System, NullLogger<InProcessRoomLog>.Instance));
    private readonly ConcurrentQueue<string> _delivered = new();
    private RoomLogBounds _bounds = Kept;

    [Fact]
    public async Task WhatIsOfferedWhileAReadFindsNothingIsDelivered()
    {
        var feed = await BeginAsync();
        var read = _log.Faults.HangAnswer(nameof(IRoomLog.ReadAsync));
        var reading = feed.CatchUpAsync().AsTask();
        await read.Reached;

        var offered = Offer(feed, await AppendAsync("1"), "1");
        read.Release();

        await Task.WhenAll(reading, offered).WithinLimit();
        _delivered.ShouldBe(["1"]);
    }

    [Fact]
    public async Task WhatIsOfferedWithAHoleWhileAReadFindsNothingIsFoundByAnother()
    {
        var feed = await BeginAsync();
        var read = _log.Faults.HangAnswer(nameof(IRoomLog.ReadAsync));
        var reading = feed.CatchUpAsync().AsTask();
        await read.Reached;

        await AppendAsync("1");
        var offered = Offer(feed, await AppendAsync("2"), "2");
        read.Release();

        await Task.WhenAll(reading, offered).WithinLimit();
        _delivered.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task WhatIsOfferedOrAskedForWhileAReadFailsIsDelivered()
    {
        var feed = await BeginAsync();
        var (reached, gate) = (NewSource(), NewSource());
        _log.Faults.After(nameof(IRoomLog.ReadAsync), async () =>
        {
            _log.Faults.Heal();
            reached.SetResult();
            await gate.Task;
            throw new ClusterNotReachableException();
        });
        var reading = feed.CatchUpAsync().AsTask();
        await reached.Task.WithinLimit();

        var offered = Offer(feed, await AppendAsync("1"), "1");
        await AppendAsync("2");
        await feed.CatchUpAsync();
        gate.SetResult();

        await Task.WhenAll(reading, offered).WithinLimit();
        await Until.TrueAsync(() => _delivered.Count >= 2);
        _delivered.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task WhatWasToldOfAndIsNotInTheLogHoldsNobody()
    {
        var feed = await BeginAsync();
        var position = await AppendAsync("1");

        await Offer(feed, position with { Offset = 9 }, "nothing").WithinLimit();
        await Offer(feed, await AppendAsync("2"), "2").WithinLimit();

        _delivered.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task AMessageThatFailsTakesNoOtherWithIt()
    {
        var feed = await BeginAsync();
        var (first, second) = (await AppendAsync("1"), await AppendAsync("2"));
        var (reached, gate) = (NewSource(), NewSource());

        var failing = feed.OfferAsync(first, async () =>
        {
            reached.SetResult();
            await gate.Task;
            throw new InvalidOperationException("cannot be delivered");
        }).AsTask();
        await reached.Task.WithinLimit();
        var offered = Offer(feed, second, "2");
        gate.SetResult();

        await Task.WhenAll(failing, offered).WithinLimit();
        _delivered.ShouldBe(["2"]);
    }

    [Fact]
    public async Task WhatTheLogDoesNotKeepIsDeliveredByWhoHasIt()
    {
        _bounds = KeepsOne;
        var feed = await BeginAsync();
        await AppendAsync("1");
        var (second, third) = (await AppendAsync("2"), await AppendAsync("3"));

        await Offer(feed, second, "2").WithinLimit();
        await Offer(feed, third, "3").WithinLimit();

        _delivered.ShouldBe(["2", "3"]);
    }

    [Fact]
    public async Task WhatWaitsOfAnOldHistoryIsNotDeliveredInAnother()
    {
        var feed = await BeginAsync();
        await AppendAsync("old 1");
        await AppendAsync("old 2");
        var old = await AppendAsync("old 3");
        var read = _log.Faults.Hang(nameof(IRoomLog.ReadAsync));
        var reading = feed.CatchUpAsync().AsTask();
        await read.Reached;

        var offered = Offer(feed, old, "old 3");
        await AnewAsync();
        await AppendAsync("new 1");
        await AppendAsync("new 2");
        read.Release();
        await Task.WhenAll(reading, offered).WithinLimit();
        await Offer(feed, await AppendAsync("new 3"), "new 3").WithinLimit();

        _delivered.ShouldBe(["new 1", "new 2", "new 3"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatComesOfANewHistoryIsDeliveredOnce(bool keepsAll)
    {
        _bounds = keepsAll ? Kept : KeepsOne;
        var feed = await BeginAsync();
        await Offer(feed, await AppendAsync("old 1"), "old 1").WithinLimit();
        await AnewAsync();

        var (first, second) = (await AppendAsync("new 1"), await AppendAsync("new 2"));
        await Offer(feed, first, "new 1").WithinLimit();
        await Offer(feed, first, "new 1").WithinLimit();
        await Offer(feed, second, "new 2").WithinLimit();

        _delivered.ShouldBe(["old 1", "new 1", "new 2"]);
    }

    [Fact]
    public async Task WhatIsOfferedOfANewHistoryWhileTheOldOneIsReadIsDelivered()
    {
        var feed = await BeginAsync();
        var read = _log.Faults.HangAnswer(nameof(IRoomLog.ReadAsync));
        var reading = feed.CatchUpAsync().AsTask();
        await read.Reached;

        await AnewAsync();
        var offered = Offer(feed, await AppendAsync("new 1"), "new 1");
        read.Release();

        await Task.WhenAll(reading, offered).WithinLimit();
        _delivered.ShouldBe(["new 1"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatIsHeardBeforeTheBeginningIsKnownIsNeitherLostNorOutOfPlace(bool keepsAll)
    {
        _bounds = keepsAll ? Kept : KeepsOne;
        var old = await AppendAsync("old 1");
        await AnewAsync();
        var positions = _log.Faults.HangAnswer(nameof(IRoomLog.PositionsAsync));
        var feed = NewFeed();
        var beginning = feed.BeginAsync(default).AsTask();
        await positions.Reached;

        var (first, second) = (await AppendAsync("new 1"), await AppendAsync("new 2"));
        await Offer(feed, old, "old 1").WithinLimit();
        await Offer(feed, first, "new 1").WithinLimit();
        await Offer(feed, second, "new 2").WithinLimit();
        positions.Release();
        await beginning.WithinLimit();

        _delivered.ShouldBe(["new 1", "new 2"]);
    }

    [Fact]
    public async Task AHistoryThatBeginsWhileAFeedBeginsIsRead()
    {
        await AppendAsync("old 1");
        var positions = _log.Faults.HangAnswer(nameof(IRoomLog.PositionsAsync));
        var feed = NewFeed();
        var beginning = feed.BeginAsync(default).AsTask();
        await positions.Reached;

        await AnewAsync();
        await Offer(feed, await AppendAsync("new 1"), "new 1").WithinLimit();
        await Offer(feed, await AppendAsync("new 2"), "new 2").WithinLimit();
        positions.Release();
        await beginning.WithinLimit();

        _delivered.ShouldBe(["new 1", "new 2"]);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RoomFeed NewFeed() => new(
        Room,
        _bounds,
        _log,
        entry =>
        {
            _delivered.Enqueue(Encoding.UTF8.GetString(entry.Body.Span));
            return default;
        },
        NullLogger.Instance);

    private async Task<RoomFeed> BeginAsync()
    {
        var feed = NewFeed();
        await feed.BeginAsync(default);
        return feed;
    }

    private async Task<RoomPosition> AppendAsync(string text) =>
        (await _log.AppendAsync(Room, new RoomLogMessage { Body = Encoding.UTF8.GetBytes(text) }, _bounds, default)).Position;

    private async Task AnewAsync()
    {
        await _log.DestroyAsync(Room, default);
        await _log.BeginAsync(Room, default);
    }

    private Task Offer(RoomFeed feed, RoomPosition position, string text) => feed.OfferAsync(position, () =>
    {
        _delivered.Enqueue(text);
        return default;
    }).AsTask();
}
