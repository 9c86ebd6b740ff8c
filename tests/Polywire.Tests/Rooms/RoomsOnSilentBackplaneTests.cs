using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Cluster;
using Polywire.Rooms;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.TestSupport.Faults;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using static Polywire.Tests.Rooms.RoomsTests;

namespace Polywire.Tests.Rooms;

/// <summary>Nobody waits for a backplane that confirms no subscription, or no end of one, and what it confirms late is given back.</summary>
public class RoomsOnSilentBackplaneTests : HostTest
{
    private readonly FaultyNode _node = new();

    [Fact]
    public async Task NO24_LeavingDoesNotWaitForAnEndThatIsNotConfirmed()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        var hang = _node.Backplane.Disposals.Hang(nameof(IAsyncDisposable.DisposeAsync));

        await alice.LeaveAsync("lobby").WithinLimit();

        await hang.Reached;
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        hang.Release();
        await UntilNothingIsHeardAsync(host);
    }

    [Fact]
    public async Task NO24_TheStoreIsToldBeforeTheSubscriptionIsGivenBack()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        var hang = _node.Store.Faults.Hang(nameof(IRoomStore.LeaveAsync));

        var leave = alice.LeaveAsync("lobby");
        await hang.Reached;
        HeardIn(host).Length.ShouldBe(1);
        hang.Release();
        await leave.WithinLimit();

        HeardIn(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task ARoomThatIsDestroyedDoesNotWaitForAnEndThatIsNotConfirmed()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        var hang = _node.Backplane.Disposals.Hang(nameof(IAsyncDisposable.DisposeAsync));

        await host.Rooms.DestroyAsync("lobby").WithinLimit();

        await hang.Reached;
        alice.Connection.Rooms.ShouldBeEmpty();
        hang.Release();
        await UntilNothingIsHeardAsync(host);
    }

    [Fact]
    public async Task NO22_AJoinThatIsRefusedDoesNotWaitForTheSubscriptionItBegan()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        var exists = _node.Store.Faults.Hang(nameof(IRoomStore.ExistsAsync));
        var subscribing = _node.Backplane.Faults.HangAnswer(nameof(IBackplane.SubscribeAsync));

        var join = TextAsync(alice.JoinAsync("nowhere"));
        await exists.Reached;
        await subscribing.Reached;
        exists.Release();

        (await join.WithinLimit()).ShouldBe("room does not exist");
        HeardIn(host, "nowhere").Length.ShouldBe(1, "it was made, though nobody knows yet");
        subscribing.Release();
        await UntilNothingIsHeardAsync(host, "nowhere");
    }

    [Fact]
    public async Task AJoinThatIsGivenUpDoesNotWaitForTheSubscriptionItBegan()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        var subscribing = _node.Backplane.Faults.HangAnswer(nameof(IBackplane.SubscribeAsync));
        using var source = new CancellationTokenSource();

        var join = Record.ExceptionAsync(() => host.Rooms.AddAsync(alice.Connection, "lobby", source.Token).AsTask());
        await subscribing.Reached;
        await source.CancelAsync();

        (await join.WithinLimit()).ShouldBeAssignableTo<OperationCanceledException>();
        alice.Connection.Rooms.ShouldBeEmpty();
        subscribing.Release();
        await UntilNothingIsHeardAsync(host);
    }

    [Fact]
    public async Task AConnectionThatIsGoneDoesNotWaitForTheSubscriptionItBegan()
    {
        var host = await StartAsync();
        var alice = await host.ConnectAsync();
        var subscribing = _node.Backplane.Faults.HangAnswer(nameof(IBackplane.SubscribeAsync));

        var join = Record.ExceptionAsync(() => host.Rooms.AddAsync(alice.Connection, "lobby").AsTask());
        await subscribing.Reached;
        await alice.CloseAsync().WithinLimit();

        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        subscribing.Release();
        await join.WithinLimit();
        await UntilNothingIsHeardAsync(host);
    }

    [Fact]
    public async Task NO10_TheStopOfAHostDoesNotWaitForASubscription()
    {
        // Its time stands still: what waited for a limit would wait for ever.
        var host = await StartAsync(options => options.Time = new ManualTimeProvider());
        var alice = await host.ConnectAsync();
        var bus = host.Services.GetRequiredService<InProcessBus>();
        var subscribing = _node.Backplane.Faults.HangAnswer(nameof(IBackplane.SubscribeAsync));
        var join = Record.ExceptionAsync(() => host.Rooms.AddAsync(alice.Connection, "lobby").AsTask());
        await subscribing.Reached;

        await host.DisposeAsync().WithinLimit();

        subscribing.Release();
        await join.WithinLimit();
        await Until.TrueAsync(() => bus.Of(BackplaneChannel.Room("lobby")).IsEmpty);
    }

    [Fact]
    public async Task NO10_TheStopGivesBackEverySubscription_AndWaitsForThoseThatAreConfirmed()
    {
        var late = new TaskCompletionSource<IAsyncDisposable>();
        var ending = new TaskCompletionSource();
        var (never, slow) = (new Ear(Task.CompletedTask), new Ear(ending.Task));
        var rooms = new LocalRooms(
            room => room == "never" ? late.Task : Task.FromResult<IAsyncDisposable>(slow), NullLogger.Instance);
        rooms.Hold("never");
        rooms.Hold("slow");

        var silence = rooms.SilenceAsync();

        slow.Disposals.ShouldBe(1);
        silence.IsCompleted.ShouldBeFalse();
        ending.SetResult();
        await silence.WithinLimit();
        late.SetResult(never);
        await Until.TrueAsync(() => never.Disposals == 1);
    }

    private static ImmutableArray<InProcessBus.Subscription> HeardIn(PolywireTestHost host, string room = "lobby") =>
        host.Services.GetRequiredService<InProcessBus>().Of(BackplaneChannel.Room(room));

    private static Task UntilNothingIsHeardAsync(PolywireTestHost host, string room = "lobby") =>
        Until.TrueAsync(() => HeardIn(host, room).IsEmpty);

    private Task<PolywireTestHost> StartAsync(Action<PolywireTestHostOptions>? more = null) => StartAsync(
        polywire => polywire.AddRooms("lobby"),
        options =>
        {
            options.ConfigureServices(_node.AddTo);
            more?.Invoke(options);
        });

    private sealed class Ear(Task ending) : IAsyncDisposable
    {
        private int _disposals;

        public int Disposals => Volatile.Read(ref _disposals);

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref _disposals);
            return new ValueTask(ending);
        }
    }
}
