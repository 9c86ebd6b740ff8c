using System.Text;
using Microsoft.Extensions.Logging;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Bus;

public sealed class BusWireTests(SharedRedis redis) : IAsyncDisposable
{
    private const string Other = "other 0123456789ab";

    private readonly BusCluster _cluster = new(redis.Server.Configuration) { Lease = TimeSpan.FromMinutes(1) };

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NO46_ANodeHearsItsChannelThatOfAllAndThoseOfItsRooms()
    {
        var one = await _cluster.StartAsync("one");
        (await ListenersAsync("node:one"), await ListenersAsync("all"), await ListenersAsync("room:room")).ShouldBe((1, 1, 0));

        var first = await one.HearAsync();
        var second = await one.HearAsync();
        (await ListenersAsync("room:room")).ShouldBe(1);

        await first.DisposeAsync();
        (await ListenersAsync("room:room")).ShouldBe(1);
        await second.DisposeAsync();
        await second.DisposeAsync();
        await GoneAsync("room:room");
    }

    [Fact]
    public async Task NO10_ANodeThatStopsHearsNothingMoreAndSaysSo()
    {
        var one = await _cluster.StartAsync("one");
        await using var room = await one.HearAsync();
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await (await _cluster.RedisAsync()).Multiplexer.GetSubscriber().SubscribeAsync(
            RedisChannel.Literal($"{_cluster.Prefix}bus:all"), (_, message) => said.TrySetResult((string)message!));

        await one.Bus.StopAsync(default).WithinLimit();

        (await said.Task.WithinLimit()).ShouldStartWith($"polywire/1 bye one {one.Identity.Epoch} ");
        await GoneAsync("node:one");
        await GoneAsync("room:room");
    }

    [Fact]
    public async Task NO46_GarbageOnAnyChannelDoesNoHarm()
    {
        var one = await _cluster.StartAsync("one");
        var two = await _cluster.StartAsync("two");
        await using var room = await two.HearAsync();
        string[] garbage =
        [
            "", "garbage", "\n", "polywire/1", "polywire/99 say x y 1\n{}", "polywire/1 dance x y 1\n{}", "polywire/1 say x y NaN\n{}", "polywire/1 say x y 1\nnot json",
            $"polywire/1 say {Other} 1\nnot json", $"polywire/1 say {Other} 2\n{{\"message\":1}}", $"polywire/1 say {Other} 3\n{{\"message\":1,\"room\":\"another\"}}",
            $"polywire/1 ask {Other} 4 id=x\nnot json", $"polywire/1 ask {Other} 5\n{{\"method\":\"m\",\"args\":1}}", $"polywire/1 answer {Other} 6 id=x\n{{}}",
            $"polywire/1 ping {Other} 7\n{{}}", $"polywire/1 hello {Other} 8\nwhat", new string('\0', 100), new string('x', 100_000),
        ];
        foreach (var message in garbage)
        {
            foreach (var channel in new[] { "room:room", "all", "node:two" })
            {
                await _cluster.PublishAsync(channel, message);
            }
        }

        one.Say("still here");

        (await two.HeardAsync()).ShouldBe("still here");
        two.HasHeard(out _).ShouldBeFalse();
        await Until.TrueAsync(() => two.Dropped("version") == 3 && two.Dropped("type") >= 3 && two.Dropped("form") >= 30);
        two.Node.Logs.GetSnapshot().ShouldAllBe(line => line.Level < LogLevel.Error);
        two.Node.Logs.GetSnapshot().Count(line => line.Id.Id == RedisEventIds.MessagesDropped).ShouldBe(3);
    }

    [Fact]
    public async Task NO47_DuplicatesAreDroppedAndGapsCounted()
    {
        var one = await _cluster.StartAsync("one");
        await using var room = await one.HearAsync();

        foreach (var number in new[] { 7, 8, 8, 7, 12, 9, 13 })
        {
            await _cluster.PublishAsync("room:room", $"polywire/1 say {Other} {number}\n{{\"message\":\"{number}\",\"room\":\"room\"}}");
        }

        foreach (var expected in new[] { "7", "8", "12", "13" })
        {
            (await one.HeardAsync()).ShouldBe(expected);
        }

        (one.Dropped("duplicate"), one.Lost).ShouldBe((3, 3));
        one.Node.Logs.GetSnapshot().ShouldContain(line => line.Message == "3 messages lost between nodes");
    }

    [Fact]
    public async Task NO46_FieldsThatLaterVersionsAddArePassedOver()
    {
        var one = await _cluster.StartAsync("one");
        await using var room = await one.HearAsync();

        await _cluster.PublishAsync("room:room", $"polywire/1 say {Other} 1 colour=blue\n{{\"message\":\"hi\",\"room\":\"room\"}}");

        (await one.HeardAsync()).ShouldBe("hi");
    }

    [Fact]
    public async Task NO48_WithASecretWhatIsNotSignedIsNotHeard()
    {
        await using var cluster = new BusCluster(redis.Server.Configuration) { Lease = TimeSpan.FromMinutes(1), Configure = options => options.Secret = "a secret of the cluster" };
        var one = await cluster.StartAsync("one");
        var two = await cluster.StartAsync("two");
        await using var room = await two.HearAsync();
        var tapped = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await (await cluster.RedisAsync()).Multiplexer.GetSubscriber().SubscribeAsync(
            RedisChannel.Literal($"{cluster.Prefix}bus:room:room"), (_, message) => tapped.TrySetResult((string)message!));

        one.Say("signed");
        (await two.HeardAsync()).ShouldBe("signed");
        var whole = await tapped.Task.WithinLimit();
        whole.ShouldMatch(" h=[A-Za-z0-9_-]{43}\n");
        await cluster.PublishAsync("room:room", whole.Replace("signed", "forged", StringComparison.Ordinal));
        await cluster.PublishAsync("room:room", $"polywire/1 say {Other} 1\n{Encoding.UTF8.GetString(BusNode.Body("unsigned"))}");
        one.Say("signed too");

        (await two.HeardAsync()).ShouldBe("signed too");
        two.Dropped("signature").ShouldBe(2);
    }

    [Theory]
    [InlineData("resp2")]
    [InlineData("resp3")]
    public async Task NO1_TwentyThousandMessagesComeInOrder(string protocol)
    {
        const int Count = 20_000;
        var through = $"{redis.Server.Configuration},protocol={protocol}";
        var one = await _cluster.StartAsync("one", through);
        var two = await _cluster.StartAsync("two", through);
        var (last, wrong) = (-1, 0);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var room = await two.Bus.SubscribeAsync(
            BackplaneChannel.Room("room"),
            (message, _) =>
            {
                var text = Encoding.UTF8.GetString(message.Body.Span);
                var number = int.Parse(text.AsSpan(12, text.IndexOf('"', 12) - 12), System.Globalization.CultureInfo.InvariantCulture);
                wrong += number == last + 1 ? 0 : 1;
                last = number;
                if (number == Count - 1)
                {
                    done.SetResult();
                }

                return default;
            },
            default);

        for (var i = 0; i < Count; i++)
        {
            one.Say($"{i}");

            // No faster than they are heard, so that the bound of the queue is not what is tried here.
            if (i % 5000 == 4999)
            {
                var sent = i;
                await Until.TrueAsync(() => Volatile.Read(ref last) == sent);
            }
        }

        await done.Task.WithinLimit();
        (wrong, two.Lost, two.Dropped("duplicate"), two.Dropped("queue")).ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public async Task NO30_ASlowHandlerHoldsUpItsRoomAndItsOldestMessagesGo()
    {
        const int Count = 10_500;
        var one = await _cluster.StartAsync("one");
        var two = await _cluster.StartAsync("two");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = 0;
        await using var slow = await two.Bus.SubscribeAsync(
            BackplaneChannel.Room("slow"),
            async (_, _) =>
            {
                entered.TrySetResult();
                await gate.Task;
                handled++;
            },
            default);
        await using var quick = await two.HearAsync();
        await using var behind = await two.HearAsync("slow");

        for (var i = 0; i < Count; i++)
        {
            one.Say($"{i}", "slow");
        }

        one.Say("quick");
        var heard = new List<string>();
        while (heard.Count < Count + 1)
        {
            heard.Add(await two.HeardAsync());
        }

        // One waits in the handler, ten thousand behind it.
        await entered.Task.WithinLimit();
        heard.ShouldContain("quick");
        gate.SetResult();
        await Until.TrueAsync(() => Volatile.Read(ref handled) == 10_001);
        two.Dropped("queue").ShouldBe(Count - 10_001);
    }

    [Fact]
    public async Task NO63_OnARedisClusterRoomsAreShardedChannels()
    {
        await using var server = await TestSupport.Redis.RedisServer.StartAsync("--cluster-enabled", "yes");
        await server.SendAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        while (!(await server.SendAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal))
        {
            // It takes a moment until it serves.
        }

        await using var cluster = new BusCluster(server.Configuration) { Lease = TimeSpan.FromMinutes(1) };
        var one = await cluster.StartAsync("one");
        var two = await cluster.StartAsync("two");
        var room = await two.HearAsync();
        var sharded = async () => (string)(await (await cluster.RedisAsync()).ExecuteAsync("PUBSUB", "SHARDCHANNELS"))[0]!;

        one.Say("hello");

        (await two.HeardAsync()).ShouldBe("hello");
        (await sharded()).ShouldBe($"{{{cluster.Prefix[..^1]}}}:bus:room:room");
        await using var responder = await two.Bus.RespondAsync("who", (_, _) => new("2"u8.ToArray()), default);
        var question = new BackplaneQuestion { Method = "who", Arguments = "1"u8.ToArray() };
        (await one.Bus.AskAsync(question, default).WithinLimit()).Answers.ShouldHaveSingleItem().Node.ShouldBe("two");
        await room.DisposeAsync();
    }

    [Fact]
    public async Task WhatIsPublishedIsToldAndWhatIsInjectedIsHeard()
    {
        var one = await _cluster.StartAsync("one");
        await using var room = await one.HearAsync();
        var told = new List<string>();
        one.Bus.Published += (name, type, body) => told.Add($"{name} {type} {Encoding.UTF8.GetString(body.Span)}");

        one.Say("mine");
        one.Bus.Inject("room", "elsewhere", BusNode.Body("from elsewhere")).ShouldBeTrue();
        one.Bus.Inject("nobody", "elsewhere", BusNode.Body("x", "nobody")).ShouldBeFalse();

        (await one.HeardAsync()).ShouldBe("from elsewhere");
        told.ShouldBe(["room Say {\"message\":\"mine\",\"room\":\"room\"}"]);
    }

    [Fact]
    public async Task WhatOthersWouldPassOverIsRefused()
    {
        var one = await _cluster.StartAsync("one");

        Should.Throw<ArgumentException>(() => one.Bus.PublishAsync(BackplaneChannel.Room("room"), "dance", BusNode.Body("x"), default).AsTask().GetAwaiter().GetResult());
        Should.Throw<ArgumentException>(() => one.Bus.PublishAsync(BackplaneChannel.All, "say", BusNode.Body("x"), default).AsTask().GetAwaiter().GetResult());
    }

    private async Task<long> ListenersAsync(string channel) =>
        (long)((RedisResult[])(await (await _cluster.RedisAsync()).ExecuteAsync("PUBSUB", "NUMSUB", $"{_cluster.Prefix}bus:{channel}"))!)[1];

    // An unsubscription is not waited for.
    private async Task GoneAsync(string channel)
    {
        var listeners = -1L;
        var started = TimeProvider.System.GetTimestamp();
        while (listeners != 0 && TimeProvider.System.GetElapsedTime(started) < Within.Limit)
        {
            listeners = await ListenersAsync(channel);
        }

        listeners.ShouldBe(0, channel);
    }
}
