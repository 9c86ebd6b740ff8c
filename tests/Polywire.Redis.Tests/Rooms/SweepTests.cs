using Polywire.Redis.Diagnostics;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Rooms;

public sealed class SweepTests(SharedRedis redis) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(redis.Server.Configuration);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NO32_WhatADeadNodeLeftIsGoneWithinTwoLeases_SweptByOne()
    {
        var one = await StoreNode.StartAsync(_cluster, "one");
        var two = await StoreNode.StartAsync(_cluster, "two");
        var three = await StoreNode.StartAsync(_cluster, "three");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        await two.JoinAsync("room", "b");
        await two.JoinAsync("room", "c");
        var database = await _cluster.RedisAsync();

        // Its lease ends by itself, as that of a process does that is killed.
        await two.Health.DisposeAsync();
        await two.Lease.HaltAsync();
        await StoreNode.UntilAsync(
            async () => (await database.HashKeysAsync(Key("chatRoom:members:room"))).SequenceEqual([(RedisValue)"a"])
                && !await database.SetContainsAsync(Key("nodes"), two.Incarnation),
            (2 * _cluster.Lease) + TimeSpan.FromSeconds(1));

        (await database.KeyExistsAsync(Key($"noderooms:{two.Incarnation}"))).ShouldBeFalse();
        (await database.KeyExistsAsync(Key($"sweep:{two.Incarnation}"))).ShouldBeFalse();
        await Until.TrueAsync(() => Told(one).Concat(Told(three)).Any());
        Told(one).Concat(Told(three)).ShouldBe([$"Peer {two.Incarnation} is dead: 2 members swept"]);
        (await IdsAsync(one)).ShouldBe(["a"]);
    }

    [Fact]
    public async Task NO31_ASweeperThatDiesIsReplacedWhenItsClaimEnds()
    {
        var one = await StoreNode.StartAsync(_cluster, "one");
        var two = await StoreNode.StartAsync(_cluster, "two");
        await one.Store.CreateAsync("room", default);
        await two.JoinAsync("room", "b");
        var database = await _cluster.RedisAsync();
        await database.StringSetAsync(Key($"sweep:{two.Incarnation}"), "three/0", TimeSpan.FromSeconds(1));
        await two.Node.KillAsync(_cluster);

        (await one.Store.SweepAsync(default)).ShouldBe(0);
        (await database.HashExistsAsync(Key("chatRoom:members:room"), "b")).ShouldBeTrue();

        await StoreNode.UntilAsync(async () => !await database.SetContainsAsync(Key("nodes"), two.Incarnation));
        (await database.HashExistsAsync(Key("chatRoom:members:room"), "b")).ShouldBeFalse();
    }

    [Fact]
    public async Task NO31_ANodeThatWasHaltedKeepsWhatIsItsOwn()
    {
        var one = await StoreNode.StartAsync(_cluster, "one");
        var two = await StoreNode.StartAsync(_cluster, "two");
        await one.Store.CreateAsync("room", default);
        await two.JoinAsync("room", "b");
        await two.JoinAsync("room", "gone meanwhile");
        await two.Node.KillAsync(_cluster);
        await one.Store.SweepAsync(default);
        (await IdsAsync(one)).ShouldBeEmpty();

        // Back: its first beat finds the lease lost.
        two.Local.Remove("room", "gone meanwhile");
        await two.Lease.BeatAsync(default);

        await StoreNode.UntilAsync(async () => (await IdsAsync(one)).SequenceEqual(["b"]));
        (await one.Store.SweepAsync(default)).ShouldBe(0);
        (await IdsAsync(two)).ShouldBe(["b"]);
        two.Local.Gone.ShouldBeEmpty();
    }

    [Fact]
    public async Task NO28_EntriesOfAnIncarnationThatNobodyKnowsAreLeftOutAndRemoved()
    {
        var one = await StoreNode.StartAsync(_cluster, "one");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        var database = await _cluster.RedisAsync();
        await database.HashSetAsync(Key("chatRoom:members:room"), "o", """{"id":"o","joinedAt":5,"host":"old","node":"old/0123456789ab"}""");

        (await IdsAsync(one)).ShouldBe(["a"]);

        await StoreNode.UntilAsync(async () => !await database.HashExistsAsync(Key("chatRoom:members:room"), "o"));
    }

    [Fact]
    public async Task NO28_MembersOfANodeThatHasJustComeAreShownAtOnce()
    {
        var one = await StoreNode.StartAsync(_cluster, "one");
        await one.Lease.HaltAsync();
        await one.Store.CreateAsync("room", default);
        var two = await StoreNode.StartAsync(_cluster, "two");

        await two.JoinAsync("room", "b");

        (await IdsAsync(one)).ShouldBe(["b"]);
        one.Store.Nodes.ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task NO13_EntriesOfOtherProgramsAreShownAndNeverSwept()
    {
        var one = await StoreNode.StartAsync(_cluster, "one");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        var database = await _cluster.RedisAsync();
        await database.HashSetAsync(Key("chatRoom:members:room"), "ah", """{"id":"ah","joinedAt":5,"host":"actionhero"}""");
        await database.HashSetAsync(Key("chatRoom:members:room"), "broken", "no object");
        await database.HashSetAsync(Key("chatRoom:members:room"), "also broken", "{}");

        (await IdsAsync(one)).ShouldBe(["a", "ah"]);
        (await IdsAsync(one)).ShouldBe(["a", "ah"]);
        await one.Store.SweepAsync(default);
        await one.Store.AnnounceAsync(default);

        (await database.HashLengthAsync(Key("chatRoom:members:room"))).ShouldBe(4);
        one.Node.Logs.GetSnapshot().Count(line => line.Id.Id == RedisEventIds.ForeignEntry).ShouldBe(1);
    }

    private static IEnumerable<string> Told(StoreNode node) =>
        node.Node.Logs.GetSnapshot().Where(line => line.Id.Id == RedisEventIds.PeerDead).Select(line => line.Message);

    private static async Task<IReadOnlyList<string>> IdsAsync(StoreNode node) =>
        [.. (await node.Store.MembersAsync("room", default)).ShouldNotBeNull().Select(member => member.Id).Order(StringComparer.Ordinal)];

    private string Key(string name) => _cluster.Prefix + name;
}
