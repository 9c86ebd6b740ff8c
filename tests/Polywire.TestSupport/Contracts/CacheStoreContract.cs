using System.Text;
using Polywire.Caching;
using Shouldly;
using Xunit;

namespace Polywire.TestSupport.Contracts;

/// <summary>What every store must do. Derive once for each implementation, with an empty store for each test.</summary>
public abstract class CacheStoreContract
{
    private const string Prefix = "test:cache:";
    private const string Lease = "test:lock:a";
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);

    protected abstract ICacheStore Store { get; }

    /// <summary>The time by which the store judges, in whole milliseconds.</summary>
    protected abstract DateTimeOffset Now { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnswersWhatWasSet_TimesIncluded()
    {
        var record = Record("\"x\"", Now.AddMinutes(1)) with { ReadAt = Now.AddSeconds(-1) };

        (await SetAsync("a", record)).ShouldBe(CacheOutcome.Done);

        var found = (await GetAsync("a")).ShouldNotBeNull();
        Text(found.Value).ShouldBe("\"x\"");
        found.CreatedAt.ShouldBe(record.CreatedAt);
        found.ExpiresAt.ShouldBe(record.ExpiresAt);
        found.ReadAt.ShouldBe(record.ReadAt);
    }

    [Fact]
    public async Task AnswersNothingForAnAbsentKey()
    {
        (await GetAsync("none")).ShouldBeNull();
        (await ReadAsync("none")).Outcome.ShouldBe(CacheOutcome.Absent);
        (await RemoveAsync("none")).ShouldBe(CacheOutcome.Absent);
        (await PopAsync("none")).ShouldBeNull();
        (await Store.LengthAsync(Prefix + "none", Token)).ShouldBe(0);
    }

    [Fact]
    public async Task TellsKeysApartByCase()
    {
        await SetAsync("a", Record("1"));
        await SetAsync("A", Record("2"));

        Text((await GetAsync("a"))!.Value.Value).ShouldBe("1");
    }

    [Fact]
    public async Task RecordsReadsBesideTheValue()
    {
        await SetAsync("a", Record("1"));
        var first = Now;

        (await ReadAsync("a", first)).Record.ReadAt.ShouldBeNull();
        (await ReadAsync("a", first.AddSeconds(1))).Record.ReadAt.ShouldBe(first);
        var found = (await GetAsync("a"))!.Value;
        found.ReadAt.ShouldBe(first.AddSeconds(1));
        Text(found.Value).ShouldBe("1");
    }

    [Fact]
    public async Task SettingForgetsTheReadTime()
    {
        await SetAsync("a", Record("1"));
        await ReadAsync("a");

        await SetAsync("a", Record("2"));

        (await ReadAsync("a")).Record.ReadAt.ShouldBeNull();
    }

    [Fact]
    public async Task AnswersAnObjectJustPastItsExpiry_Untouched()
    {
        var expiry = Now.AddSeconds(5);
        await SetAsync("a", Record("1", expiry));
        await PassAsync(TimeSpan.FromSeconds(5.5));

        var read = await ReadAsync("a", Now, extendTo: Now.AddMinutes(1));

        read.Outcome.ShouldBe(CacheOutcome.Done);
        read.Record.IsExpired(Now).ShouldBeTrue();
        (await GetAsync("a"))!.Value.ExpiresAt.ShouldBe(expiry);
        (await GetAsync("a"))!.Value.ReadAt.ShouldBeNull();
    }

    [Fact]
    public async Task NoLongerListsWhatExpiredASecondAgo()
    {
        await SetAsync("a", Record("1", Now.AddSeconds(1)));
        await SetAsync("b", Record("1"));

        await PassAsync(TimeSpan.FromSeconds(2.5));

        (await KeysAsync(Prefix)).ShouldBe([Prefix + "b"]);
        (await Store.CountAsync(Prefix, Token)).ShouldBe(1);
        (await RemoveAsync("a")).ShouldBe(CacheOutcome.Absent);
    }

    [Fact]
    public async Task ExtendsOnlyAnExpiryThatExists()
    {
        await SetAsync("ends", Record("1", Now.AddSeconds(5)));
        await SetAsync("stays", Record("1"));
        var extended = Now.AddMinutes(1);

        (await ReadAsync("ends", Now, extended)).Record.ExpiresAt.ShouldNotBe(extended);
        await ReadAsync("stays", Now, extended);

        (await GetAsync("ends"))!.Value.ExpiresAt.ShouldBe(extended);
        (await GetAsync("stays"))!.Value.ExpiresAt.ShouldBeNull();
    }

    [Fact]
    public async Task AnExtendedObjectOutlivesItsFirstExpiry()
    {
        await SetAsync("a", Record("1", Now.AddSeconds(1)));
        await ReadAsync("a", Now, Now.AddMinutes(1));

        await PassAsync(TimeSpan.FromSeconds(3));

        (await KeysAsync(Prefix)).ShouldBe([Prefix + "a"]);
    }

    [Fact]
    public async Task AnObjectSetAnewWithoutExpiryStays()
    {
        await SetAsync("a", Record("1", Now.AddSeconds(1)));
        await SetAsync("a", Record("2"));

        await PassAsync(TimeSpan.FromSeconds(3));

        Text((await GetAsync("a"))!.Value.Value).ShouldBe("2");
    }

    [Fact]
    public async Task ListsCountsAndClearsByPrefix()
    {
        await SetAsync("a", Record("1"));
        await PushAsync("list", "x");
        await PushAsync("list", "y");
        await Store.SetAsync("test:other:a", Record("1"), null, Token);
        await Store.AcquireLeaseAsync(Lease, "me", LeaseTime, Token);

        (await KeysAsync(Prefix)).ShouldBe([Prefix + "a", Prefix + "list"], ignoreOrder: true);
        (await Store.CountAsync(Prefix, Token)).ShouldBe(2);
        (await Store.ClearAsync(Prefix, Token)).ShouldBe(2);
        (await KeysAsync(Prefix)).ShouldBeEmpty();
        (await KeysAsync("test:other:")).ShouldBe(["test:other:a"]);
        (await Store.GetLeaseHolderAsync(Lease, Token)).ShouldBe("me");
    }

    [Fact]
    public async Task ListsAreFirstInFirstOut()
    {
        (await PushAsync("list", "x")).ShouldBe(1);
        (await PushAsync("list", "y")).ShouldBe(2);

        (await Store.LengthAsync(Prefix + "list", Token)).ShouldBe(2);
        (await PopAsync("list")).ShouldBe("x");
        (await PopAsync("list")).ShouldBe("y");
        (await PopAsync("list")).ShouldBeNull();
        (await KeysAsync(Prefix)).ShouldBeEmpty();
    }

    [Fact]
    public async Task RefusesAListAsAnObjectAndAnObjectAsAList()
    {
        await SetAsync("object", Record("1"));
        await PushAsync("list", "x");

        (await Should.ThrowAsync<CacheException>(() => GetAsync("list"))).Failure.ShouldBe(CacheFailure.WrongKind);
        (await Should.ThrowAsync<CacheException>(() => ReadAsync("list"))).Failure.ShouldBe(CacheFailure.WrongKind);
        (await Should.ThrowAsync<CacheException>(() => PushAsync("object", "x"))).Failure.ShouldBe(CacheFailure.WrongKind);
        (await Should.ThrowAsync<CacheException>(() => PopAsync("object"))).Failure.ShouldBe(CacheFailure.WrongKind);
    }

    [Fact]
    public async Task SettingReplacesAList_RemovingRemovesOne()
    {
        await PushAsync("a", "x");
        await PushAsync("b", "x");

        await SetAsync("a", Record("1"));

        Text((await GetAsync("a"))!.Value.Value).ShouldBe("1");
        (await RemoveAsync("b")).ShouldBe(CacheOutcome.Done);
        (await Store.LengthAsync(Prefix + "b", Token)).ShouldBe(0);
    }

    [Fact]
    public async Task ALeaseHasOneHolder()
    {
        (await Store.AcquireLeaseAsync(Lease, "me", LeaseTime, Token)).ShouldNotBeNull();

        (await Store.AcquireLeaseAsync(Lease, "you", LeaseTime, Token)).ShouldBeNull();
        (await Store.RenewLeaseAsync(Lease, "you", LeaseTime, Token)).ShouldBeFalse();
        (await Store.ReleaseLeaseAsync(Lease, "you", Token)).ShouldBeFalse();
        (await Store.GetLeaseHolderAsync(Lease, Token)).ShouldBe("me");
        (await LeaseKeysAsync()).ShouldBe([Lease]);
    }

    [Fact]
    public async Task ALeaseCanBeGivenBack_AndBeFreeAlready()
    {
        await Store.AcquireLeaseAsync(Lease, "me", LeaseTime, Token);

        (await Store.ReleaseLeaseAsync(Lease, "me", Token)).ShouldBeTrue();
        (await Store.ReleaseLeaseAsync(Lease, "me", Token)).ShouldBeTrue();
        (await Store.GetLeaseHolderAsync(Lease, Token)).ShouldBeNull();
        (await LeaseKeysAsync()).ShouldBeEmpty();
        (await Store.AcquireLeaseAsync(Lease, "you", LeaseTime, Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task ALeaseEndsByItself_AndIsNotRenewedThen()
    {
        await Store.AcquireLeaseAsync(Lease, "me", TimeSpan.FromSeconds(1), Token);

        await PassAsync(TimeSpan.FromSeconds(1.5));

        (await Store.GetLeaseHolderAsync(Lease, Token)).ShouldBeNull();
        (await LeaseKeysAsync()).ShouldBeEmpty();
        (await Store.RenewLeaseAsync(Lease, "me", LeaseTime, Token)).ShouldBeFalse();
        (await Store.AcquireLeaseAsync(Lease, "you", LeaseTime, Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task ALeaseRunsAnew_WhenRenewedOrTakenAgain()
    {
        var second = TimeSpan.FromSeconds(1);
        await Store.AcquireLeaseAsync(Lease, "me", second, Token);
        await PassAsync(second / 2);
        (await Store.RenewLeaseAsync(Lease, "me", second, Token)).ShouldBeTrue();
        await PassAsync(second * 0.75);
        (await Store.AcquireLeaseAsync(Lease, "me", second, Token)).ShouldNotBeNull();
        await PassAsync(second * 0.75);

        (await Store.GetLeaseHolderAsync(Lease, Token)).ShouldBe("me");
    }

    [Fact]
    public async Task NO43_AFenceGrowsWithEachAcquisition()
    {
        var first = (await Store.AcquireLeaseAsync(Lease, "me", LeaseTime, Token)).ShouldNotBeNull();
        var again = (await Store.AcquireLeaseAsync(Lease, "me", LeaseTime, Token)).ShouldNotBeNull();
        await Store.ReleaseLeaseAsync(Lease, "me", Token);
        var next = (await Store.AcquireLeaseAsync(Lease, "you", LeaseTime, Token)).ShouldNotBeNull();

        first.ShouldBeGreaterThan(0);
        again.ShouldBeGreaterThan(first);
        next.ShouldBeGreaterThan(again);
    }

    [Theory]
    [InlineData(null, "me", false, true)]
    [InlineData(null, "me", true, false)]
    [InlineData("me", "me", false, true)]
    [InlineData("me", "me", true, true)]
    [InlineData("you", "me", false, false)]
    [InlineData("you", "me", true, false)]
    public async Task TheGuardLetsPass(string? holder, string asks, bool mustHold, bool passes)
    {
        await SetAsync("a", Record("1"));
        if (holder is not null)
        {
            await Store.AcquireLeaseAsync(Lease, holder, LeaseTime, Token);
        }

        var guard = new CacheGuard { LeaseKey = Lease, Holder = asks, MustHold = mustHold };
        var expected = passes ? CacheOutcome.Done : CacheOutcome.Refused;

        (await Store.ReadAsync(Prefix + "a", Now, null, guard, Token)).Outcome.ShouldBe(expected);
        (await Store.SetAsync(Prefix + "a", Record("2"), guard, Token)).ShouldBe(expected);
        Text((await GetAsync("a"))!.Value.Value).ShouldBe(passes ? "2" : "1");
        (await Store.RemoveAsync(Prefix + "a", guard, Token)).ShouldBe(expected);
        (await Store.CountAsync(Prefix, Token)).ShouldBe(passes ? 0 : 1);
    }

    [Fact]
    public async Task ALateWriterIsRefused_WhenAnotherHadTheLeaseMeanwhile()
    {
        await Store.AcquireLeaseAsync(Lease, "me", TimeSpan.FromSeconds(1), Token);
        await PassAsync(TimeSpan.FromSeconds(1.5));
        await Store.AcquireLeaseAsync(Lease, "you", LeaseTime, Token);
        await SetAsync("a", Record("2"), new CacheGuard { LeaseKey = Lease, Holder = "you", MustHold = true });
        await Store.ReleaseLeaseAsync(Lease, "you", Token);

        (await SetAsync("a", Record("1"), new CacheGuard { LeaseKey = Lease, Holder = "me", MustHold = true })).ShouldBe(CacheOutcome.Refused);

        Text((await GetAsync("a"))!.Value.Value).ShouldBe("2");
    }

    [Fact]
    public async Task OfAHundredThatAskAtOnce_OneGetsTheLease()
    {
        var asked = Enumerable.Range(0, 100)
            .Select(number => Task.Run(() => Store.AcquireLeaseAsync(Lease, $"holder {number}", LeaseTime, Token).AsTask(), Token));

        (await Task.WhenAll(asked).WithinLimit()).Count(taken => taken is not null).ShouldBe(1);
    }

    [Fact]
    public async Task LosesNoItem_WhenManyPushAndPopAtOnce()
    {
        var pushed = Enumerable.Range(0, 100).Select(number => Task.Run(() => PushAsync("list", $"{number}"), Token));
        await Task.WhenAll(pushed).WithinLimit();

        var popped = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => PopAsync("list"), Token))).WithinLimit();

        popped.Distinct().Count().ShouldBe(100);
        popped.ShouldNotContain((string?)null);
    }

    /// <summary>Lets time pass for the store.</summary>
    protected abstract ValueTask PassAsync(TimeSpan time);

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);

    private CacheRecord Record(string value, DateTimeOffset? expiresAt = null) =>
        new() { Value = Encoding.UTF8.GetBytes(value), CreatedAt = Now, ExpiresAt = expiresAt };

    private Task<CacheRecord?> GetAsync(string key) => Store.GetAsync(Prefix + key, Token).AsTask();

    private Task<CacheReadResult> ReadAsync(string key, DateTimeOffset? readAt = null, DateTimeOffset? extendTo = null) =>
        Store.ReadAsync(Prefix + key, readAt ?? Now, extendTo, null, Token).AsTask();

    private Task<CacheOutcome> SetAsync(string key, CacheRecord record, CacheGuard? guard = null) =>
        Store.SetAsync(Prefix + key, record, guard, Token).AsTask();

    private Task<CacheOutcome> RemoveAsync(string key) => Store.RemoveAsync(Prefix + key, null, Token).AsTask();

    private Task<long> PushAsync(string key, string item) => Store.PushAsync(Prefix + key, Encoding.UTF8.GetBytes(item), Token).AsTask();

    private async Task<string?> PopAsync(string key) => await Store.PopAsync(Prefix + key, Token) is { } item ? Text(item) : null;

    private async Task<List<string>> KeysAsync(string prefix) => await Store.KeysAsync(prefix, Token).ToListAsync(Token);

    private async Task<List<string>> LeaseKeysAsync() => await Store.LeaseKeysAsync("test:lock:", Token).ToListAsync(Token);
}
