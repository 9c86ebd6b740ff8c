using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Polywire.TestSupport.Redis;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Nodes;

public sealed class NodeLeaseTests(SharedRedis redis) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(redis.Server.Configuration);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NO7_ANodeHoldsALeaseThatNamesItsIncarnation()
    {
        var node = await RegisterAsync("one");
        var database = await _cluster.RedisAsync();

        ((string?)await database.HashGetAsync($"{_cluster.Prefix}node:one", "epoch")).ShouldBe(node.Identity.Epoch);
        (await database.SetContainsAsync($"{_cluster.Prefix}nodes", node.Identity.Incarnation)).ShouldBeTrue();
        var left = (await database.KeyTimeToLiveAsync($"{_cluster.Prefix}node:one")).ShouldNotBeNull();
        left.ShouldBeInRange(TimeSpan.FromMilliseconds(1), _cluster.Lease);
    }

    [Fact]
    public async Task NO8_AnIdThatAnotherProcessHoldsAndUsesIsRefusedByName()
    {
        var first = await RegisterAsync("one");
        Lease(first).Start();
        var second = await _cluster.Add("one").ConnectAsync();

        var refused = await Should.ThrowAsync<InvalidOperationException>(Lease(second).RegisterAsync(default)).WithinLimit();

        refused.Message.ShouldBe($"The node id \"one\" is in use (host {Environment.MachineName}, pid {Environment.ProcessId}).");
    }

    [Fact]
    public async Task NO8_AnIdWhoseHolderBeatsNoMoreIsTakenWhenItsLeaseEnds()
    {
        await RegisterAsync("one");
        var second = await _cluster.Add("one").ConnectAsync();

        await Lease(second).RegisterAsync(default).WithinLimit();

        var database = await _cluster.RedisAsync();
        ((string?)await database.HashGetAsync($"{_cluster.Prefix}node:one", "epoch")).ShouldBe(second.Identity.Epoch);
    }

    [Fact]
    public async Task NO9_ANodeWhoseIdIsTakenTakesNothingBack()
    {
        var first = await RegisterAsync("one");
        var database = await _cluster.RedisAsync();
        await database.HashSetAsync($"{_cluster.Prefix}node:one", "epoch", "another");

        await Should.ThrowAsync<ClusterNotReachableException>(Lease(first).BeatAsync(default));

        ((string?)await database.HashGetAsync($"{_cluster.Prefix}node:one", "epoch")).ShouldBe("another");
        var health = first.Services.GetRequiredService<LinkHealth>();
        health.IsTaken.ShouldBeTrue();
        health.Problem.ShouldBe("The cluster is not reachable");
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task NO34_ALeaseThatWasLostIsWrittenAnewAndTold()
    {
        var node = await RegisterAsync("one");
        var database = await _cluster.RedisAsync();
        var told = 0;
        Lease(node).Lost += () => told++;
        await Lease(node).BeatAsync(default);
        told.ShouldBe(0);

        await database.KeyDeleteAsync($"{_cluster.Prefix}node:one");
        await Lease(node).BeatAsync(default);

        (told, Lease(node).IsDataLost).ShouldBe((1, false));
        (await database.KeyExistsAsync($"{_cluster.Prefix}node:one")).ShouldBeTrue();
    }

    [Fact]
    public async Task NO34_DataThatWasLostIsSeenByItsNameAndItsGeneration()
    {
        var node = await RegisterAsync("one");
        var database = await _cluster.RedisAsync();
        await database.StringSetAsync($"{_cluster.Prefix}generation", 7);
        await Lease(node).BeatAsync(default);
        Lease(node).IsDataLost.ShouldBeFalse();

        await database.StringSetAsync($"{_cluster.Prefix}generation", 6);
        await Lease(node).BeatAsync(default);
        Lease(node).IsDataLost.ShouldBeTrue();

        Lease(node).DataRestored();
        await database.StringSetAsync($"{_cluster.Prefix}epoch", "other data");
        await Lease(node).BeatAsync(default);
        Lease(node).IsDataLost.ShouldBeTrue();
    }

    [Fact]
    public async Task NO10_NothingOfANodeThatStopsRemains()
    {
        var node = await RegisterAsync("one");
        Lease(node).Start();

        await Lease(node).EndAsync(default).WithinLimit();

        var database = await _cluster.RedisAsync();
        (await database.KeyExistsAsync($"{_cluster.Prefix}node:one")).ShouldBeFalse();
        (await database.SetLengthAsync($"{_cluster.Prefix}nodes")).ShouldBe(0);
    }

    [Fact]
    public async Task NO10_ALeaseThatWasGivenBackIsNotTakenAgain()
    {
        var node = await RegisterAsync("one");
        await Lease(node).EndAsync(default).WithinLimit();

        await Should.ThrowAsync<ClusterNotReachableException>(Lease(node).BeatAsync(default));

        (await (await _cluster.RedisAsync()).KeyExistsAsync($"{_cluster.Prefix}node:one")).ShouldBeFalse();
    }

    [Fact]
    public async Task ABeatThatWaitsForItsTurnEndsAlthoughTheLeaseWasDisposedOf()
    {
        await using var proxy = RedisProxy.Start(redis.Server.Port);
        var node = await _cluster.Add("one", proxy.Configuration).ConnectAsync();
        await Lease(node).RegisterAsync(default).WithinLimit();
        proxy.Freeze();
        using var end = new CancellationTokenSource();
        var hangs = Lease(node).BeatAsync(default);
        var waits = Lease(node).BeatAsync(end.Token);

        await Lease(node).DisposeAsync();
        await end.CancelAsync();

        // Or whatever heals the link would keep the host from its end for ever.
        await Should.ThrowAsync<OperationCanceledException>(waits).WithinLimit();
        await Should.ThrowAsync<ClusterNotReachableException>(hangs).WithinLimit();
    }

    [Fact]
    public async Task NO11_WhoHoldsNoLeaseIsDeadAndWhoHoldsOneIsAlive()
    {
        var one = await RegisterAsync("one");
        var two = await RegisterAsync("two");
        await two.KillAsync(_cluster);
        var three = await RegisterAsync("three");

        var table = await one.Services.GetRequiredService<Peers>().RefreshAsync(default);

        table.Ids.ShouldBe(["one", "three"]);
        table.IsAlive(three.Identity.Incarnation).ShouldBeTrue();
        table.Dead.ShouldBe([two.Identity.Incarnation]);
    }

    private static NodeLease Lease(TestNode node) => node.Services.GetRequiredService<NodeLease>();

    private async Task<TestNode> RegisterAsync(string id)
    {
        var node = await _cluster.Add(id).ConnectAsync();
        await Lease(node).RegisterAsync(default).WithinLimit();
        return node;
    }
}
