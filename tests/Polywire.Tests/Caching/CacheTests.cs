using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire.Caching;
using Polywire.Json;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Caching;

/// <summary>Objects and lists: core.md K-1 to K-5, K-7, K-21, K-22.</summary>
public sealed class CacheTests : IDisposable
{
    private readonly CacheFixture _fixture = new();

    private Cache Cache => _fixture.Cache;

    private Cache Other => _fixture.Other;

    private DateTimeOffset Now => _fixture.Time.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task K1_AnEntryAnswersInMilliseconds()
    {
        await Cache.SaveAsync("a", "b", TimeSpan.FromSeconds(5), cancellationToken: Token);

        var entry = await Cache.LoadRequiredAsync<string>("a", cancellationToken: Token);

        var now = Now.ToUnixTimeMilliseconds();
        var json = JsonSerializer.Serialize(entry, new PolywireJson(Options.Create(new PolywireJsonOptions())).GetTypeInfo<CacheEntry<string>>());
        json.ShouldBe(
            $$"""{"key":"a","value":"b","expireTimestamp":{{now + 5000}},"createdAt":{{now}},"readAt":{{now}},"lastReadAt":null}""");
    }

    [Fact]
    public async Task K1_WithoutExpiryTheTimestampIsNull()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        _fixture.Time.Advance(TimeSpan.FromDays(10));

        (await Cache.LoadRequiredAsync<int>("a", cancellationToken: Token)).ExpireTimestamp.ShouldBeNull();
    }

    [Fact]
    public async Task K2_SavingOverwrites_AndStartsAnew()
    {
        await Cache.SaveAsync("a", 1, TimeSpan.FromSeconds(1), cancellationToken: Token);
        await Cache.LoadAsync<int>("a", cancellationToken: Token);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));

        await Cache.SaveAsync("a", 2, cancellationToken: Token);

        var entry = await Cache.LoadRequiredAsync<int>("a", cancellationToken: Token);
        entry.Value.ShouldBe(2);
        entry.CreatedAt.ShouldBe(Now);
        entry.ExpireTimestamp.ShouldBeNull();
        entry.LastReadAt.ShouldBeNull();
    }

    [Fact]
    public async Task K2_ExpiryIsExactToTheMillisecond()
    {
        await Cache.SaveAsync("a", 1, TimeSpan.FromMilliseconds(1234), cancellationToken: Token);

        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1234));
        (await Cache.LoadAsync<int>("a", cancellationToken: Token)).ShouldNotBeNull();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await Cache.LoadAsync<int>("a", cancellationToken: Token)).ShouldBeNull();
    }

    [Fact]
    public async Task K2_ANegativeExpiryCanNeverBeLoaded()
    {
        await Cache.SaveAsync("a", 1, TimeSpan.FromMilliseconds(-1), cancellationToken: Token);

        (await Cache.LoadAsync<int>("a", cancellationToken: Token)).ShouldBeNull();
    }

    [Fact]
    public async Task K2_AnExpiryBeyondTheCalendarIsNoError()
    {
        await Cache.SaveAsync("a", 1, TimeSpan.MaxValue, cancellationToken: Token);
        await Cache.SaveAsync("b", 1, TimeSpan.MinValue, cancellationToken: Token);

        (await Cache.LoadAsync<int>("a", cancellationToken: Token)).ShouldNotBeNull();
        (await Cache.LoadAsync<int>("b", cancellationToken: Token)).ShouldBeNull();
    }

    [Fact]
    public async Task K3_LastReadAtIsTheReadBefore_ReadAtIsThisOne()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        var saved = Now;
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var first = await Cache.LoadRequiredAsync<int>("a", cancellationToken: Token);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await Cache.LoadRequiredAsync<int>("a", cancellationToken: Token);

        first.ReadAt.ShouldBe(saved.AddSeconds(1));
        first.LastReadAt.ShouldBeNull();
        second.ReadAt.ShouldBe(saved.AddSeconds(2));
        second.LastReadAt.ShouldBe(first.ReadAt);
        second.CreatedAt.ShouldBe(saved);
    }

    [Fact]
    public async Task K3_AnAbsentObjectIsNotFound()
    {
        var failure = await Should.ThrowAsync<CacheException>(() => Cache.LoadRequiredAsync<int>("a", cancellationToken: Token).AsTask());

        failure.Message.ShouldBe("Object not found");
        (await Cache.LoadAsync<int>("a", cancellationToken: Token)).ShouldBeNull();
    }

    [Fact]
    public async Task K3_AnObjectPastItsExpiryIsExpired_AndAtLastNotFound()
    {
        await Cache.SaveAsync("a", 1, TimeSpan.FromSeconds(5), cancellationToken: Token);

        _fixture.Time.Advance(TimeSpan.FromSeconds(5.5));
        var expired = await Should.ThrowAsync<CacheException>(() => Cache.LoadRequiredAsync<int>("a", cancellationToken: Token).AsTask());
        _fixture.Time.Advance(TimeSpan.FromSeconds(20));
        var swept = await Should.ThrowAsync<CacheException>(() => Cache.LoadRequiredAsync<int>("a", cancellationToken: Token).AsTask());

        expired.Message.ShouldBe("Object expired");
        swept.Message.ShouldBe("Object not found");
    }

    [Fact]
    public async Task K3_ReadingCanExtendAnExpiry()
    {
        await Cache.SaveAsync("a", 1, TimeSpan.FromSeconds(5), cancellationToken: Token);
        _fixture.Time.Advance(TimeSpan.FromSeconds(4));

        var options = new CacheLoadOptions { ExtendBy = TimeSpan.FromSeconds(10) };
        var entry = await Cache.LoadRequiredAsync<int>("a", options, Token);

        entry.ExpireTimestamp.ShouldBe(Now.AddSeconds(10));
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        (await Cache.LoadAsync<int>("a", cancellationToken: Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task K3_ReadingGivesNoExpiryToAnObjectWithoutOne()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);

        var entry = await Cache.LoadRequiredAsync<int>("a", new CacheLoadOptions { ExtendBy = TimeSpan.FromSeconds(10) }, Token);

        entry.ExpireTimestamp.ShouldBeNull();
    }

    [Fact]
    public async Task K4_DestroyTellsWhetherThereWasSomething()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);

        (await Cache.DestroyAsync("a", cancellationToken: Token)).ShouldBeTrue();
        (await Cache.DestroyAsync("a", cancellationToken: Token)).ShouldBeFalse();
        (await Cache.LoadAsync<int>("a", cancellationToken: Token)).ShouldBeNull();
    }

    [Fact]
    public async Task K5_KeysAndLocksAreFullKeys()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        await Cache.PushAsync("list", 1, Token);
        await Cache.TryLockAsync("b", cancellationToken: Token);

        (await Cache.KeysAsync(Token).ToListAsync(Token)).ShouldBe(["actionhero:cache:a", "actionhero:cache:list"], ignoreOrder: true);
        (await Cache.LocksAsync(Token).ToListAsync(Token)).ShouldBe(["actionhero:lock:b"]);
        (await Cache.SizeAsync(Token)).ShouldBe(2);
    }

    [Fact]
    public async Task K5_ClearRemovesObjectsAndLists_NotLocks_NorOthersKeys()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        await Cache.PushAsync("list", 1, Token);
        await Other.TryLockAsync("a", cancellationToken: Token);
        var apart = _fixture.Node("node-3", new CacheOptions { Prefix = "apart:", LockPrefix = "apart-lock:" });
        await apart.SaveAsync("a", 1, cancellationToken: Token);

        (await Cache.ClearAsync(Token)).ShouldBe(2);

        (await Cache.SizeAsync(Token)).ShouldBe(0);
        (await Cache.LocksAsync(Token).CountAsync(Token)).ShouldBe(1);
        (await apart.SizeAsync(Token)).ShouldBe(1);
    }

    [Fact]
    public async Task K7_ListsAreFirstInFirstOut()
    {
        await Cache.PushAsync("list", "x", Token);
        await Cache.PushAsync("list", "y", Token);

        (await Cache.ListLengthAsync("list", Token)).ShouldBe(2);
        (await Cache.PopAsync<string>("list", Token)).ShouldBe("x");
        (await Cache.PopAsync<string>("list", Token)).ShouldBe("y");
        (await Cache.PopAsync<string>("list", Token)).ShouldBeNull();
        (await Cache.PopAsync<int?>("list", Token)).ShouldBeNull();
        (await Cache.ListLengthAsync("list", Token)).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"data":7}""", 7)]
    [InlineData("""{"other":[1,{"data":2}],"data":7}""", 7)]
    [InlineData("""{}""", null)]
    public async Task K7_ItemsAreWrappedAsActionHeroDoes(string stored, int? item)
    {
        await _fixture.Store.PushAsync("actionhero:cache:list", System.Text.Encoding.UTF8.GetBytes(stored), Token);

        (await Cache.PopAsync<int?>("list", Token)).ShouldBe(item);
    }

    [Fact]
    public async Task K7_ItemsAreStoredWrapped()
    {
        await Cache.PushAsync("list", "ä", Token);

        var stored = (await _fixture.Store.PopAsync("actionhero:cache:list", Token)).ShouldNotBeNull();
        System.Text.Encoding.UTF8.GetString(stored.Span).ShouldBe("""{"data":"ä"}""");
    }

    [Fact]
    public async Task K21_LoadingLosesNoSave_WhenBothRunAtOnce()
    {
        await Cache.SaveAsync("a", 0, cancellationToken: Token);
        var reading = Task.Run(
            async () =>
            {
                for (var number = 0; number < 2_000; number++)
                {
                    await Other.LoadAsync<int>("a", cancellationToken: Token);
                }
            },
            Token);

        for (var number = 1; number <= 2_000; number++)
        {
            await Cache.SaveAsync("a", number, cancellationToken: Token);
            (await Cache.LoadRequiredAsync<int>("a", cancellationToken: Token)).Value.ShouldBe(number);
        }

        await reading;
    }

    [Fact]
    public async Task ValuesAreCopies_AndMayBeNull()
    {
        var saved = new List<int> { 1 };
        await Cache.SaveAsync("a", saved, cancellationToken: Token);
        await Cache.SaveAsync<string?>("null", null, cancellationToken: Token);
        saved.Add(2);

        (await Cache.LoadRequiredAsync<List<int>>("a", cancellationToken: Token)).Value.ShouldBe([1]);
        (await Cache.LoadRequiredAsync<string?>("null", cancellationToken: Token)).Value.ShouldBeNull();
    }

    [Fact]
    public async Task AnotherTypeIsAJsonError_AListAnError()
    {
        await Cache.SaveAsync("a", "text", cancellationToken: Token);
        await Cache.PushAsync("list", 1, Token);

        await Should.ThrowAsync<JsonException>(() => Cache.LoadAsync<List<int>>("a", cancellationToken: Token).AsTask());
        (await Should.ThrowAsync<CacheException>(() => Cache.LoadAsync<int>("list", cancellationToken: Token).AsTask()))
            .Failure.ShouldBe(CacheFailure.WrongKind);
    }

    [Fact]
    public async Task AnEmptyKeyIsRefused()
    {
        await Should.ThrowAsync<ArgumentException>(() => Cache.SaveAsync("", 1, cancellationToken: Token).AsTask());
        await Should.ThrowAsync<ArgumentException>(() => Cache.LoadAsync<int>("", cancellationToken: Token).AsTask());
        await Should.ThrowAsync<ArgumentException>(() => Cache.TryLockAsync("", cancellationToken: Token).AsTask());
    }

    [Fact]
    public async Task IsRegisteredOverTheInProcessStore()
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(new ManualTimeProvider())
            .AddSingleton(new NodeIdentity("node"))
            .AddSingleton(new PolywireJson(Options.Create(new PolywireJsonOptions())))
            .AddPolywireCache();
        await using var provider = services.BuildServiceProvider();

        var cache = provider.GetRequiredService<ICache>();
        await cache.SaveAsync("a", 1, cancellationToken: Token);

        provider.GetRequiredService<ICacheStore>().ShouldBeOfType<InProcessCacheStore>().Entries.ShouldBe(1);
    }

    [Theory]
    [InlineData("Prefix", "")]
    [InlineData("LockPrefix", "")]
    [InlineData("LockPrefix", "actionhero:")]
    [InlineData("LockDuration", "00:00:00.05")]
    [InlineData("MaxEntries", "0")]
    [InlineData("MaxBytes", "1000")]
    public void ABadSettingIsNamed(string name, string value)
    {
        var options = new CacheOptions();
        switch (name)
        {
            case "Prefix":
                options.Prefix = value;
                break;
            case "LockPrefix":
                options.LockPrefix = value;
                break;
            case "LockDuration":
                options.LockDuration = TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "MaxEntries":
                options.MaxEntries = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            default:
                options.MaxBytes = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
        }

        new CacheOptionsValidator().Validate(null, new CacheOptions()).Succeeded.ShouldBeTrue();
        new CacheOptionsValidator().Validate(null, options).FailureMessage.ShouldNotBeNull().ShouldStartWith($"Polywire:Cache:{name} is ");
    }
}
