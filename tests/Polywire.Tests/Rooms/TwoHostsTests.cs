using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using static Polywire.Tests.Rooms.RoomsTests;

namespace Polywire.Tests.Rooms;

/// <summary>Two hosts that share what the seams keep: everything that rooms do across nodes, and what becomes of it when the link or a node is gone.</summary>
public class TwoHostsTests : HostTest
{
    private readonly SharedCluster _cluster = new();

    [Fact]
    public async Task AllThatRoomsDoWorksAcross_WhileTheLinkGoesAndComesBack_AndWhenOneNodeDies()
    {
        var (nodeOne, nodeTwo) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (one, two) = (await StartAsync(nodeOne), await StartAsync(nodeTwo));
        var (alice, bob) = (await one.ConnectAsync(), await two.ConnectAsync());
        await alice.JoinAsync("lobby");
        await bob.JoinAsync("lobby");

        // Said on one, heard on both; members of both; brought in and thrown out from the other node.
        await alice.SayAsync("lobby", "hello");
        (await bob.NextMessageAsync()).Text.ShouldBe("hello");
        (await IdsAsync(one, "lobby")).ShouldBe([alice.Id, bob.Id], ignoreOrder: true);
        await one.Rooms.AddAsync(bob.Id, "support");
        bob.Connection.Rooms.ShouldBe(["lobby", "support"]);
        await one.Rooms.RemoveAsync(bob.Id, "support");
        bob.Connection.Rooms.ShouldBe(["lobby"]);

        // The link of node two is down: each node goes on by itself.
        nodeTwo.Backplane.TakeDown();
        nodeTwo.Store.Faults.IsAway = true;
        await bob.SayAsync("lobby", "alone");
        (await bob.NextMessageAsync()).Text.ShouldBe("alone");
        (await TextAsync(two.Rooms.AddAsync(alice.Id, "support"))).ShouldBe("the cluster is not reachable");
        await alice.SayAsync("lobby", "not heard there");
        await Until.TrueAsync(() => nodeTwo.Backplane.Deliveries.Dropped == 1);

        // It is back: what was said there comes after it, and all is as before.
        nodeTwo.Store.Faults.Heal();
        await nodeTwo.Backplane.BringBackAsync();
        await Until.TrueAsync(() => alice.Messages.Any(message => message.Text == "alone"));
        await alice.SayAsync("lobby", "back");
        (await bob.NextMessageAsync()).Text.ShouldBe("back");

        // Node two dies: its members are in no answer, and swept.
        nodeTwo.Kill();
        (await IdsAsync(one, "lobby")).ShouldBe([alice.Id]);
        var store = one.Services.GetRequiredService<IRoomStore>();
        (await store.SweepAsync(default)).ShouldBe(1);
        store.Nodes.ShouldHaveSingleItem();
        (await TextAsync(one.Rooms.RemoveAsync("nobody", "lobby"))).ShouldBe("RPC Timeout");
    }

    [Fact]
    public async Task NO35_ARoomThatWasDestroyedWhileTheLinkWasDownIsToldToItsMembersWhenItIsBack()
    {
        var (nodeOne, nodeTwo) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (one, two) = (await StartAsync(nodeOne), await StartAsync(nodeTwo));
        var bob = await two.ConnectAsync();
        await bob.JoinAsync("lobby");
        nodeTwo.Backplane.TakeDown();

        await one.Rooms.DestroyAsync("lobby");
        await Until.TrueAsync(() => nodeTwo.Backplane.Deliveries.Dropped >= 2);
        bob.Connection.Rooms.ShouldBe(["lobby"]);
        await nodeTwo.Backplane.BringBackAsync();

        (await bob.NextMessageAsync()).Text.ShouldBe("this room has been deleted");
        await Until.TrueAsync(() => bob.Connection.Rooms.Count == 0);
        (await two.Rooms.ExistsAsync("lobby")).ShouldBeFalse();
    }

    [Fact]
    public async Task NO26_ALateEndOfARoomThrowsNobodyOutOfTheOneMadeAnew()
    {
        var (nodeOne, nodeTwo) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (one, two) = (await StartAsync(nodeOne), await StartAsync(nodeTwo));
        var (old, newcomer) = (await two.ConnectAsync(), await two.ConnectAsync());
        await old.JoinAsync("lobby");
        nodeTwo.Backplane.Deliveries.Keeps = true;

        await one.Rooms.DestroyAsync("lobby");
        await Until.TrueAsync(() => nodeTwo.Backplane.Deliveries.Kept == 2);
        await one.Rooms.CreateAsync("lobby");
        await newcomer.JoinAsync("lobby");
        await nodeTwo.Backplane.Deliveries.ReleaseAsync();

        old.Connection.Rooms.ShouldBeEmpty();
        newcomer.Connection.Rooms.ShouldBe(["lobby"]);
        (await IdsAsync(one, "lobby")).ShouldBe([newcomer.Id]);
    }

    [Fact]
    public async Task NO34_ANodeThatWasTakenForDeadAnnouncesItsMembersWhenTheLinkIsBack()
    {
        var (nodeOne, nodeTwo) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (one, two) = (await StartAsync(nodeOne), await StartAsync(nodeTwo));
        var bob = await two.ConnectAsync();
        await bob.JoinAsync("lobby");
        nodeTwo.Kill();
        (await one.Services.GetRequiredService<IRoomStore>().SweepAsync(default)).ShouldBe(1);

        nodeTwo.Store.Faults.Heal();
        await nodeTwo.Backplane.BringBackAsync();

        await Until.TrueAsync(() => one.Services.GetRequiredService<IRoomStore>().Nodes.Count == 2);
        await Task.Run(async () =>
        {
            while ((await IdsAsync(one, "lobby")).Count == 0)
            {
                await Task.Yield();
            }
        }).WithinLimit();
        (await IdsAsync(one, "lobby")).ShouldBe([bob.Id]);
    }

    [Fact]
    public async Task AnAnnouncementThatFailsIsMadeWithTheNextChangeOfTheLink()
    {
        var (nodeOne, nodeTwo) = (new FaultyNode(_cluster), new FaultyNode(_cluster));
        var (one, two) = (await StartAsync(nodeOne), await StartAsync(nodeTwo));
        var bob = await two.ConnectAsync();
        await bob.JoinAsync("lobby");
        nodeTwo.Kill();
        nodeTwo.Store.Faults.Heal();
        nodeTwo.Store.Faults.Fail(nameof(IRoomStore.AnnounceAsync));

        await nodeTwo.Backplane.BringBackAsync();
        await two.Logs.WaitForAsync(log => log.Exception is ClusterNotReachableException, Within.Limit, TestContext.Current.CancellationToken);
        (await IdsAsync(one, "lobby")).ShouldBeEmpty();
        nodeTwo.Store.Faults.Heal();
        nodeTwo.Backplane.TakeDown();
        await nodeTwo.Backplane.BringBackAsync();

        await Until.TrueAsync(() => one.Services.GetRequiredService<IRoomStore>().Nodes.Count == 2);
    }

    [Fact]
    public async Task ANodeThatStopsLeavesNothingAndTheOtherGoesOn()
    {
        var (one, two) = (await StartAsync(new FaultyNode(_cluster)), await StartAsync(new FaultyNode(_cluster)));
        var (alice, bob) = (await one.ConnectAsync(), await two.ConnectAsync());
        await alice.JoinAsync("lobby");
        await bob.JoinAsync("lobby");

        await two.DisposeAsync();

        (await IdsAsync(one, "lobby")).ShouldBe([alice.Id]);
        one.Services.GetRequiredService<IRoomStore>().Nodes.ShouldHaveSingleItem();
        await alice.SayAsync("lobby", "hello");
        (await alice.NextMessageAsync()).Text.ShouldBe("hello");
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(PolywireTestHost host, string room) =>
        [.. (await host.Rooms.StatusAsync(room)).Members.Keys];

    private Task<PolywireTestHost> StartAsync(FaultyNode node) =>
        StartAsync(polywire => polywire.AddRooms("lobby", "support"), options => options.ConfigureServices(node.AddTo));
}
