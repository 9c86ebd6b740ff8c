using System.Text;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Bus;

public sealed class BusQuestionTests(SharedRedis redis) : IAsyncDisposable
{
    private const string Ghost = "ghost/0123456789ab";

    private readonly BusCluster _cluster = new(redis.Server.Configuration) { Lease = TimeSpan.FromMinutes(1) };

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NO49_TheQuestionIsAsItIsSpecifiedAndItsAnswerGoesToWhoAsked()
    {
        var one = await _cluster.StartAsync("one");
        await AddGhostAsync();
        var asked = await TapAsync("all", "ask");

        var question = AskAsync(one, TimeSpan.FromSeconds(30));
        var message = await asked.WithinLimit();
        message.ShouldMatch($"^polywire/1 ask one {one.Identity.Epoch} [0-9]+ id=[A-Za-z0-9_-]{{22}} within=30000\n\\{{\"method\":\"who\",\"args\":\\[1\\]\\}}$");
        var id = message.Split(" id=")[1].Split(' ')[0];
        await _cluster.PublishAsync("node:one", $"polywire/1 answer ghost 0123456789ab 1 id={id}\n{{\"result\":[\"boo\"]}}");

        var answer = (await question.WithinLimit()).Answers.ShouldHaveSingleItem();
        (answer.Node, Encoding.UTF8.GetString(answer.Result.Span)).ShouldBe(("ghost", "[\"boo\"]"));
    }

    [Fact]
    public async Task NO49_APeerThatIsSilentIsNamedWhenTheTimeIsUp()
    {
        var one = await _cluster.StartAsync("one");
        var two = await _cluster.StartAsync("two");
        await AddGhostAsync();
        await using var responder = await two.Bus.RespondAsync("who", (_, _) => Answer("2"), default);

        var reply = await AskAsync(one, TimeSpan.FromMilliseconds(500), all: true).WithinLimit();

        (reply.Answers.Select(answer => answer.Node), reply.Silent).ShouldSatisfyAllConditions(
            both => both.Item1.ShouldBe(["two"]), both => both.Silent.ShouldBe(["ghost"]));
    }

    [Fact]
    public async Task NO49_WithoutATimeOfItsOwnAQuestionHasThatOfTheSettings()
    {
        var one = await _cluster.StartAsync("one");
        await AddGhostAsync();

        // One second in these tests, where a question has five by default.
        var started = TimeProvider.System.GetTimestamp();
        (await AskAsync(one, null).WithinLimit()).Silent.ShouldBe(["ghost"]);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task NO49_APeerThatGoesIsNotWaitedFor()
    {
        var one = await _cluster.StartAsync("one");
        await AddGhostAsync();
        var asked = await TapAsync("all", "ask");
        var question = AskAsync(one, TimeSpan.FromMinutes(1));
        await asked.WithinLimit();
        await Until.TrueAsync(() => one.Peers.Table.IsAlive(Ghost));

        await RemoveGhostAsync();
        await _cluster.PublishAsync("all", "polywire/1 bye ghost 0123456789ab 9\n{}");

        var reply = await question.WithinLimit();
        reply.Answers.ShouldBeEmpty();
        reply.Silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task NO49_ALateAnswerIsDropped()
    {
        var one = await _cluster.StartAsync("one");
        await AddGhostAsync();
        var asked = await TapAsync("all", "ask");
        var question = AskAsync(one, TimeSpan.FromMilliseconds(300));
        var id = (await asked.WithinLimit()).Split(" id=")[1].Split(' ')[0];
        (await question.WithinLimit()).Silent.ShouldBe(["ghost"]);

        await _cluster.PublishAsync("node:one", $"polywire/1 answer ghost 0123456789ab 1 id={id}\n{{\"result\":1}}");
        await RemoveGhostAsync();

        (await AskAsync(one, TimeSpan.FromMinutes(1)).WithinLimit()).Answers.ShouldBeEmpty();
        one.Dropped("form").ShouldBe(0);
    }

    [Fact]
    public async Task NO49_QuestionsAreAnsweredBesideEachOther()
    {
        var one = await _cluster.StartAsync("one");
        var two = await _cluster.StartAsync("two");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = 0;
        await using var responder = await two.Bus.RespondAsync(
            "who",
            async (_, _) =>
            {
                Interlocked.Increment(ref entered);
                await gate.Task;
                return "1"u8.ToArray();
            },
            default);

        var questions = Enumerable.Range(0, 100).Select(_ => AskAsync(one, TimeSpan.FromMinutes(1))).ToArray();
        await Until.TrueAsync(() => Volatile.Read(ref entered) == 64);
        gate.SetResult();

        (await Task.WhenAll(questions).WithinLimit()).ShouldAllBe(reply => reply.Answers.Count == 1);
        entered.ShouldBe(100);
    }

    [Fact]
    public async Task NO49_WhoIsNamedAndNotThereHasNothing()
    {
        var one = await _cluster.StartAsync("one");

        foreach (var name in new[] { "nobody", "one" })
        {
            var reply = await one.Bus.AskAsync(new BackplaneQuestion { Method = "who", Arguments = "1"u8.ToArray(), Node = name }, default).WithinLimit();
            (reply.Answers.Count, reply.Silent.Count).ShouldBe((0, 0));
        }
    }

    [Fact]
    public async Task NO49_WhatIsAskedWhileTheLinkGoesFailsAtOnce()
    {
        await using var proxy = TestSupport.Redis.RedisProxy.Start(redis.Server.Port);
        var one = await _cluster.StartAsync("one", proxy.Configuration);
        await AddGhostAsync();
        var asked = await TapAsync("all", "ask");
        var question = AskAsync(one, TimeSpan.FromMinutes(5));
        await asked.WithinLimit();
        await Until.TrueAsync(() => one.Peers.Table.IsAlive(Ghost));

        proxy.Down();

        await Should.ThrowAsync<ClusterNotReachableException>(question).WithinLimit();
    }

    [Fact]
    public async Task NO46_GreetingsRefreshThePeersAtOnce()
    {
        // No beat comes within the test.
        var one = await _cluster.StartAsync("one");
        await AddGhostAsync();
        await _cluster.PublishAsync("all", "polywire/1 hello ghost 0123456789ab 1\n{}");
        await Until.TrueAsync(() => one.Peers.Table.IsAlive(Ghost));

        await RemoveGhostAsync();
        await _cluster.PublishAsync("all", "polywire/1 bye ghost 0123456789ab 2\n{}");
        await Until.TrueAsync(() => !one.Peers.Table.IsAlive(Ghost));

        await _cluster.StartAsync("two");
        await Until.TrueAsync(() => one.Peers.Table.Ids.Contains("two"));
    }

    private static ValueTask<ReadOnlyMemory<byte>?> Answer(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Task<BackplaneReply> AskAsync(BusNode node, TimeSpan? timeout, bool all = false) =>
        node.Bus.AskAsync(new BackplaneQuestion { Method = "who", Arguments = "[1]"u8.ToArray(), Timeout = timeout, All = all }, default).AsTask();

    /// <summary>A node that has a lease and says nothing.</summary>
    private async Task AddGhostAsync()
    {
        var database = await _cluster.RedisAsync();
        await database.HashSetAsync($"{_cluster.Prefix}node:ghost", "epoch", "0123456789ab");
        await database.SetAddAsync($"{_cluster.Prefix}nodes", Ghost);
    }

    private async Task RemoveGhostAsync()
    {
        var database = await _cluster.RedisAsync();
        await database.KeyDeleteAsync($"{_cluster.Prefix}node:ghost");
        await database.SetRemoveAsync($"{_cluster.Prefix}nodes", Ghost);
    }

    private async Task<Task<string>> TapAsync(string channel, string type)
    {
        var tapped = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await (await _cluster.RedisAsync()).Multiplexer.GetSubscriber().SubscribeAsync(
            RedisChannel.Literal($"{_cluster.Prefix}bus:{channel}"),
            (_, message) =>
            {
                if (((string)message!).StartsWith($"polywire/1 {type} ", StringComparison.Ordinal))
                {
                    tapped.TrySetResult((string)message!);
                }
            });
        return tapped.Task;
    }
}
