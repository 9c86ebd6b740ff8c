using Microsoft.Extensions.DependencyInjection;
using Polywire.Cluster;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.TestSupport.Faults;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using static Polywire.Tests.Rooms.RoomsTests;

namespace Polywire.Tests.Rooms;

/// <summary>Rooms over a store and a backplane that fail, hang, answer late and come back (cluster.md).</summary>
public class RoomsOnFaultyStoresTests : HostTest
{
    private const string Unreachable = "the cluster is not reachable";

    private readonly FaultyNode _node = new();
    private readonly List<string> _left = [];

    [Fact]
    public async Task NO3_WhatNeedsTheStoreFailsWhileItIsAway_AndWhatDoesNotIsDone()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        var bob = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        _node.Store.Faults.IsAway = true;

        (await TextAsync(bob.JoinAsync("lobby"))).ShouldBe(Unreachable);
        (await TextAsync(host.Rooms.StatusAsync("lobby"))).ShouldBe(Unreachable);
        (await TextAsync(host.Rooms.CreateAsync("new"))).ShouldBe(Unreachable);
        (await TextAsync(host.Rooms.DestroyAsync("lobby"))).ShouldBe(Unreachable);
        await alice.SayAsync("lobby", "still here");

        (await alice.NextMessageAsync()).Text.ShouldBe("still here");
        bob.Connection.Rooms.ShouldBeEmpty();
    }

    [Fact]
    public async Task NO24_LeavingSucceedsWhileTheStoreIsAway_AndHealsWhenItIsBack()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        _node.Store.Faults.IsAway = true;
        _node.Backplane.TakeDown();

        await alice.LeaveAsync("lobby").WithinLimit();

        alice.Connection.Rooms.ShouldBeEmpty();
        _node.Store.Faults.CallsOf(nameof(IRoomStore.ExistsAsync)).ShouldBe(1, "leaving asks the store nothing before it");
        _node.Store.Faults.Heal();
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(1);
        await _node.Backplane.BringBackAsync();
        await UntilAsync(async () => (await host.Rooms.StatusAsync("lobby")).MembersCount == 0);
    }

    [Fact]
    public async Task NO25_AConnectionThatClosesLeavesAllItsRoomsInOneCall()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        await alice.JoinAsync("support");

        await alice.CloseAsync();

        _node.Store.Faults.CallsOf(nameof(IRoomStore.LeaveAsync)).ShouldBe(1);
        _left.ShouldBe(["lobby", "support"]);
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        (await host.Rooms.StatusAsync("support")).MembersCount.ShouldBe(0);
    }

    [Fact]
    public async Task AConnectionThatClosesIsNotHeldByAStoreThatHangs()
    {
        var clock = new ManualTimeProvider();
        var host = await StartAsync(options => options.Time = clock);
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        var hang = _node.Store.Faults.Hang(nameof(IRoomStore.LeaveAsync));

        var timers = clock.PendingTimers;
        var closing = alice.CloseAsync();
        await hang.Reached;
        await clock.WaitForTimersAsync(timers + 1, Within.Limit);
        clock.Advance(TimeSpan.FromHours(1));
        await closing.WithinLimit();

        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        hang.Release();
        await UntilAsync(async () => (await host.Rooms.StatusAsync("lobby")).MembersCount == 0);
    }

    [Fact]
    public async Task R25_AJoinThatWaitsInTheStoreEndsWithItsConnection()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        var hang = _node.Store.Faults.Hang(nameof(IRoomStore.JoinAsync));

        var join = alice.JoinAsync("lobby");
        await hang.Reached;
        await alice.CloseAsync().WithinLimit();
        hang.Release();
        await Record.ExceptionAsync(() => join).WithinLimit();

        await UntilAsync(async () => (await host.Rooms.StatusAsync("lobby")).MembersCount == 0);
        _left.ShouldContain("lobby");
        await host.Rooms.SayAsync("lobby", "anybody?");
        alice.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task AJoinThatWasCarriedOutThoughItFailedLeavesNothing()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        _node.Store.Faults.FailLate(nameof(IRoomStore.JoinAsync));

        (await TextAsync(alice.JoinAsync("lobby"))).ShouldBe(Unreachable);

        alice.Connection.Rooms.ShouldBeEmpty();
        await UntilAsync(async () => (await host.Rooms.StatusAsync("lobby")).MembersCount == 0);
    }

    [Fact]
    public async Task NO3_AJoinThatFailedDoesNotWaitForTheStoreASecondTime()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        _node.Store.Faults.Fail(nameof(IRoomStore.JoinAsync));
        var hang = _node.Store.Faults.Hang(nameof(IRoomStore.LeaveAsync));

        (await TextAsync(alice.JoinAsync("lobby")).WithinLimit()).ShouldBe(Unreachable);

        await hang.Reached;
        hang.Release();
    }

    [Fact]
    public async Task NO36_AnEntryThatALateAnswerLeftGoesWithTheNextAnnouncement()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        _node.Store.Faults.FailLate(nameof(IRoomStore.JoinAsync));
        _node.Store.Faults.Fail(nameof(IRoomStore.LeaveAsync));
        (await TextAsync(alice.JoinAsync("lobby"))).ShouldBe(Unreachable);
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(1);

        _node.Store.Faults.Heal();
        _node.Backplane.TakeDown();
        await _node.Backplane.BringBackAsync();

        await UntilAsync(async () => (await host.Rooms.StatusAsync("lobby")).MembersCount == 0);
    }

    [Fact]
    public async Task NO22_TheSubscriptionIsOnItsWayWhileTheStoreIsAsked_AndGivenBackWhereThereIsNoRoom()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        var hang = _node.Store.Faults.Hang(nameof(IRoomStore.ExistsAsync));

        var join = TextAsync(alice.JoinAsync("nowhere"));
        await hang.Reached;

        await Until.TrueAsync(() => _node.Backplane.Faults.CallsOf(nameof(IBackplane.SubscribeAsync)) == 1);
        hang.Release();
        (await join.WithinLimit()).ShouldBe("room does not exist");
        host.Services.GetRequiredService<InProcessBus>().Of(BackplaneChannel.Room("nowhere")).ShouldBeEmpty();
    }

    [Fact]
    public async Task NO29_AHungPublishHoldsNobody()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        var hang = _node.Backplane.Faults.Hang(nameof(IBackplane.PublishAsync));

        await alice.SayAsync("lobby", "1").WithinLimit();
        await alice.SayAsync("lobby", "2").WithinLimit();

        await hang.Reached;
        (await alice.NextMessageAsync()).Text.ShouldBe("1");
        (await alice.NextMessageAsync()).Text.ShouldBe("2");
        hang.Release();
    }

    [Fact]
    public async Task NO51_ABackplaneThatFailsFailsNobodysWord()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        _node.Backplane.Faults.Fail(nameof(IBackplane.PublishAsync));

        await alice.SayAsync("lobby", "hello");

        (await alice.NextMessageAsync()).Text.ShouldBe("hello");
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Exception is ClusterNotReachableException);
    }

    [Fact]
    public async Task NO26_WhoJoinedARoomMadeAnewIsNotThrownOutByTheEndOfTheOldOne()
    {
        var host = await StartAsync();
        var old = await host.ConnectAsync();
        var newcomer = await host.ConnectAsync();
        await old.JoinAsync("lobby");
        var hang = _node.Store.Faults.HangAnswer(nameof(IRoomStore.RemoveAsync));

        // The room is removed, but the one who destroys it does not know yet.
        var destroy = host.Rooms.DestroyAsync("lobby").AsTask();
        await hang.Reached;
        (await host.Rooms.CreateAsync("lobby")).ShouldBeTrue();
        await newcomer.JoinAsync("lobby");
        hang.Release();
        await destroy.WithinLimit();

        old.Connection.Rooms.ShouldBeEmpty();
        newcomer.Connection.Rooms.ShouldBe(["lobby"]);
        (await host.Rooms.StatusAsync("lobby")).Members.Keys.ShouldBe([newcomer.Id]);
        await host.Rooms.SayAsync("lobby", "welcome");
        newcomer.Messages.Select(message => message.Text).ShouldContain("welcome");
        _left.ShouldBe(["lobby"]);
    }

    [Fact]
    public async Task NO26_AJoinWhoseAnswerIsOnItsWayWhenItsRoomIsDestroyedIsNone()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        var hang = _node.Store.Faults.HangAnswer(nameof(IRoomStore.JoinAsync));

        var join = TextAsync(alice.JoinAsync("lobby"));
        await hang.Reached;
        await host.Rooms.DestroyAsync("lobby").WithinLimit();
        await host.Rooms.CreateAsync("lobby");
        hang.Release();

        (await join.WithinLimit()).ShouldBe("room does not exist");
        alice.Connection.Rooms.ShouldBeEmpty();
        await UntilAsync(async () => (await host.Rooms.StatusAsync("lobby")).MembersCount == 0);
    }

    [Fact]
    public async Task WhoJoinsAgainBeforeTheStoreHasForgottenItIsAMember()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        var hang = _node.Store.Faults.Hang(nameof(IRoomStore.LeaveAsync));

        var leave = alice.LeaveAsync("lobby");
        await hang.Reached;
        await alice.JoinAsync("lobby").WithinLimit();
        hang.Release();
        await leave.WithinLimit();

        alice.Connection.Rooms.ShouldBe(["lobby"]);
        (await host.Rooms.StatusAsync("lobby")).Members.Keys.ShouldBe([alice.Id]);
    }

    [Fact]
    public async Task NO8_TheNodeEntersAndHearsOthersBeforeItsRoomsAreCreated_AndLeavesBeforeTheBackplaneStops()
    {
        var host = await StartAsync();

        var calls = _node.Store.Faults.Calls;
        calls[0].ShouldBe(nameof(IRoomStore.StartAsync));
        _node.Backplane.Faults.Calls[0].ShouldBe(nameof(IBackplane.StartAsync));
        calls.ShouldContain(nameof(IRoomStore.CreateAsync));

        await host.DisposeAsync();
        _node.Store.Faults.CallsOf(nameof(IRoomStore.StopAsync)).ShouldBe(1);
    }

    [Fact]
    public async Task NO10_AStoreThatHangsDoesNotHoldTheStop()
    {
        var clock = new ManualTimeProvider();
        var host = await StartAsync(options => options.Time = clock);
        var hang = _node.Store.Faults.Hang(nameof(IRoomStore.StopAsync));

        var timers = clock.PendingTimers;
        var stop = host.DisposeAsync().AsTask();
        await hang.Reached;
        await clock.WaitForTimersAsync(timers + 1, Within.Limit);
        clock.Advance(TimeSpan.FromHours(1));

        await stop.WithinLimit();
        hang.Release();
    }

    private static Task UntilAsync(Func<Task<bool>> condition) => Task.Run(async () =>
    {
        while (!await condition())
        {
            await Task.Yield();
        }
    }).WithinLimit();

    private Task<PolywireTestHost> StartAsync(Action<PolywireTestHostOptions>? more = null) => StartAsync(
        polywire =>
        {
            polywire.AddRooms("lobby", "support");
            Use(polywire, new LambdaRoomMiddleware
            {
                Leave = (_, room) =>
                {
                    _left.Add(room);
                    return Task.CompletedTask;
                },
            });
        },
        options =>
        {
            options.ConfigureServices(_node.AddTo);
            more?.Invoke(options);
        });
}
