using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;
using Polywire.Redis.Rooms;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Rooms;

public sealed class RoomScriptsTests(SharedRedis redis) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(redis.Server.Configuration);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task CreateNotesTheRoomAndItsGenerationOnce()
    {
        var (scripts, _) = await NodeAsync("one");
        var database = await _cluster.RedisAsync();

        (await scripts.CreateAsync("room", default)).ShouldBeTrue();
        (await scripts.CreateAsync("room", default)).ShouldBeFalse();
        (await scripts.CreateAsync("other", default)).ShouldBeTrue();

        (await database.SetMembersAsync(Key("chatRoom:rooms"))).Select(room => (string)room!).Order().ShouldBe(["other", "room"]);
        ((int)await database.StringGetAsync(Key("generation"))).ShouldBe(2);
        ((int)await database.HashGetAsync(Key("made"), "room")).ShouldBe(1);
        ((int)await database.HashGetAsync(Key("made"), "other")).ShouldBe(2);
    }

    [Fact]
    public async Task DestroyLeavesNothingOfTheRoom()
    {
        var (scripts, _) = await NodeAsync("one");
        var database = await _cluster.RedisAsync();
        await scripts.CreateAsync("room", default);
        await scripts.JoinAsync("room", StoreNode.Member("a"), default);

        (await scripts.DestroyAsync("room", default)).ShouldBe(2);
        (await scripts.DestroyAsync("room", default)).ShouldBeNull();

        (await database.KeyExistsAsync(Key("chatRoom:rooms"))).ShouldBeFalse();
        (await database.KeyExistsAsync(Key("chatRoom:members:room"))).ShouldBeFalse();
        (await database.KeyExistsAsync(Key("made"))).ShouldBeFalse();
    }

    [Fact]
    public async Task NO21_JoinNotesNothingForANodeWithoutALeaseOrInNoRoom()
    {
        var (scripts, node) = await NodeAsync("one");
        var database = await _cluster.RedisAsync();

        (await scripts.JoinAsync("room", StoreNode.Member("a"), default)).ShouldBe(new RoomAnswer(RoomAnswer.Kind.NoRoom, 0));
        await scripts.CreateAsync("room", default);
        await database.KeyDeleteAsync(Key("node:one"));
        (await scripts.JoinAsync("room", StoreNode.Member("a"), default)).Outcome.ShouldBe(RoomAnswer.Kind.NoLease);
        await database.HashSetAsync(Key("node:one"), "epoch", "another");
        (await scripts.JoinAsync("room", StoreNode.Member("a"), default)).Outcome.ShouldBe(RoomAnswer.Kind.NoLease);

        (await database.KeyExistsAsync(Key("chatRoom:members:room"))).ShouldBeFalse();
        (await database.KeyExistsAsync(Key($"noderooms:{node.Identity.Incarnation}"))).ShouldBeFalse();
    }

    [Fact]
    public async Task NO13_JoinNotesTheMemberAndTheRoomOfTheNode()
    {
        var (scripts, node) = await NodeAsync("one");
        var database = await _cluster.RedisAsync();
        await scripts.CreateAsync("room", default);

        (await scripts.JoinAsync("room", StoreNode.Member("a"), default)).ShouldBe(new RoomAnswer(RoomAnswer.Kind.Done, 1));

        ((string?)await database.HashGetAsync(Key("chatRoom:members:room"), "a"))
            .ShouldBe("{\"id\":\"a\",\"joinedAt\":86400000,\"host\":\"one\",\"node\":\"" + node.Identity.Incarnation + "\"}");
        (await database.SetContainsAsync(Key($"noderooms:{node.Identity.Incarnation}"), "room")).ShouldBeTrue();
    }

    [Fact]
    public async Task NO35_AnnounceTellsWhetherTheRoomIsTheOne()
    {
        var (scripts, _) = await NodeAsync("one");
        var database = await _cluster.RedisAsync();
        LocalMember[] members = [Local("a", 1), Local("b", 3), Local("c", null)];

        (await scripts.AnnounceAsync("room", members, isDataLost: false, default)).ShouldBe(new RoomAnswer(RoomAnswer.Kind.NoRoom, 0));
        await scripts.CreateAsync("other", default);
        await scripts.CreateAsync("room", default);
        (await scripts.AnnounceAsync("room", members, isDataLost: false, default)).ShouldBe(new RoomAnswer(RoomAnswer.Kind.MadeAnew, 2));
        (await database.HashLengthAsync(Key("chatRoom:members:room"))).ShouldBe(0);

        (await scripts.AnnounceAsync("room", members[1..], isDataLost: false, default)).ShouldBe(new RoomAnswer(RoomAnswer.Kind.Done, 2));
        (await scripts.AnnounceAsync("room", members[2..], isDataLost: false, default)).ShouldBe(new RoomAnswer(RoomAnswer.Kind.Done, 2));
        (await database.HashKeysAsync(Key("chatRoom:members:room"))).Select(id => (string)id!).Order().ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task NO35_AnnounceMakesARoomAgainThatWasLost()
    {
        var (scripts, _) = await NodeAsync("one");
        var database = await _cluster.RedisAsync();

        (await scripts.AnnounceAsync("room", [Local("a", 70)], isDataLost: true, default)).ShouldBe(new RoomAnswer(RoomAnswer.Kind.Done, 0));

        (await database.SetContainsAsync(Key("chatRoom:rooms"), "room")).ShouldBeTrue();
        (await database.HashExistsAsync(Key("chatRoom:members:room"), "a")).ShouldBeTrue();
        await database.KeyDeleteAsync(Key("node:one"));
        (await scripts.AnnounceAsync("lost", [Local("a", 70)], isDataLost: true, default)).Outcome.ShouldBe(RoomAnswer.Kind.NoLease);
        (await database.SetContainsAsync(Key("chatRoom:rooms"), "lost")).ShouldBeFalse();
    }

    [Fact]
    public async Task LeaveForgetsOwnEntriesOnly()
    {
        var (scripts, node) = await NodeAsync("one");
        var (others, _) = await NodeAsync("two");
        var database = await _cluster.RedisAsync();
        await scripts.CreateAsync("room", default);
        await scripts.JoinAsync("room", StoreNode.Member("a"), default);
        await scripts.JoinAsync("room", StoreNode.Member("b"), default);
        await others.JoinAsync("room", StoreNode.Member("c"), default);
        await database.HashSetAsync(Key("chatRoom:members:room"), "d", """{"id":"d","joinedAt":5,"host":"one"}""");

        await scripts.LeaveAsync([("room", ["a", "c", "d", "nobody"], false)], default);
        (await database.HashKeysAsync(Key("chatRoom:members:room"))).Select(id => (string)id!).Order().ShouldBe(["b", "c", "d"]);
        (await database.SetContainsAsync(Key($"noderooms:{node.Identity.Incarnation}"), "room")).ShouldBeTrue();

        await scripts.LeaveAsync([("room", ["b"], true)], default);
        (await database.KeyExistsAsync(Key($"noderooms:{node.Identity.Incarnation}"))).ShouldBeFalse();
    }

    [Fact]
    public async Task LeaveOfMoreThanABatchStrikesTheRoomOffLast()
    {
        var (scripts, node) = await NodeAsync("one");
        var database = await _cluster.RedisAsync();
        await scripts.CreateAsync("room", default);
        string[] ids = [.. Enumerable.Range(0, (2 * RoomScripts.BatchSize) + 1).Select(i => $"{i}")];
        foreach (var batch in ids.Chunk(RoomScripts.BatchSize))
        {
            await scripts.AnnounceAsync("room", [.. batch.Select(id => Local(id, 1))], isDataLost: false, default);
        }

        (await database.HashLengthAsync(Key("chatRoom:members:room"))).ShouldBe(ids.Length);
        await scripts.LeaveAsync([("room", ids, true)], default);

        (await database.KeyExistsAsync(Key("chatRoom:members:room"))).ShouldBeFalse();
        (await database.KeyExistsAsync(Key($"noderooms:{node.Identity.Incarnation}"))).ShouldBeFalse();
    }

    [Fact]
    public async Task NO31_SweepRemovesWhatStillStandsAsItWasSeen()
    {
        var (scripts, _) = await NodeAsync("one");
        var (others, dead) = await NodeAsync("two");
        var database = await _cluster.RedisAsync();
        await scripts.CreateAsync("room", default);
        await others.JoinAsync("room", StoreNode.Member("a"), default);
        await others.JoinAsync("room", StoreNode.Member("b"), default);
        var seen = await database.HashGetAllAsync(Key("chatRoom:members:room"));
        await scripts.JoinAsync("room", StoreNode.Member("b"), default);

        // Its lease stands: nothing is touched.
        (await scripts.SweepAsync(dead.Identity.Incarnation, "room", seen, default)).ShouldBeNull();
        (await database.HashLengthAsync(Key("chatRoom:members:room"))).ShouldBe(2);

        await database.KeyDeleteAsync(Key("node:two"));
        (await scripts.SweepAsync(dead.Identity.Incarnation, "room", seen, default)).ShouldBe(1);
        (await scripts.SweepAsync(dead.Identity.Incarnation, "room", seen, default)).ShouldBe(0);
        (await database.HashKeysAsync(Key("chatRoom:members:room"))).ShouldBe([(RedisValue)"b"]);
    }

    [Fact]
    public async Task NO31_SweptForgetsAnIncarnationUnlessItIsBack()
    {
        var (scripts, _) = await NodeAsync("one");
        var (others, dead) = await NodeAsync("two");
        var incarnation = dead.Identity.Incarnation;
        var database = await _cluster.RedisAsync();
        await scripts.CreateAsync("room", default);
        await others.JoinAsync("room", StoreNode.Member("a"), default);
        await database.StringSetAsync(Key($"sweep:{incarnation}"), "one");

        (await scripts.SweptAsync(incarnation, default)).ShouldBeFalse();
        (await database.SetContainsAsync(Key("nodes"), incarnation)).ShouldBeTrue();

        // Another incarnation of the id is not it.
        await database.HashSetAsync(Key("node:two"), "epoch", "another");
        (await scripts.SweptAsync(incarnation, default)).ShouldBeTrue();
        (await database.SetContainsAsync(Key("nodes"), incarnation)).ShouldBeFalse();
        (await database.KeyExistsAsync(Key($"noderooms:{incarnation}"))).ShouldBeFalse();
        (await database.KeyExistsAsync(Key($"sweep:{incarnation}"))).ShouldBeFalse();
    }

    private static LocalMember Local(string id, long? generation) => new() { Member = StoreNode.Member(id), Generation = generation };

    private string Key(string name) => _cluster.Prefix + name;

    private async Task<(RoomScripts Scripts, TestNode Node)> NodeAsync(string id)
    {
        var node = await _cluster.Add(id).ConnectAsync();
        await node.Services.GetRequiredService<NodeLease>().RegisterAsync(default).WithinLimit();
        return (new RoomScripts(node.Services.GetRequiredService<RedisLink>(), node.Identity), node);
    }
}
