using Microsoft.Extensions.DependencyInjection;
using Polywire.Caching;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Polywire.TestSupport.Redis;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Caching;

/// <summary>What stands in Redis, byte by byte, and what the cache makes of what others wrote there.</summary>
public sealed class CacheWireTests(SharedRedis redis) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(redis.Server.Configuration);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NO12_KeysFollowThePrefix()
    {
        var (cache, database) = await StartAsync();

        await cache.SaveAsync("a", 1);
        await cache.TryLockAsync("a");

        (await database.KeyExistsAsync(Key("cache:a"))).ShouldBeTrue();
        (await database.KeyExistsAsync(Key("lock:a"))).ShouldBeTrue();
        (await database.KeyExistsAsync(Key("fence:a"))).ShouldBeTrue();
    }

    [Fact]
    public async Task NO15_AnObjectIsItsValueAndItsThreeTimesInThisOrder()
    {
        var (cache, database) = await StartAsync();

        await cache.SaveAsync("a", new Dictionary<string, int[]> { ["x"] = [] });
        await cache.SaveAsync("b", 1, TimeSpan.FromMilliseconds(4200));

        var plain = (string)(await database.StringGetAsync(Key("cache:a")))!;
        plain.ShouldMatch("""^\{"value":\{"x":\[\]\},"expireTimestamp":null,"createdAt":\d+,"readAt":null\}$""");
        (await database.KeyTimeToLiveAsync(Key("cache:a"))).ShouldBeNull();
        ((string)(await database.StringGetAsync(Key("cache:b")))!).ShouldMatch("""^\{"value":1,"expireTimestamp":\d+,"createdAt":\d+,"readAt":null\}$""");
        (await database.KeyTimeToLiveAsync(Key("cache:b"))).ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData("""{"n":12345678901234567890,"e":[],"o":{},"s":"\u00e9\/","f":1.50}""")]
    [InlineData("""{"t":",\"expireTimestamp\":1,\"createdAt\":2,\"readAt\":3}"}""")]
    [InlineData("""{"value":1,"expireTimestamp":1,"createdAt":2,"readAt":3}""")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public async Task NO16_AReadChangesNoByteOfTheValue(string value)
    {
        var (cache, database) = await StartAsync();
        var head = $$"""{"value":{{value}},""";
        await database.StringSetAsync(Key("cache:a"), $$"""{{head}}"expireTimestamp":null,"createdAt":17,"readAt":null}""");

        var entry = await cache.LoadRequiredAsync<System.Text.Json.JsonElement>("a");

        entry.Value.GetRawText().ShouldBe(value);
        entry.CreatedAt.ToUnixTimeMilliseconds().ShouldBe(17);
        var text = (string)(await database.StringGetAsync(Key("cache:a")))!;
        text.ShouldStartWith(head);
        text.ShouldEndWith($$"""readAt":{{entry.ReadAt.ToUnixTimeMilliseconds()}}}""");
    }

    [Fact]
    public async Task NO17_AReadInTheLastSecondLeavesTheEndOfTheKey()
    {
        var (cache, database) = await StartAsync();
        await database.StringSetAsync(
            Key("cache:a"), $$"""{"value":1,"expireTimestamp":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 60_000}},"createdAt":1,"readAt":null}""", TimeSpan.FromMilliseconds(900));

        await cache.LoadRequiredAsync<int>("a");

        (await database.KeyTimeToLiveAsync(Key("cache:a"))).ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromMilliseconds(901));
    }

    [Fact]
    public async Task NO18_MembersBesideTheFourAndAnotherOrderSurviveARead()
    {
        var (cache, database) = await StartAsync();
        await database.StringSetAsync(Key("cache:a"), """{"value":[1],"by":"another","expireTimestamp":null,"createdAt":5,"readAt":null}""");
        await database.StringSetAsync(Key("cache:b"), """{"by":"another","createdAt":17,"value":[1,2],"readAt":null,"expireTimestamp":null}""");

        (await cache.LoadRequiredAsync<int[]>("a")).Value.ShouldBe([1]);
        (await cache.LoadRequiredAsync<int[]>("b")).Value.ShouldBe([1, 2]);

        (await cache.LoadRequiredAsync<int[]>("a")).LastReadAt.ShouldNotBeNull();
        (await cache.LoadRequiredAsync<int[]>("b")).LastReadAt.ShouldNotBeNull();
        ((string)(await database.StringGetAsync(Key("cache:a")))!).ShouldContain("\"by\":\"another\"");
        ((string)(await database.StringGetAsync(Key("cache:b")))!).ShouldContain("\"by\":\"another\"");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public async Task WhatIsNoObjectOfACacheIsOfAnotherKind(string text)
    {
        var (cache, database) = await StartAsync();
        await database.StringSetAsync(Key("cache:a"), text);

        (await Should.ThrowAsync<CacheException>(async () => await cache.LoadRequiredAsync<int>("a"))).Failure.ShouldBe(CacheFailure.WrongKind);
    }

    [Fact]
    public async Task NO18_ItemsOfListsAreWrapped_AndOneThatIsNotIsNull()
    {
        var (cache, database) = await StartAsync();

        await cache.PushAsync("list", "two");
        await database.ListRightPushAsync(Key("cache:list"), "bare");

        ((string)(await database.ListGetByIndexAsync(Key("cache:list"), 0))!).ShouldBe("""{"data":"two"}""");
        (await cache.PopAsync<string>("list")).ShouldBe("two");
        (await cache.PopAsync<string>("list")).ShouldBeNull();
        (await cache.ListLengthAsync("list")).ShouldBe(0);
    }

    [Fact]
    public async Task NO19_AllKeysAreFoundOnce_AndClearingLeavesLocks()
    {
        var (cache, _) = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 2500).Select(i => cache.SaveAsync($"k[{i}]*", i).AsTask()));
        await cache.TryLockAsync("k");

        var keys = new List<string>();
        await foreach (var key in cache.KeysAsync())
        {
            keys.Add(key);
        }

        keys.Count.ShouldBe(2500);
        keys.ShouldBeUnique();
        keys.ShouldContain(Key("cache:k[7]*"));
        (await cache.SizeAsync()).ShouldBe(2500);
        (await cache.ClearAsync()).ShouldBe(2500);
        (await cache.SizeAsync()).ShouldBe(0);
        (await cache.CheckLockAsync("k")).ShouldBeTrue();
        var locks = new List<string>();
        await foreach (var key in cache.LocksAsync())
        {
            locks.Add(key);
        }

        locks.ShouldBe([Key("lock:k")]);
    }

    [Fact]
    public async Task NO20_WhileRedisIsAwayReadsMissLocksAreRefusedAndTheRestFailsInTime()
    {
        await using var proxy = RedisProxy.Start(redis.Server.Port);
        var node = await _cluster.Add("one", proxy.Configuration).ConnectAsync();
        var cache = node.Services.GetRequiredService<ICache>();
        await cache.SaveAsync("a", 1);

        foreach (var stop in new Action[] { proxy.Freeze, proxy.Down })
        {
            stop();
            (await cache.LoadAsync<int>("a").WithinLimit()).ShouldBeNull();
            (await cache.TryLockAsync("a").WithinLimit()).ShouldBeFalse();
            (await cache.LockAsync("a").WithinLimit()).ShouldBeNull();
            foreach (var call in new Func<Task>[]
            {
                () => cache.SaveAsync("a", 2).AsTask(), () => cache.DestroyAsync("a").AsTask(), () => cache.PushAsync("l", 1).AsTask(),
                () => cache.PopAsync<int>("l").AsTask(), () => cache.ClearAsync().AsTask(), () => cache.UnlockAsync("a").AsTask(),
                () => cache.SizeAsync().AsTask(),
            })
            {
                var failure = await Should.ThrowAsync<CacheException>(async () => await call().WithinLimit());
                (failure.Failure, failure.Message, failure.Status).ShouldBe((CacheFailure.Unavailable, "the cluster is not reachable", ActionStatus.ClusterNotReachable));
            }
        }
    }

    [Fact]
    public async Task ScriptsThatRedisHasForgottenAreSentAgain()
    {
        var (cache, database) = await StartAsync();
        await cache.SaveAsync("a", 1);

        await database.ExecuteAsync("SCRIPT", "FLUSH");

        (await cache.LoadRequiredAsync<int>("a")).Value.ShouldBe(1);
    }

    [Fact]
    public async Task NO39_ALockEndsByItself_AndPassesItsMillisecondsOn()
    {
        var (cache, database) = await StartAsync();

        await cache.TryLockAsync("a", TimeSpan.FromMilliseconds(1250));

        ((string)(await database.StringGetAsync(Key("lock:a")))!).ShouldBe("one");
        (await database.KeyTimeToLiveAsync(Key("lock:a"))).ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1250));
    }

    [Fact]
    public async Task NO41_AHandleKeepsItsOwnNodeOut_AndNoOneElseCanGiveItBack()
    {
        var (cache, database) = await StartAsync();
        await using var held = (await cache.LockAsync("a")).ShouldNotBeNull();

        ((string)(await database.StringGetAsync(Key("lock:a")))!).ShouldMatch("^one:[0-9a-fA-F]{32}$");
        (await cache.TryLockAsync("a")).ShouldBeFalse();
        (await cache.UnlockAsync("a")).ShouldBeFalse();
        (await Should.ThrowAsync<CacheException>(async () => await cache.SaveAsync("a", 1))).Failure.ShouldBe(CacheFailure.Locked);
        await cache.SaveAsync("a", 2, held: held);
    }

    [Fact]
    public async Task NO42_AHolderWhoseLockIsGoneWritesNoMore()
    {
        var (cache, database) = await StartAsync();
        await using var held = (await cache.LockAsync("a")).ShouldNotBeNull();

        await database.KeyDeleteAsync(Key("lock:a"));

        (await Should.ThrowAsync<CacheException>(async () => await cache.SaveAsync("a", 1, held: held))).Failure.ShouldBe(CacheFailure.LockLost);
    }

    [Fact]
    public async Task NO43_FencesGrowWithEachAcquisition_AlsoWhenTheDataWereLost()
    {
        var (cache, database) = await StartAsync();
        var fences = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            await using (var held = (await cache.LockAsync("a")).ShouldNotBeNull())
            {
                fences.Add(held.Fence);
            }

            if (i == 2)
            {
                await database.KeyDeleteAsync(Key("fence:a"));

                // The clock alone makes the next one larger.
                await Until.TrueAsync(() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() > fences[^1]);
            }
        }

        fences.ShouldBe(fences.Order());
        fences.ShouldBeUnique();
    }

    private string Key(string name) => _cluster.Prefix + name;

    private async Task<(ICache Cache, IDatabase Database)> StartAsync()
    {
        var node = await _cluster.Add("one").ConnectAsync();
        return (node.Services.GetRequiredService<ICache>(), await _cluster.RedisAsync());
    }
}
