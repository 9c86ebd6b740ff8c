using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Polywire.TestSupport.Contracts;
using Polywire.TestSupport.Redis;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Rooms;

/// <summary>Redis goes and comes back, with its data or without.</summary>
public sealed class HealingTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    // What a machine that is busy with other tests adds.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private RedisServer _server = null!;
    private RedisProxy _proxy = null!;
    private TestCluster _cluster = null!;

    // cluster.md: within two leases and one second.
    private TimeSpan Promised => (2 * _cluster.Lease) + TimeSpan.FromSeconds(1) + Grace;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _proxy = RedisProxy.Start(_server.Port);
        _cluster = new TestCluster(_server.Configuration) { Timeout = Timeout };
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("down")]
    [InlineData("frozen")]
    [InlineData("killed")]
    [InlineData("halted")]
    public async Task NO3_EveryCallEndsWithinTheTimeoutWhileRedisIsAway(string how)
    {
        var node = await StoreNode.StartAsync(_cluster, "one", _proxy.Configuration);
        await node.Store.CreateAsync("room", default);
        await node.JoinAsync("room", "a");
        switch (how)
        {
            case "down":
                _proxy.Down();
                break;
            case "frozen":
                _proxy.Freeze();
                break;
            case "killed":
                await _server.KillAsync();
                break;
            default:
                _server.Halt();
                break;
        }

        RoomLeave[] leaves = [new RoomLeave { Room = "room", Members = ["a"] }, new RoomLeave { Room = "other", Members = ["a"] }];
        Func<Task>[] calls =
        [
            () => node.Store.CreateAsync("new", default).AsTask(),
            () => node.Store.ExistsAsync("room", default).AsTask(),
            () => node.Store.RoomsAsync(default).AsTask(),
            () => node.Store.CountAsync(default).AsTask(),
            () => node.Store.MembersAsync("room", default).AsTask(),
            () => node.Store.AnnounceAsync(default).AsTask(),
            () => node.Store.SweepAsync(default).AsTask(),
            () => node.Store.RemoveAsync("room", default).AsTask(),
            .. Enumerable.Range(0, 10).Select<int, Func<Task>>(i => () => node.Store.JoinAsync("room", StoreNode.Member($"{i}"), default).AsTask()),
            .. Enumerable.Range(0, 10).Select<int, Func<Task>>(_ => () => node.Store.LeaveAsync(leaves, default).AsTask()),
        ];

        // All at once: nobody waits longer because others wait before.
        await Task.WhenAll(calls.Select(async call =>
        {
            var watch = Stopwatch.StartNew();
            await Should.ThrowAsync<ClusterNotReachableException>(call);
            watch.Elapsed.ShouldBeLessThan(Timeout + Grace);
        })).WithinLimit();

        var stopping = Stopwatch.StartNew();
        await node.Store.StopAsync(default).WithinLimit();
        stopping.Elapsed.ShouldBeLessThan(Timeout + Grace);
        if (how == "halted")
        {
            _server.Resume();
        }
    }

    [Fact]
    public async Task NO34_WhatHappenedWhileTheLinkWasDownIsMadeGoodWhenItIsBack()
    {
        var node = await StoreNode.StartAsync(_cluster, "one", _proxy.Configuration);
        await node.Store.CreateAsync("room", default);
        await node.Store.CreateAsync("left", default);
        await node.JoinAsync("room", "stays");
        await node.JoinAsync("room", "leaves");
        await node.JoinAsync("left", "leaves");
        var joined = node.Local.Find("room", "stays")!.Generation;
        _proxy.Down();
        await Until.TrueAsync(() => !node.Health.IsUp);
        node.Health.Problem.ShouldBe("The cluster is not reachable");

        await Should.ThrowAsync<ClusterNotReachableException>(node.LeaveAsync("room", "leaves"));
        await Should.ThrowAsync<ClusterNotReachableException>(node.LeaveAsync("left", "leaves"));
        node.Local.Add("room", StoreNode.Member("missing"), joined);
        _proxy.Up();

        await StoreNode.UntilAsync(async () => (await IdsAsync("room")).SequenceEqual(["missing", "stays"]) && (await IdsAsync("left")).Count == 0, Promised);
        await Until.TrueAsync(() => node.Health.Problem is null);
        node.Local.Gone.ShouldBeEmpty();
        node.Node.Logs.GetSnapshot().Single(line => line.Id.Id == RedisEventIds.LinkBack).Message.ShouldEndWith(": 2 members announced, 0 rooms gone");
        await StoreNode.UntilAsync(async () => (await RoomsOfAsync(node)).SequenceEqual(["room"]));
    }

    [Fact]
    public async Task NO36_ALeavingThatAloneFailedIsMadeGoodAfterTheNextBeat()
    {
        var node = await StoreNode.StartAsync(_cluster, "one");
        await node.Store.CreateAsync("room", default);
        await node.JoinAsync("room", "a");
        await node.JoinAsync("room", "b");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        node.Local.Remove("room", "a");
        await Should.ThrowAsync<OperationCanceledException>(
            node.Store.LeaveAsync([new RoomLeave { Room = "room", Members = ["a"] }], cancelled.Token).AsTask());
        await node.LeaveAsync("room", "b");

        await StoreNode.UntilAsync(async () => (await IdsAsync("room")).Count == 0, Promised);
        await StoreNode.UntilAsync(async () => (await RoomsOfAsync(node)).Count == 0, Promised);
    }

    [Fact]
    public async Task NO34_AServerThatComesBackWithItsDataIsAsBefore()
    {
        var node = await StoreNode.StartAsync(_cluster, "one", null, "start");
        await node.Store.CreateAsync("room", default);
        await node.JoinAsync("room", "a");

        await _server.RestartAsync();

        await StoreNode.UntilAsync(async () => node.Health.Problem is null && (await IdsAsync("room")).SequenceEqual(["a"]), Promised);
        node.Local.Gone.ShouldBeEmpty();
        node.Node.Logs.GetSnapshot().ShouldNotContain(line => line.Id.Id == RedisEventIds.DataLost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NO35_RoomsWithMembersAndStartingRoomsAreMadeAgainWhenTheDataAreLost(bool isFlushed)
    {
        var one = await StoreNode.StartAsync(_cluster, "one", null, "start");
        var two = await StoreNode.StartAsync(_cluster, "two", null, "start");
        foreach (var room in new[] { "start", "room", "other", "empty" })
        {
            await one.Store.CreateAsync(room, default);
        }

        await one.JoinAsync("room", "a");
        await two.JoinAsync("room", "b");
        await two.JoinAsync("other", "b");

        if (isFlushed)
        {
            await _server.SendAsync("FLUSHALL");
        }
        else
        {
            await _server.RestartAsync(lose: true);
        }

        await StoreNode.UntilAsync(
            async () => (await IdsAsync("room")).SequenceEqual(["a", "b"]) && (await IdsAsync("other")).SequenceEqual(["b"])
                && (await one.Store.RoomsAsync(default)).Order().SequenceEqual(["other", "room", "start"]),
            Promised);
        one.Local.Gone.ShouldBeEmpty();
        two.Local.Gone.ShouldBeEmpty();

        // The numbers count anew, and those of the members with them.
        var removal = (await one.Store.RemoveAsync("room", default)).ShouldNotBeNull();
        one.Local.Find("room", "a")!.Generation!.Value.ShouldBeLessThan(removal);
        one.Node.Logs.GetSnapshot().Count(line => line.Id.Id == RedisEventIds.DataLost).ShouldBe(1);
    }

    [Fact]
    public async Task NO21_AJoinThatFindsTheDataLostMakesThemGoodFirst()
    {
        var node = await StoreNode.StartAsync(_cluster, "one");
        await node.Store.CreateAsync("room", default);
        await node.JoinAsync("room", "a");
        await node.Lease.HaltAsync();
        await _server.SendAsync("FLUSHALL");

        (await node.JoinAsync("room", "b")).IsJoined.ShouldBeTrue();

        (await IdsAsync("room")).ShouldBe(["a", "b"]);
        node.Local.Gone.ShouldBeEmpty();
    }

    [Fact]
    public async Task NO35_ARoomThatWasDestroyedWhileTheNodeWasCutOffIsGone()
    {
        var one = await StoreNode.StartAsync(_cluster, "one", _proxy.Configuration);
        var two = await StoreNode.StartAsync(_cluster, "two");
        await one.Store.CreateAsync("room", default);
        await one.Store.CreateAsync("kept", default);
        await one.JoinAsync("room", "a");
        await one.JoinAsync("kept", "a");
        _proxy.Down();
        await Until.TrueAsync(() => !one.Health.IsUp);

        await two.Store.RemoveAsync("room", default);
        _proxy.Up();

        await Until.TrueAsync(() => one.Local.Find("room", "a") is null, Promised);
        await Until.TrueAsync(() => one.Health.Problem is null);
        one.Local.Gone.ShouldHaveSingleItem().Room.ShouldBe("room");
        (await two.Store.ExistsAsync("room", default)).ShouldBeFalse();
        (await IdsAsync("kept")).ShouldBe(["a"]);
        one.Node.Logs.GetSnapshot().Single(line => line.Id.Id == RedisEventIds.LinkBack).Message.ShouldEndWith(": 1 members announced, 1 rooms gone");
    }

    [Fact]
    public async Task NO35_OfARoomMadeAnewMeanwhileThoseOfTheOldOneGo()
    {
        var one = await StoreNode.StartAsync(_cluster, "one", _proxy.Configuration);
        var two = await StoreNode.StartAsync(_cluster, "two");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        _proxy.Down();
        await Until.TrueAsync(() => !one.Health.IsUp);

        await two.Store.RemoveAsync("room", default);
        await two.Store.CreateAsync("room", default);
        await two.JoinAsync("room", "b");
        _proxy.Up();

        await Until.TrueAsync(() => one.Local.Find("room", "a") is null, Promised);
        await Until.TrueAsync(() => one.Health.Problem is null);
        (await IdsAsync("room")).ShouldBe(["b"]);
        (await one.JoinAsync("room", "c")).IsJoined.ShouldBeTrue();
        await one.Store.AnnounceAsync(default);
        one.Local.Find("room", "c").ShouldNotBeNull();
    }

    [Fact]
    public async Task NO37_WhatNoEventToldIsMadeGoodAfterAWhile()
    {
        await using var quick = new TestCluster(_server.Configuration) { Lease = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromMilliseconds(500) };
        var node = await StoreNode.StartAsync(quick, "one");
        await node.Store.CreateAsync("room", default);
        await node.JoinAsync("room", "a");
        var database = await quick.RedisAsync();
        RedisKey members = $"{quick.Prefix}chatRoom:members:room";

        await database.HashDeleteAsync(members, "a");
        await database.HashSetAsync(members, "stray", "{\"id\":\"stray\",\"joinedAt\":5,\"host\":\"one\",\"node\":\"" + node.Incarnation + "\"}");

        await StoreNode.UntilAsync(async () => (await database.HashKeysAsync(members)).SequenceEqual([(RedisValue)"a"]));
    }

    [Fact]
    public async Task NO34_TenThousandMembersAreAnnounced()
    {
        const int Count = 10_000;
        var node = await StoreNode.StartAsync(_cluster, "one");
        await node.Store.CreateAsync("room", default);
        for (var i = 0; i < Count; i++)
        {
            node.Local.Add(i < Count / 2 ? "room" : $"room {i % 100}", StoreNode.Member($"{i}"), 1);
        }

        await _server.SendAsync("FLUSHALL");

        await StoreNode.UntilAsync(async () => (await node.Store.MembersAsync("room", default))?.Count == Count / 2);
        await StoreNode.UntilAsync(async () => (await CountAsync(await node.Store.RoomsAsync(default))) == Count);
        node.Local.Gone.ShouldBeEmpty();
        (await RoomsOfAsync(node)).Count.ShouldBe(101);
    }

    [Fact]
    public async Task NO10_NothingThatNamesANodeRemainsWhenItStops()
    {
        var one = await StoreNode.StartAsync(_cluster, "one");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        var database = await _cluster.RedisAsync();
        await database.SetAddAsync($"{_cluster.Prefix}noderooms:{one.Incarnation}", "lost");
        await database.HashSetAsync($"{_cluster.Prefix}chatRoom:members:lost", "stray", "{\"id\":\"stray\",\"joinedAt\":5,\"host\":\"one\",\"node\":\"" + one.Incarnation + "\"}");

        await one.Store.StopAsync(default).WithinLimit();

        var keys = await _server.SendAsync("KEYS", "*");
        keys.ShouldNotContain("one");
        keys.ShouldNotContain("chatRoom:members:");
        (await database.SetLengthAsync($"{_cluster.Prefix}nodes")).ShouldBe(0);
    }

    [Fact]
    public async Task NO35_DataThatAreLostWhileItIsAnnouncedTakeNobodyOut()
    {
        var members = new FakeLocalRooms();
        var local = new ObservedLocalRooms(members);
        var node = _cluster.Add("one");
        var (store, lease) = (node.Services.GetRequiredService<IRoomStore>(), node.Services.GetRequiredService<NodeLease>());
        await store.StartAsync(local, default).WithinLimit();
        await store.CreateAsync("room", default);
        members.Add("room", StoreNode.Member("a"), (await store.JoinAsync("room", StoreNode.Member("a"), default)).Generation);
        await lease.HaltAsync();
        var database = await _cluster.RedisAsync();
        var isFirst = true;
        local.OnMembersOf = _ =>
        {
            if (Interlocked.Exchange(ref isFirst, false))
            {
                // Another beat has brought the lease back already.
                database.Execute("FLUSHALL");
                database.HashSet($"{_cluster.Prefix}node:one", "epoch", node.Identity.Epoch);
            }
        };

        await store.AnnounceAsync(default).WithinLimit();

        (await IdsAsync("room")).ShouldBe(["a"]);
        members.Gone.ShouldBeEmpty();
    }

    [Fact]
    public async Task NO21_WhoIsTakenOutOfARoomThatIsGoneCanTellTheStore()
    {
        var members = new FakeLocalRooms();
        var local = new ObservedLocalRooms(members);
        var node = _cluster.Add("one");
        var store = node.Services.GetRequiredService<IRoomStore>();
        local.OnRoomGone = room => store.LeaveAsync([new RoomLeave { Room = room, Members = [] }], default).AsTask();
        await store.StartAsync(local, default).WithinLimit();
        await store.CreateAsync("room", default);
        members.Add("room", StoreNode.Member("a"), (await store.JoinAsync("room", StoreNode.Member("a"), default)).Generation);
        await store.RemoveAsync("room", default);

        await store.AnnounceAsync(default).WithinLimit();

        members.Rooms.ShouldBeEmpty();
        (await _cluster.RedisAsync()).KeyExists($"{_cluster.Prefix}noderooms:{node.Identity.Incarnation}").ShouldBeFalse();
    }

    [Fact]
    public async Task NO25_ThousandsWhoJoinOneRoomAtOnceDoNotWaitForEachOther()
    {
        const int Count = 5_000;
        await using var cluster = new TestCluster(_server.Configuration) { Lease = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(5) };
        var node = await StoreNode.StartAsync(cluster, "one");
        await node.Store.CreateAsync("room", default);

        // One after the other each would be a round trip, and all of them share one timeout.
        var joins = Enumerable.Range(0, Count).Select(i => node.Store.JoinAsync("room", StoreNode.Member($"{i}"), default).AsTask()).ToArray();
        (await Task.WhenAll(joins).WithinLimit()).ShouldAllBe(outcome => outcome.IsJoined);
        var leaves = Enumerable.Range(0, Count)
            .Select(i => node.Store.LeaveAsync([new RoomLeave { Room = "room", Members = [$"{i}"] }], default).AsTask()).ToArray();
        await Task.WhenAll(leaves).WithinLimit();

        (await node.Store.MembersAsync("room", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task NO22_AJoinIsOneRoundTrip()
    {
        var node = await StoreNode.StartAsync(_cluster, "one");
        await node.Store.CreateAsync("room", default);
        await node.JoinAsync("room", "a");
        await node.Lease.HaltAsync();
        await _server.SendAsync("CONFIG", "RESETSTAT");

        await node.JoinAsync("room", "b");
        await node.JoinAsync("room", "c");

        var stats = await _server.SendAsync("INFO", "commandstats");
        stats.ShouldContain("cmdstat_evalsha:calls=2,");
        stats.ShouldNotContain("cmdstat_eval:");
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string room) =>
        [.. (await (await _cluster.RedisAsync()).HashKeysAsync($"{_cluster.Prefix}chatRoom:members:{room}")).Select(id => (string)id!).Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<string>> RoomsOfAsync(StoreNode node) =>
        [.. (await (await _cluster.RedisAsync()).SetMembersAsync($"{_cluster.Prefix}noderooms:{node.Incarnation}")).Select(room => (string)room!)];

    private async Task<long> CountAsync(IEnumerable<string> rooms)
    {
        var count = 0L;
        foreach (var room in rooms)
        {
            count += await (await _cluster.RedisAsync()).HashLengthAsync($"{_cluster.Prefix}chatRoom:members:{room}");
        }

        return count;
    }
}
