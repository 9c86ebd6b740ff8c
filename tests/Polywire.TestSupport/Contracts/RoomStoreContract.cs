using Shouldly;
using Xunit;

namespace Polywire.TestSupport.Contracts;

/// <summary>What every <see cref="IRoomStore"/> guarantees; derive from it for each implementation.</summary>
public abstract class RoomStoreContract : IAsyncDisposable
{
    private readonly List<Node> _nodes = [];

    /// <summary>Makes the store of one node; all that are made for a test share what they keep, which is empty at first.</summary>
    protected abstract ValueTask<IRoomStore> CreateStoreAsync(NodeIdentity node);

    /// <summary>Lets a node die: its lease ends and it does nothing more by itself, though its object can still be called.</summary>
    protected abstract ValueTask KillAsync(NodeIdentity node);

    /// <summary>Gives back what the stores hold.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task ARoomIsCreatedOnce()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");

        (await one.Store.CreateAsync("room", default)).ShouldBeTrue();
        (await one.Store.CreateAsync("room", default)).ShouldBeFalse();
        (await two.Store.CreateAsync("room", default)).ShouldBeFalse();

        (await two.Store.ExistsAsync("room", default)).ShouldBeTrue();
        (await two.Store.ExistsAsync("ROOM", default)).ShouldBeFalse();
        (await two.Store.RoomsAsync(default)).ShouldBe(["room"]);
        (await two.Store.CountAsync(default)).ShouldBe(1);
    }

    [Fact]
    public async Task ARoomIsRemovedOnceWithItsMembers()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        await one.Store.CreateAsync("other", default);
        await one.JoinAsync("room", "a");
        await one.JoinAsync("other", "a");

        (await two.Store.RemoveAsync("room", default)).ShouldNotBeNull();
        (await one.Store.RemoveAsync("room", default)).ShouldBeNull();

        (await one.Store.ExistsAsync("room", default)).ShouldBeFalse();
        (await one.Store.MembersAsync("room", default)).ShouldBeNull();
        (await one.IdsAsync("other")).ShouldBe(["a"]);
        await one.Store.CreateAsync("room", default);
        (await one.IdsAsync("room")).ShouldBeEmpty();
    }

    [Fact]
    public async Task NO26_TheGenerationOfARemovalLiesBetweenThoseBeforeAndThoseOfARoomMadeAnew()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        var before = await one.JoinAsync("room", "a");
        await two.Store.CreateAsync("another", default);
        var late = await two.JoinAsync("room", "b");

        var removal = (await one.Store.RemoveAsync("room", default)).ShouldNotBeNull();
        await two.Store.CreateAsync("room", default);
        var after = await two.JoinAsync("room", "c");

        before.Generation.ShouldBeLessThan(removal);
        late.Generation.ShouldBeLessThan(removal);
        after.Generation.ShouldBeGreaterThan(removal);
    }

    [Fact]
    public async Task ARoomThatDoesNotExistHasNoMembersAndTakesNone()
    {
        var one = await StartAsync("one");

        (await one.JoinAsync("nowhere", "a")).ShouldBe(JoinOutcome.NoRoom);
        await one.LeaveAsync(("nowhere", ["a"]));

        (await one.Store.MembersAsync("nowhere", default)).ShouldBeNull();
        (await one.Store.ExistsAsync("nowhere", default)).ShouldBeFalse();
        (await one.Store.RoomsAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task NO13_AMemberIsKeptWithItsNode()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        var first = new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

        (await one.JoinAsync("room", "a", first)).IsJoined.ShouldBeTrue();
        (await two.JoinAsync("room", "b", first)).IsJoined.ShouldBeTrue();
        (await two.JoinAsync("room", "b", first.AddSeconds(1))).IsJoined.ShouldBeTrue();

        var members = (await one.Store.MembersAsync("room", default)).ShouldNotBeNull().OrderBy(member => member.Id);
        members.ShouldBe(
        [
            new StoredMember { Id = "a", JoinedAt = first, Host = "one", Node = one.Identity.Incarnation },
            new StoredMember { Id = "b", JoinedAt = first.AddSeconds(1), Host = "two", Node = two.Identity.Incarnation },
        ]);
    }

    [Fact]
    public async Task NO25_MembersOfManyRoomsLeaveInOneCall()
    {
        var one = await StartAsync("one");
        foreach (var room in new[] { "x", "y", "z" })
        {
            await one.Store.CreateAsync(room, default);
            await one.JoinAsync(room, "a");
            await one.JoinAsync(room, "b");
            await one.JoinAsync(room, "c");
        }

        await one.LeaveAsync(("x", ["a"]), ("y", ["a", "nobody", "b"]), ("nowhere", ["a"]), ("z", []));
        await one.LeaveAsync(("x", ["a"]));
        await one.LeaveAsync();

        (await one.IdsAsync("x")).ShouldBe(["b", "c"]);
        (await one.IdsAsync("y")).ShouldBe(["c"]);
        (await one.IdsAsync("z")).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task AnEntryOfAnotherNodeUnderTheSameIdStays()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        await two.JoinAsync("room", "a");

        await one.LeaveAsync(("room", ["a"]));

        (await one.Store.MembersAsync("room", default))!.ShouldHaveSingleItem().Host.ShouldBe("two");
    }

    [Fact]
    public async Task WhatIsAskedOfOneRoomHappensInTheOrderOfTheCalls()
    {
        var one = await StartAsync("one");
        await one.Store.CreateAsync("room", default);

        var steps = new List<Task>();
        for (var i = 0; i < 50; i++)
        {
            steps.Add(one.Store.JoinAsync("room", Member("a"), default).AsTask());
            steps.Add(one.Store.LeaveAsync([new RoomLeave { Room = "room", Members = ["a"] }], default).AsTask());
            steps.Add(one.Store.LeaveAsync([new RoomLeave { Room = "room", Members = ["b"] }], default).AsTask());
            steps.Add(one.Store.JoinAsync("room", Member("b"), default).AsTask());
        }

        await Task.WhenAll(steps).WithinLimit();

        (await one.IdsAsync("room")).ShouldBe(["b"]);
    }

    [Fact]
    public async Task WhatWasReadDoesNotChange()
    {
        var one = await StartAsync("one");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        var members = (await one.Store.MembersAsync("room", default))!;
        var rooms = await one.Store.RoomsAsync(default);

        await one.JoinAsync("room", "b");
        await one.LeaveAsync(("room", ["a"]));
        await one.Store.CreateAsync("another", default);

        members.ShouldHaveSingleItem().Id.ShouldBe("a");
        rooms.ShouldBe(["room"]);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ünï:{code}*?[x]%7B")]
    [InlineData("a\nb\0c")]
    public async Task TakesAnyName(string name)
    {
        var one = await StartAsync("one");
        await one.Store.CreateAsync(name, default);
        await one.Store.CreateAsync("plain", default);

        (await one.JoinAsync(name, name)).IsJoined.ShouldBeTrue();

        (await one.IdsAsync(name)).ShouldBe([name]);
        (await one.IdsAsync("plain")).ShouldBeEmpty();
        (await one.Store.RoomsAsync(default)).Order(StringComparer.Ordinal).ShouldBe(new[] { name, "plain" }.Order(StringComparer.Ordinal));
        (await one.Store.RemoveAsync(name, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task NO27_OneOfManyCreatesTheRoomAndAllOfThemJoinIt()
    {
        Node[] nodes = [await StartAsync("one"), await StartAsync("two")];

        var created = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            var node = nodes[i % 2];
            var first = await node.Store.CreateAsync("room", default);
            (await node.JoinAsync("room", $"member {i}")).IsJoined.ShouldBeTrue();
            return first;
        }))).WithinLimit();

        created.Count(first => first).ShouldBe(1);
        (await nodes[0].IdsAsync("room")).Count.ShouldBe(50);
    }

    [Fact]
    public async Task NO8_AnIdThatIsInUseIsRefused()
    {
        await StartAsync("one");
        var identity = new NodeIdentity("one");
        var second = await CreateStoreAsync(identity);

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => second.StartAsync(new FakeLocalRooms(), default).AsTask());

        refusal.Message.ShouldStartWith("The node id \"one\" is in use (host ");
    }

    [Fact]
    public async Task NO72_TheNodesThatAreAliveAreKnown()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("another");

        await Until.TrueAsync(() => one.Store.Nodes.SequenceEqual(["another", "one"]) && two.Store.Nodes.SequenceEqual(["another", "one"]));
    }

    [Fact]
    public async Task NO10_ANodeThatStopsLeavesNothing()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        await two.JoinAsync("room", "b");

        await one.Store.StopAsync(default);

        (await two.IdsAsync("room")).ShouldBe(["b"]);
        await Until.TrueAsync(() => two.Store.Nodes.SequenceEqual(["two"]));
        (await two.Store.SweepAsync(default)).ShouldBe(0);
        (await StartAsync("one")).Store.ShouldNotBeNull();
    }

    [Fact]
    public async Task NO31_WhatADeadNodeLeftIsSweptOnce_AndNothingElse()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        foreach (var room in new[] { "x", "y" })
        {
            await one.Store.CreateAsync(room, default);
            await one.JoinAsync(room, "a");
            await two.JoinAsync(room, "b");
        }

        (await two.Store.SweepAsync(default)).ShouldBe(0);
        await KillAsync(one.Identity);

        // Left out of every answer at once, swept or not.
        (await two.IdsAsync("x")).ShouldBe(["b"]);
        await two.Store.SweepAsync(default);
        (await two.Store.SweepAsync(default)).ShouldBe(0);
        (await two.IdsAsync("x")).ShouldBe(["b"]);
        (await two.IdsAsync("y")).ShouldBe(["b"]);
    }

    [Fact]
    public async Task NO8_WhoComesBackUnderItsNameFindsNoneOfItsOldMembers()
    {
        var old = await StartAsync("one");
        await old.Store.CreateAsync("room", default);
        await old.JoinAsync("room", "a");
        await KillAsync(old.Identity);

        var again = await StartAsync("one");

        (await again.IdsAsync("room")).ShouldBeEmpty();
    }

    [Fact]
    public async Task NO21_ANodeThatWasTakenForDeadIsBackWithItsMembersWhenOneJoins()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "a");
        await KillAsync(one.Identity);
        await two.Store.SweepAsync(default);

        (await one.JoinAsync("room", "b")).IsJoined.ShouldBeTrue();

        (await two.IdsAsync("room")).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task NO36_AnnouncingBringsEntriesIntoLineWithTheMembers()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "stays");
        await one.JoinAsync("room", "stray");
        await two.JoinAsync("room", "other");
        one.Local.Remove("room", "stray");
        one.Local.Add("room", Member("missing"), one.Local.Find("room", "stays")!.Generation);

        await one.Store.AnnounceAsync(default);
        await one.Store.AnnounceAsync(default);

        (await two.IdsAsync("room")).ShouldBe(["missing", "other", "stays"]);
        one.Local.Gone.ShouldBeEmpty();
    }

    [Fact]
    public async Task NO35_ARoomThatWasRemovedMeanwhileIsToldToBeGone()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        var joined = await one.JoinAsync("room", "a");
        await two.Store.RemoveAsync("room", default);

        await one.Store.AnnounceAsync(default);

        one.Local.Gone.TryDequeue(out var gone).ShouldBeTrue();
        gone.Room.ShouldBe("room");
        gone.Generation.ShouldBeGreaterThan(joined.Generation);
        (await one.Store.ExistsAsync("room", default)).ShouldBeFalse();
    }

    [Fact]
    public async Task NO35_OfARoomMadeAnewOnlyThoseOfTheOldOneGo()
    {
        var one = await StartAsync("one");
        var two = await StartAsync("two");
        await one.Store.CreateAsync("room", default);
        await one.JoinAsync("room", "old");
        await two.Store.RemoveAsync("room", default);
        await two.Store.CreateAsync("room", default);
        var joined = await one.JoinAsync("room", "new");

        await one.Store.AnnounceAsync(default);

        one.Local.Gone.TryDequeue(out var gone).ShouldBeTrue();
        gone.Generation.ShouldBeLessThanOrEqualTo(joined.Generation);
        one.Local.MembersOf("room").ShouldHaveSingleItem().Member.Id.ShouldBe("new");
        (await two.IdsAsync("room")).ShouldBe(["new"]);
    }

    [Fact]
    public async Task JoinsAndLeavesWhileItIsAnnouncedLeaveNoGhostAndLoseNobody()
    {
        var one = await StartAsync("one");
        await one.Store.CreateAsync("room", default);

        var comeAndGo = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            await one.JoinAsync("room", $"{i}");
            if (i % 2 == 0)
            {
                one.Local.Remove("room", $"{i}");
                await one.LeaveAsync(("room", [$"{i}"]));
            }
        }));
        var announce = Enumerable.Range(0, 20).Select(_ => Task.Run(() => one.Store.AnnounceAsync(default).AsTask()));
        await Task.WhenAll(comeAndGo.Concat(announce)).WithinLimit();

        (await one.IdsAsync("room")).Order().ShouldBe(Enumerable.Range(0, 40).Where(i => i % 2 == 1).Select(i => $"{i}").Order());
    }

    private static RoomMember Member(string id, DateTimeOffset? joinedAt = null) =>
        new() { Id = id, JoinedAt = joinedAt ?? DateTimeOffset.UnixEpoch };

    private async ValueTask<Node> StartAsync(string id)
    {
        var identity = new NodeIdentity(id);
        var node = new Node(identity, await CreateStoreAsync(identity), new FakeLocalRooms());
        await node.Store.StartAsync(node.Local, default).WithinLimit();
        _nodes.Add(node);
        return node;
    }

    private sealed record Node(NodeIdentity Identity, IRoomStore Store, FakeLocalRooms Local)
    {
        // As the rooms do it: here first, then in the store.
        public async Task<JoinOutcome> JoinAsync(string room, string id, DateTimeOffset? joinedAt = null)
        {
            var member = Member(id, joinedAt);
            Local.Add(room, member, null);
            var outcome = await Store.JoinAsync(room, member, default);
            if (outcome.IsJoined)
            {
                Local.Add(room, member, outcome.Generation);
            }
            else
            {
                Local.Remove(room, id);
            }

            return outcome;
        }

        public Task LeaveAsync(params (string Room, string[] Members)[] leaves) =>
            Store.LeaveAsync([.. leaves.Select(leave => new RoomLeave { Room = leave.Room, Members = leave.Members })], default).AsTask();

        public async Task<IReadOnlyList<string>> IdsAsync(string room) =>
            [.. (await Store.MembersAsync(room, default)).ShouldNotBeNull().Select(member => member.Id).Order(StringComparer.Ordinal)];
    }
}
