using System.Globalization;
using Microsoft.Extensions.Options;
using Polywire.Caching;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.TestSupport.Contracts;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Caching;

public sealed class InProcessCacheStoreTests : CacheStoreContract, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly InProcessCacheStore _store;

    public InProcessCacheStoreTests()
    {
        _store = Make(new CacheOptions());
    }

    protected override ICacheStore Store => _store;

    protected override DateTimeOffset Now => _time.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task TheSweepRemovesWhatExpired_AndOnlyThat()
    {
        await SetAsync(_store, "soon", 10, TimeSpan.FromSeconds(5));
        await SetAsync(_store, "later", 10, TimeSpan.FromMinutes(5));
        await SetAsync(_store, "never", 10);

        _time.Advance(TimeSpan.FromSeconds(20));

        _store.Entries.ShouldBe(2);
        (await _store.GetAsync("soon", Token)).ShouldBeNull();
        (await _store.GetAsync("later", Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task WhatJustExpiredOutlivesASweep_ByASecond()
    {
        await SetAsync(_store, "a", 10, TimeSpan.FromSeconds(9.5));

        _time.Advance(TimeSpan.FromSeconds(10));

        (await _store.GetAsync("a", Token)).ShouldNotBeNull();
    }

    [Fact]
    public void DisposingStopsTheSweep()
    {
        _store.Dispose();

        _time.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public async Task OverTheBound_TheLeastRecentlyUsedGoes()
    {
        using var store = Make(new CacheOptions { MaxEntries = 3 });
        await SetAsync(store, "a", 10);
        await SetAsync(store, "b", 10);
        await SetAsync(store, "c", 10);
        await store.ReadAsync("a", Now, null, null, Token);

        await SetAsync(store, "d", 10);

        (await KeysAsync(store)).ShouldBe(["a", "c", "d"], ignoreOrder: true);
    }

    [Fact]
    public async Task OverTheBound_WhatExpiredGoesFirst()
    {
        using var store = Make(new CacheOptions { MaxEntries = 3 });
        await SetAsync(store, "a", 10);
        await SetAsync(store, "b", 10, TimeSpan.FromSeconds(1));
        await SetAsync(store, "c", 10, TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(1.5));

        await SetAsync(store, "d", 10);

        (await KeysAsync(store)).ShouldBe(["a", "c", "d"], ignoreOrder: true);
        (await store.GetAsync("b", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task ListItemsCount_AndAListGoesWhole()
    {
        using var store = Make(new CacheOptions { MaxEntries = 3 });
        await store.PushAsync("list", new byte[1], Token);
        await store.PushAsync("list", new byte[1], Token);
        await SetAsync(store, "a", 10);

        await SetAsync(store, "b", 10);

        (await KeysAsync(store)).ShouldBe(["a", "b"], ignoreOrder: true);
        store.Entries.ShouldBe(2);
    }

    [Fact]
    public async Task RefusesAnObjectOverTheBound_AndKeepsTheRest()
    {
        using var store = Make(new CacheOptions { MaxBytes = 10_000 });
        await SetAsync(store, "a", 10);

        await SetAsync(store, "fits", 10_000 - InProcessCacheStore.SlotOverheadBytes - 8);
        await SetAsync(store, "a", 10);
        var refused = await Should.ThrowAsync<CacheException>(() => SetAsync(store, "more", 10_001 - InProcessCacheStore.SlotOverheadBytes - 8));

        refused.Failure.ShouldBe(CacheFailure.TooLarge);
        (await KeysAsync(store)).ShouldBe(["a"]);
    }

    [Fact]
    public async Task RefusesAPushOverTheBound_AndKeepsTheList()
    {
        using var store = Make(new CacheOptions { MaxEntries = 2 });
        await store.PushAsync("list", new byte[1], Token);
        await store.PushAsync("list", new byte[1], Token);

        var refused = await Should.ThrowAsync<CacheException>(() => store.PushAsync("list", new byte[1], Token).AsTask());

        refused.Failure.ShouldBe(CacheFailure.TooLarge);
        (await store.LengthAsync("list", Token)).ShouldBe(2);
    }

    [Fact]
    public async Task RefusesLeasesOverTheBound_UntilOneEnds()
    {
        using var store = Make(new CacheOptions { MaxEntries = 2 });
        await store.AcquireLeaseAsync("a", "me", TimeSpan.FromSeconds(5), Token);
        await store.AcquireLeaseAsync("b", "me", TimeSpan.FromSeconds(50), Token);

        (await store.AcquireLeaseAsync("c", "me", TimeSpan.FromSeconds(5), Token)).ShouldBeNull();
        (await store.AcquireLeaseAsync("a", "me", TimeSpan.FromSeconds(5), Token)).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(6));
        (await store.AcquireLeaseAsync("c", "me", TimeSpan.FromSeconds(5), Token)).ShouldNotBeNull();
        (await store.GetLeaseHolderAsync("b", Token)).ShouldBe("me");
    }

    [Fact]
    public async Task RefusesLeasesWhoseNamesAreOverTheBound()
    {
        using var store = Make(new CacheOptions { MaxBytes = 65_536 });

        (await store.AcquireLeaseAsync(new string('k', 5_000), "me", TimeSpan.FromSeconds(5), Token)).ShouldBeNull();
        (await store.AcquireLeaseAsync(new string('k', 3_000), "me", TimeSpan.FromSeconds(5), Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task ALeaseOfAnyLengthIsTaken()
    {
        (await _store.AcquireLeaseAsync("a", "me", TimeSpan.MaxValue, Token)).ShouldNotBeNull();

        _time.Advance(TimeSpan.FromDays(10));

        (await _store.GetLeaseHolderAsync("a", Token)).ShouldBe("me");
    }

    [Fact]
    public async Task AFloodOfKeysStaysWithinBothBounds()
    {
        var options = new CacheOptions { MaxEntries = 500, MaxBytes = 200_000 };
        using var store = Make(options);
        for (var number = 0; number < 20_000; number++)
        {
            await SetAsync(store, $"key {number}", number % 600, number % 3 == 0 ? TimeSpan.FromSeconds(number % 7) : null);
            store.Entries.ShouldBeLessThanOrEqualTo(options.MaxEntries);
            store.Bytes.ShouldBeLessThanOrEqualTo(options.MaxBytes);
        }

        (await KeysAsync(store)).ShouldContain("key 19999");
    }

    [Fact]
    public async Task KeepsItsBooks_WhateverIsDone()
    {
        var options = new CacheOptions { MaxEntries = 40, MaxBytes = 20_000 };
        using var store = Make(options);
        var chance = new Random(Seed.Value);
        var note = string.Create(CultureInfo.InvariantCulture, $"{Seed.Variable}={Seed.Value}");
        for (var step = 0; step < 20_000; step++)
        {
            var key = $"key {chance.Next(60)}";
            try
            {
                await DoSomethingAsync(store, chance, key);
            }
            catch (CacheException refused)
            {
                refused.Failure.ShouldBe(CacheFailure.WrongKind, note);
            }

            store.Entries.ShouldBeInRange(0, options.MaxEntries, note);
            store.Bytes.ShouldBeInRange(0, options.MaxBytes, note);
        }

        await store.ClearAsync("", Token);
        store.Entries.ShouldBe(0, note);
        store.Bytes.ShouldBe(0, note);
    }

    [Fact]
    public async Task StaysWithinItsBounds_WhenManyWriteAtOnce()
    {
        var options = new CacheOptions { MaxEntries = 100 };
        using var store = Make(options);

        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(
            async () =>
            {
                for (var number = 0; number < 1_000; number++)
                {
                    await SetAsync(store, $"{writer} {number}", 10);
                }
            },
            Token));
        await Task.WhenAll(writers).WithinLimit();

        store.Entries.ShouldBe(100);
        (await store.CountAsync("", Token)).ShouldBe(100);
    }

    protected override ValueTask PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return ValueTask.CompletedTask;
    }

    private static async Task<List<string>> KeysAsync(InProcessCacheStore store) => await store.KeysAsync("", Token).ToListAsync(Token);

    private InProcessCacheStore Make(CacheOptions options) => new(Options.Create(options), _time);

    private Task<CacheOutcome> SetAsync(InProcessCacheStore store, string key, int length, TimeSpan? expiresIn = null) =>
        store.SetAsync(key, new CacheRecord { Value = new byte[length], CreatedAt = Now, ExpiresAt = Now + expiresIn }, null, Token).AsTask();

    private async Task DoSomethingAsync(InProcessCacheStore store, Random chance, string key)
    {
        switch (chance.Next(7))
        {
            case 0:
                await SetAsync(store, key, chance.Next(900));
                break;
            case 1:
                await SetAsync(store, key, chance.Next(900), TimeSpan.FromSeconds(chance.Next(-2, 30)));
                break;
            case 2:
                await store.RemoveAsync(key, null, Token);
                break;
            case 3:
                await store.ReadAsync(key, Now, chance.Next(2) == 0 ? Now.AddSeconds(chance.Next(30)) : null, null, Token);
                break;
            case 4:
                await store.PushAsync(key, new byte[chance.Next(90)], Token);
                break;
            case 5:
                await store.PopAsync(key, Token);
                break;
            default:
                _time.Advance(TimeSpan.FromSeconds(chance.NextDouble() * 2));
                break;
        }
    }
}
