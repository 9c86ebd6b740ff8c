using Microsoft.Extensions.DependencyInjection;
using Polywire.Rooms;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using static Polywire.Tests.Rooms.RoomsTests;

namespace Polywire.Tests.Rooms;

/// <summary>Rooms that have a log deliver in its order, on every node (cluster.md DL-10, DL-11, DL-86).</summary>
public class RoomsWithLogTests : HostTest
{
    private static readonly RoomLogBounds Bounds = new() { Count = 10_000, Age = TimeSpan.FromHours(1) };

    private readonly SharedCluster _cluster = new();

    [Fact]
    public async Task DL11_WhatManySayAtOnceIsHeardInTheOrderOfTheLog_ByEveryMemberOfEveryNode()
    {
        var (one, two) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (first, second) = (await StartAsync(one), await StartAsync(two));
        var members = new List<TestConnection>();
        foreach (var host in new[] { first, second, first, second })
        {
            var member = await host.ConnectAsync();
            await member.JoinAsync("room");
            members.Add(member);
        }

        // Answers of the log come back in any order, long after the message was numbered.
        one.Log.Faults.After(nameof(IRoomLog.AppendAsync), YieldAsync);
        two.Log.Faults.After(nameof(IRoomLog.AppendAsync), YieldAsync);
        await Task.WhenAll(members.SelectMany((member, m) => Enumerable.Range(0, 50).Select(i => Task.Run(() => member.SayAsync("room", $"{m}:{i}"))))).WithinLimit();

        var log = await LoggedAsync();
        log.Count.ShouldBe(200);
        foreach (var member in members)
        {
            await Until.TrueAsync(() => member.Messages.Count >= 200);
            member.Messages.Select(message => message.Text).ShouldBe(log);
        }
    }

    [Fact]
    public async Task DL11_TheOrderIsThatOfTheLogThroughMiddlewareToo()
    {
        var node = new FaultyNode(_cluster);
        var host = await StartAsync(node, new LambdaRoomMiddleware
        {
            Deliver = async (_, _) =>
            {
                await YieldAsync();
                return MessageVerdict.Unchanged;
            },
        });
        var member = await host.ConnectAsync();
        await member.JoinAsync("room");
        node.Log.Faults.After(nameof(IRoomLog.AppendAsync), YieldAsync);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => member.SayAsync("room", $"{i}")))).WithinLimit();

        await Until.TrueAsync(() => member.Messages.Count >= 100);
        member.Messages.Select(message => message.Text).ShouldBe(await LoggedAsync());
    }

    [Fact]
    public async Task DL86_WhatTheListenerLosesDoublesAndExchangesIsHeardOnceAndInOrder()
    {
        var (one, two) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (first, second) = (await StartAsync(one), await StartAsync(two));
        var bob = await second.ConnectAsync();
        await bob.JoinAsync("room");
        two.Log.Deliveries.Keeps = true;
        two.Log.Deliveries.Doubles = true;

        foreach (var text in new[] { "1", "2", "3" })
        {
            await first.Rooms.SayAsync("room", text);
        }

        await Until.TrueAsync(() => two.Log.Deliveries.Kept == 3);
        await two.Log.Deliveries.ReleaseAsync(reversed: true);
        (two.Log.Deliveries.Doubles, two.Log.Deliveries.Drops) = (false, true);
        await first.Rooms.SayAsync("room", "4");
        await Until.TrueAsync(() => two.Log.Deliveries.Dropped == 1);
        two.Log.Deliveries.Drops = false;
        await first.Rooms.SayAsync("room", "5");

        await Until.TrueAsync(() => bob.Messages.Count >= 5);
        bob.Messages.Select(message => message.Text).ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Fact]
    public async Task DL86_WhatWasMissedWhileTheLinkWasDownIsReadWhenItIsBack_TheLastMessageToo()
    {
        var (one, two) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (first, second) = (await StartAsync(one), await StartAsync(two));
        var bob = await second.ConnectAsync();
        await bob.JoinAsync("room");
        two.Backplane.TakeDown();
        two.Log.Deliveries.Drops = true;

        await first.Rooms.SayAsync("room", "missed");
        await Until.TrueAsync(() => two.Log.Deliveries.Dropped == 1);
        bob.Messages.ShouldBeEmpty();
        two.Log.Deliveries.Drops = false;
        await two.Backplane.BringBackAsync();

        (await bob.NextMessageAsync()).Text.ShouldBe("missed");
    }

    [Fact]
    public async Task AWordThatCannotBeAppendedIsNotSaid()
    {
        var node = new FaultyNode(_cluster);
        var host = await StartAsync(node);
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("room");
        node.Log.Faults.Fail(nameof(IRoomLog.AppendAsync));

        (await TextAsync(alice.SayAsync("room", "hello"))).ShouldBe("the cluster is not reachable");
        node.Log.Faults.Heal();
        await alice.SayAsync("room", "again");

        (await alice.NextMessageAsync()).Text.ShouldBe("again");
    }

    [Fact]
    public async Task NO26_TheTextThatTheRoomIsDeletedComesBeforeItsEnd_OnBothNodes()
    {
        var (first, second) = (await StartAsync(new FaultyNode(_cluster)), await StartAsync(new FaultyNode(_cluster)));
        var alice = await first.ConnectAsync();
        var bob = await second.ConnectAsync();
        await alice.JoinAsync("room");
        await bob.JoinAsync("room");

        await first.Rooms.DestroyAsync("room").WithinLimit();

        (await alice.NextMessageAsync()).Text.ShouldBe("this room has been deleted");
        (await bob.NextMessageAsync()).Text.ShouldBe("this room has been deleted");
        await Until.TrueAsync(() => bob.Connection.Rooms.Count == 0);
        await second.Rooms.CreateAsync("room");
        await bob.JoinAsync("room");
        await first.Rooms.SayAsync("room", "anew");
        (await bob.NextMessageAsync()).Text.ShouldBe("anew");
    }

    [Fact]
    public async Task RoomsWithoutAHistoryNeverComeToTheLog()
    {
        var node = new FaultyNode(_cluster);
        var host = await StartAsync(node);
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("plain");
        await alice.SayAsync("plain", "hello");
        await host.Rooms.DestroyAsync("plain");

        node.Log.Faults.Calls.ShouldNotContain(nameof(IRoomLog.AppendAsync));
        node.Log.Faults.Calls.ShouldNotContain(nameof(IRoomLog.ListenAsync));
        node.Log.Faults.Calls.ShouldNotContain(nameof(IRoomLog.DestroyAsync));
    }

    private static async Task YieldAsync()
    {
        for (var i = Random.Shared.Next(4); i > 0; i--)
        {
            await Task.Yield();
        }
    }

    private async Task<IReadOnlyList<string?>> LoggedAsync() =>
        [.. (await _cluster.Log.ReadAsync("room", 0, 10_000, Bounds, default))!.Entries
            .Select(entry => System.Text.Json.JsonDocument.Parse(entry.Body).RootElement.GetProperty("message").GetString())];

    private Task<PolywireTestHost> StartAsync(FaultyNode node, IRoomMiddleware? middleware = null) => StartAsync(
        polywire =>
        {
            polywire.AddRooms("room", "plain");
            if (middleware is not null)
            {
                Use(polywire, middleware);
            }
        },
        options => options.ConfigureServices(services =>
        {
            node.AddTo(services);
            var rules = new RoomLogRules();
            rules.Add("room", Bounds);
            services.AddSingleton(rules);
        }));
}
