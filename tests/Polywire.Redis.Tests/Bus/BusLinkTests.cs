using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Polywire.TestSupport.Redis;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Bus;

public sealed class BusLinkTests(SharedRedis redis) : IAsyncDisposable
{
    private readonly RedisProxy _proxy = RedisProxy.Start(redis.Server.Port);
    private readonly BusCluster _cluster = new(redis.Server.Configuration) { Configure = options => (options.OutboxMessages, options.OutboxAge) = (3, TimeSpan.FromMinutes(1)) };

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task NO51_WhatIsSaidWhileTheLinkIsDownIsSentInOrderBeforeAnythingNewer()
    {
        var (one, two) = await PairAsync();
        await using var room = await two.HearAsync();
        _proxy.Down();
        await one.LinkIsAsync(false);
        foreach (var text in new[] { "1", "2", "3", "4", "5" })
        {
            one.Say(text);
        }

        one.Dropped("outbox").ShouldBe(2);
        _proxy.Up();
        using var stop = new CancellationTokenSource();
        var newer = Task.Run(async () =>
        {
            while (!one.Bus.IsLinkUp && !stop.IsCancellationRequested)
            {
                await Task.Yield();
            }

            one.Say("newer");
        });

        foreach (var text in new[] { "3", "4", "5", "newer" })
        {
            (await two.HeardAsync()).ShouldBe(text);
        }

        await newer.WithinLimit();
        await one.LinkIsAsync(true);
        two.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task NO51_WhatTheConnectionRefusesIsKeptThoughNobodyHasToldThatTheLinkIsDown()
    {
        var (one, _) = await PairAsync();
        var link = one.Node.Services.GetRequiredService<RedisLink>();
        await one.Node.Services.GetRequiredService<LinkHealth>().DisposeAsync();
        _proxy.Down();
        await Until.TrueAsync(() => !link.IsConnected);

        // The first may still be handed to a connection that is gone, and is in doubt then.
        await Until.TrueAsync(() =>
        {
            one.Say("kept");
            return one.Waiting == 3;
        });
        one.Bus.IsLinkUp.ShouldBeTrue();
    }

    [Fact]
    public async Task NO34_AfterACutANodeHearsAgain()
    {
        var (one, two) = await PairAsync();
        await using var room = await one.HearAsync();

        _proxy.Cut();

        await one.LinkIsAsync(false);
        await one.LinkIsAsync(true);
        two.Say("after");
        (await one.HeardAsync()).ShouldBe("after");
        await using var another = await one.HearAsync("another");
        two.Say("here too", "another");
        (await one.HeardAsync()).ShouldBe("here too");
    }

    [Fact]
    public async Task NO47_WhatWasSaidMeanwhileIsCountedAsLost()
    {
        var (one, two) = await PairAsync();
        await using var room = await one.HearAsync();
        two.Say("before");
        (await one.HeardAsync()).ShouldBe("before");
        _proxy.Down();
        await one.LinkIsAsync(false);
        two.Say("lost");
        two.Say("lost too");
        _proxy.Up();
        await one.LinkIsAsync(true);

        two.Say("after");

        (await one.HeardAsync()).ShouldBe("after");
        one.Lost.ShouldBe(2);
    }

    [Fact]
    public async Task NO67_AWireThatHangsIsDownAndHealsWhenItGoesOn()
    {
        var (one, two) = await PairAsync();
        await using var room = await one.HearAsync();
        one.Node.Services.GetRequiredService<LinkHealth>().IsUp.ShouldBeTrue();

        _proxy.Freeze();
        await one.LinkIsAsync(false);
        await Should.ThrowAsync<ClusterNotReachableException>(one.HearAsync("another")).WithinLimit();
        await Should.ThrowAsync<ClusterNotReachableException>(
            one.Bus.AskAsync(new BackplaneQuestion { Method = "who", Arguments = "1"u8.ToArray() }, default).AsTask()).WithinLimit();
        one.Say("kept");
        _proxy.Thaw();

        await one.LinkIsAsync(true);
        two.Say("after");
        (await one.HeardAsync()).ShouldBe("after");
    }

    [Fact]
    public async Task NO67_ASubscriptionThatHangsAloneIsSeenAndReplaced()
    {
        var (one, two) = await PairAsync();
        await using var room = await one.HearAsync();

        _proxy.FreezeSubscriptions().ShouldBeGreaterThan(0);

        await one.LinkIsAsync(false);
        await one.LinkIsAsync(true);
        two.Say("after");
        (await one.HeardAsync()).ShouldBe("after");
        one.HasLinkChanged.ShouldBeFalse();
    }

    [Fact]
    public async Task NO67_ASubscriptionThatFailedIsNotMadeLater()
    {
        var (one, _) = await PairAsync();
        _proxy.Down();

        await Should.ThrowAsync<ClusterNotReachableException>(one.HearAsync()).WithinLimit();
        await one.LinkIsAsync(false);
        _proxy.Up();
        await one.LinkIsAsync(true);

        var database = await _cluster.RedisAsync();
        ((long)((RedisResult[])(await database.ExecuteAsync("PUBSUB", "NUMSUB", $"{_cluster.Prefix}bus:room:room"))!)[1]).ShouldBe(0);
        ((long)((RedisResult[])(await database.ExecuteAsync("PUBSUB", "NUMSUB", $"{_cluster.Prefix}bus:node:one"))!)[1]).ShouldBe(1);
    }

    [Fact]
    public async Task NO69_AnOutageIsOneLineOfTheLog()
    {
        var (one, _) = await PairAsync();

        _proxy.Down();
        await one.LinkIsAsync(false);
        for (var i = 0; i < 50; i++)
        {
            one.Say(i.ToString(CultureInfo.InvariantCulture));
        }

        _proxy.Up();
        await one.LinkIsAsync(true);

        var lines = one.Node.Logs.GetSnapshot();
        lines.Count(line => line.Id.Id == RedisEventIds.LinkDown).ShouldBe(1);
        lines.Count(line => line.Id.Id == RedisEventIds.MessagesDropped).ShouldBe(1);
    }

    [Fact]
    public async Task NO10_ANodeStopsWhileTheLinkIsDown()
    {
        var (one, _) = await PairAsync();
        await using var room = await one.HearAsync();
        _proxy.Freeze();
        await one.LinkIsAsync(false);

        await one.Bus.StopAsync(default).WithinLimit();
    }

    [Fact]
    public async Task NO65_TheMultiplexerOfAnApplicationIsUsedAndNotReplaced()
    {
        await using var own = await ConnectionMultiplexer.ConnectAsync($"{_proxy.Configuration},abortConnect=false");
        await using var cluster = new BusCluster(redis.Server.Configuration) { Multiplexer = own };
        var one = await cluster.StartAsync("one");
        await using var room = await one.HearAsync();

        _proxy.Cut();
        await one.LinkIsAsync(false);
        await one.LinkIsAsync(true);
        one.Bus.Inject("room", "elsewhere", BusNode.Body("injected"));
        (await one.HeardAsync()).ShouldBe("injected");
        await cluster.PublishAsync("room:room", "polywire/1 say other 0123456789ab 1\n{\"message\":\"heard\",\"room\":\"room\"}");
        (await one.HeardAsync()).ShouldBe("heard");
        await one.Bus.StopAsync(default).WithinLimit();

        own.IsConnected.ShouldBeTrue();
    }

    [Fact]
    public async Task NO4_ARedisThatWasKilledAndComesBackIsHeardAgain()
    {
        await using var server = await RedisServer.StartAsync();
        await using var cluster = new BusCluster(server.Configuration);
        var one = await cluster.StartAsync("one");
        var two = await cluster.StartAsync("two");
        await using var a = await one.HearAsync();
        await using var b = await two.HearAsync();

        await server.KillAsync();
        await one.LinkIsAsync(false);
        await two.LinkIsAsync(false);
        await server.RestartAsync();
        await one.LinkIsAsync(true);
        await two.LinkIsAsync(true);

        one.Say("from one");
        two.Say("from two");
        (await two.HeardAsync()).ShouldBe("from one");
        (await one.HeardAsync()).ShouldBe("from two");
    }

    private async Task<(BusNode One, BusNode Two)> PairAsync() => (await _cluster.StartAsync("one", _proxy.Configuration), await _cluster.StartAsync("two"));
}
