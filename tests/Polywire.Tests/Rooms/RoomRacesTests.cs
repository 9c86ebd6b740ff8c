using Microsoft.Extensions.DependencyInjection;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using static Polywire.Tests.Rooms.RoomsTests;

namespace Polywire.Tests.Rooms;

/// <summary>core.md R-25: no path leaves a member without a live connection, or half a membership.</summary>
public class RoomRacesTests : HostTest
{
    private readonly FaultyNode _node = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _seen = [];

    [Fact]
    public async Task R25_AConnectionThatClosesInJoinMiddlewareIsNotAdded()
    {
        var host = await StartWithAsync(new LambdaRoomMiddleware
        {
            Join = async (_, _) =>
            {
                _seen.Add("join");
                await StopAsync();
            },
            Leave = (_, _) => Note("leave"),
        });
        var client = await host.ConnectAsync();

        var join = client.JoinAsync("lobby");
        await _reached.Task.WithinLimit();
        await client.CloseAsync().WithinLimit();
        _gate.SetResult();

        await join.ShouldThrowAsync<ActionException>();
        await ShouldBeGoneAsync(host, client);
        _seen.ShouldBe(["join", "leave"]);
    }

    [Fact]
    public async Task R25_AConnectionThatClosesWhileItsMembershipIsStoredIsTakenBack()
    {
        var host = await StartWithAsync(new LambdaRoomMiddleware { Join = (_, _) => Note("join"), Leave = (_, _) => Note("leave") });
        _node.Store.Faults.Before(nameof(IRoomStore.JoinAsync), StopAsync);
        var client = await host.ConnectAsync();

        var join = client.JoinAsync("lobby");
        await _reached.Task.WithinLimit();
        await client.CloseAsync().WithinLimit();
        _gate.SetResult();

        await join.ShouldThrowAsync<ActionException>();
        await ShouldBeGoneAsync(host, client);
        _seen.ShouldBe(["join", "leave"]);
    }

    [Fact]
    public async Task R25_AMemberThatLeavesWhileItsMembershipIsStoredLeavesNothingBehind()
    {
        var host = await StartWithAsync(new LambdaRoomMiddleware());
        _node.Store.Faults.Before(nameof(IRoomStore.JoinAsync), StopAsync);
        var client = await host.ConnectAsync();

        var join = client.JoinAsync("lobby");
        await _reached.Task.WithinLimit();
        var leave = Record.ExceptionAsync(() => client.LeaveAsync("lobby"));
        _gate.SetResult();
        await leave.WithinLimit();
        await Record.ExceptionAsync(() => join).WithinLimit();

        var isIn = client.Connection.Rooms.Contains("lobby");
        (await host.Rooms.StatusAsync("lobby")).Members.ContainsKey(client.Id).ShouldBe(isIn);
        await host.Rooms.SayAsync("lobby", "hello");
        client.Messages.Count.ShouldBe(isIn ? 1 : 0);
    }

    [Fact]
    public async Task R25_AJoinThatLosesTheLastPlaceToAnotherIsSeenToGo()
    {
        var host = await StartWithAsync(HoldsTheFirst(), settings => settings.MaxRoomsPerConnection = 1);
        var client = await host.ConnectAsync();

        var slow = TextAsync(host.Rooms.AddAsync(client.Connection, "lobby"));
        await _reached.Task.WithinLimit();
        await host.Rooms.AddAsync(client.Connection, "support").WithinLimit();
        _gate.SetResult();

        (await slow.WithinLimit()).ShouldStartWith("too many rooms");
        client.Connection.Rooms.ShouldBe(["support"]);
        _seen.ShouldBe(["join lobby", "join support", "leave lobby"]);
    }

    [Fact]
    public async Task R25_AJoinThatComesSecondIsNotSeenToGo_WhileTheConnectionIsAMember()
    {
        var host = await StartWithAsync(HoldsTheFirst());
        var client = await host.ConnectAsync();

        var slow = TextAsync(host.Rooms.AddAsync(client.Connection, "lobby"));
        await _reached.Task.WithinLimit();
        await host.Rooms.AddAsync(client.Connection, "lobby").WithinLimit();
        _gate.SetResult();

        (await slow.WithinLimit()).ShouldBe("connection already in this room (lobby)");
        client.Connection.Rooms.ShouldBe(["lobby"]);
        _seen.ShouldBe(["join lobby", "join lobby"]);
        await client.LeaveAsync("lobby");
        _seen.ShouldBe(["join lobby", "join lobby", "leave lobby"]);
    }

    [Fact]
    public async Task AStoreThatFailsLeavesNoHalfMembership()
    {
        ExpectedErrors = entry => entry.Exception is IOException;
        var host = await StartWithAsync(new LambdaRoomMiddleware());
        _node.Store.Faults.Fail(nameof(IRoomStore.JoinAsync), new IOException("store is down"));
        var client = await host.ConnectAsync();

        (await TextAsync(client.JoinAsync("lobby"))).ShouldStartWith("internal error (trace");
        client.Connection.Rooms.ShouldBeEmpty();
        _node.Store.Faults.Heal();

        await client.JoinAsync("lobby");
        await host.Rooms.SayAsync("lobby", "hello");
        client.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ABackplaneThatFailedOnceIsAskedAgain()
    {
        ExpectedErrors = entry => entry.Exception is IOException;
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"), options => options.ConfigureServices(_node.AddTo));
        _node.Backplane.Faults.Fail(nameof(IBackplane.SubscribeAsync), new IOException("backplane is down"));
        var client = await host.ConnectAsync();

        (await TextAsync(client.JoinAsync("lobby"))).ShouldBe("backplane is down");
        client.Connection.Rooms.ShouldBeEmpty();
        _node.Backplane.Faults.Heal();

        await Task.Run(() => client.JoinAsync("lobby")).WithinLimit();
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(1);
    }

    [Fact]
    public async Task OneJoinThatIsCancelledDoesNotSpoilTheRoomForOthers()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"), options => options.ConfigureServices(_node.AddTo));
        _node.Backplane.Faults.Before(nameof(IBackplane.SubscribeAsync), StopAsync);
        var alice = await host.ConnectAsync();
        var bob = await host.ConnectAsync();
        using var source = new CancellationTokenSource();

        var cancelled = Record.ExceptionAsync(() => host.Rooms.AddAsync(alice.Connection, "lobby", source.Token).AsTask());
        await _reached.Task.WithinLimit();
        await source.CancelAsync();
        _gate.SetResult();
        await cancelled.WithinLimit();

        await bob.JoinAsync("lobby");
        (await host.Rooms.StatusAsync("lobby")).Members.ContainsKey(alice.Id).ShouldBe(alice.Connection.Rooms.Contains("lobby"));
    }

    [Fact]
    public async Task AStoreThatFailsDoesNotKeepAConnectionFromClosing()
    {
        ExpectedErrors = entry => entry.Exception is IOException;
        var host = await StartWithAsync(new LambdaRoomMiddleware());
        var client = await host.ConnectAsync();
        await client.JoinAsync("lobby");
        await client.JoinAsync("support");
        _node.Store.Faults.Fail(nameof(IRoomStore.LeaveAsync), new IOException("store is down"));

        await client.CloseAsync();

        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        client.Connection.Rooms.ShouldBeEmpty();
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Exception is IOException);
    }

    [Fact]
    public async Task WhoJoinsARoomWhileItIsDestroyedIsInNoRoom()
    {
        var host = await StartWithAsync(new LambdaRoomMiddleware());
        var client = await host.ConnectAsync();
        _node.Store.Faults.Before(nameof(IRoomStore.RemoveAsync), () => client.JoinAsync("lobby"));

        await host.Rooms.DestroyAsync("lobby");
        _node.Store.Faults.Heal();

        client.Connection.Rooms.ShouldBeEmpty();
        await host.Rooms.CreateAsync("lobby");
        await client.JoinAsync("lobby");
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(1);
    }

    [Fact]
    public async Task ManyThatComeAndGoAtOnceLeaveNoGhosts()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            var client = await host.ConnectAsync();
            var join = Record.ExceptionAsync(() => client.JoinAsync("lobby"));
            if (i % 2 == 0)
            {
                await join;
            }

            await client.CloseAsync();
            await join;
        }))).WithinLimit();

        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
    }

    private Task Note(string step)
    {
        _seen.Add(step);
        return Task.CompletedTask;
    }

    private LambdaRoomMiddleware HoldsTheFirst()
    {
        var joins = 0;
        return new LambdaRoomMiddleware
        {
            Join = async (_, room) =>
            {
                _seen.Add($"join {room}");
                if (joins++ == 0)
                {
                    await StopAsync();
                }
            },
            Leave = (_, room) => Note($"leave {room}"),
        };
    }

    private async Task StopAsync()
    {
        _reached.TrySetResult();
        await _gate.Task.WithinLimit();
    }

    private Task<PolywireTestHost> StartWithAsync(IRoomMiddleware middleware, Action<PolywireOptions>? settings = null) =>
        StartAsync(
            polywire =>
            {
                polywire.AddRooms("lobby", "support");
                Use(polywire, middleware);
                polywire.Services.Configure<PolywireOptions>(configured => settings?.Invoke(configured));
            },
            options =>
            {
                options.EnvironmentName = "Production";
                options.ConfigureServices(_node.AddTo);
            });

    private static async Task ShouldBeGoneAsync(PolywireTestHost host, TestConnection client)
    {
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        client.Connection.Rooms.ShouldBeEmpty();
        await host.Rooms.SayAsync("lobby", "anybody?");
        client.Messages.ShouldBeEmpty();
    }
}
