using Polywire.Caching;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Caching;

/// <summary>Locks: core.md K-3, K-8 to K-11, K-20.</summary>
public sealed class CacheLockTests : IDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private readonly CacheFixture _fixture = new();

    private Cache Cache => _fixture.Cache;

    private Cache Other => _fixture.Other;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task K8_LockingAgainWhileHoldingIsTrue_AndRunsAnew()
    {
        (await Cache.TryLockAsync("a", TimeSpan.FromSeconds(2), Token)).ShouldBeTrue();
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        (await Cache.TryLockAsync("a", TimeSpan.FromSeconds(2), Token)).ShouldBeTrue();
        _fixture.Time.Advance(TimeSpan.FromSeconds(1.5));

        (await Other.TryLockAsync("a", cancellationToken: Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task K8_ALockEndsAfterTenSecondsByDefault()
    {
        await Cache.TryLockAsync("a", cancellationToken: Token);

        _fixture.Time.Advance(TimeSpan.FromSeconds(9.9));
        (await Other.CheckLockAsync("a", cancellationToken: Token)).ShouldBeFalse();
        _fixture.Time.Advance(TimeSpan.FromSeconds(0.1));
        (await Other.TryLockAsync("a", cancellationToken: Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task K8_UnlockIsFalseForAnothersLockOnly()
    {
        await Cache.TryLockAsync("a", cancellationToken: Token);

        (await Other.UnlockAsync("a", Token)).ShouldBeFalse();
        (await Other.CheckLockAsync("a", cancellationToken: Token)).ShouldBeFalse();
        (await Cache.UnlockAsync("a", Token)).ShouldBeTrue();
        (await Cache.UnlockAsync("a", Token)).ShouldBeTrue();
        (await Other.CheckLockAsync("a", cancellationToken: Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task K8_CheckLockIsTrueForOnesOwn_AndWaitsForAnothers()
    {
        await Cache.TryLockAsync("a", TimeSpan.FromSeconds(5), Token);
        (await Cache.CheckLockAsync("a", cancellationToken: Token)).ShouldBeTrue();

        var patient = Other.CheckLockAsync("a", TimeSpan.FromSeconds(20), Token).AsTask();
        var impatient = Other.CheckLockAsync("a", TimeSpan.FromSeconds(1), Token).AsTask();
        await _fixture.PassUntilAsync(impatient, TimeSpan.FromMilliseconds(10));
        await _fixture.PassUntilAsync(patient, TimeSpan.FromMilliseconds(10));

        (await impatient).ShouldBeFalse();
        (await patient).ShouldBeTrue();
    }

    [Fact]
    public async Task K9_ANodesLockDoesNotKeepOutItsOwnRequests()
    {
        await Cache.TryLockAsync("a", cancellationToken: Token);

        await Cache.SaveAsync("a", 1, cancellationToken: Token);

        (await Cache.LoadRequiredAsync<int>("a", cancellationToken: Token)).Value.ShouldBe(1);
        (await Cache.DestroyAsync("a", cancellationToken: Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task K9_TheHoldersNameCanBeReplaced()
    {
        var one = _fixture.Node("node-3", new CacheOptions { LockName = "pair" });
        var two = _fixture.Node("node-4", new CacheOptions { LockName = "pair" });

        await one.TryLockAsync("a", cancellationToken: Token);

        (await two.CheckLockAsync("a", cancellationToken: Token)).ShouldBeTrue();
        (await Other.CheckLockAsync("a", cancellationToken: Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task K10_ALockKeepsOthersFromSavingLoadingAndDestroying()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        await Cache.TryLockAsync("a", cancellationToken: Token);

        await ShouldBeLockedAsync(() => Other.SaveAsync("a", 2, cancellationToken: Token).AsTask());
        await ShouldBeLockedAsync(() => Other.LoadAsync<int>("a", cancellationToken: Token).AsTask());
        await ShouldBeLockedAsync(() => Other.LoadRequiredAsync<int>("a", cancellationToken: Token).AsTask());
        await ShouldBeLockedAsync(() => Other.DestroyAsync("a", cancellationToken: Token).AsTask());
        (await Cache.LoadRequiredAsync<int>("a", cancellationToken: Token)).Value.ShouldBe(1);
    }

    [Fact]
    public async Task K10_LocksDoNotMatterToLists()
    {
        await Cache.TryLockAsync("list", cancellationToken: Token);

        (await Other.PushAsync("list", 1, Token)).ShouldBe(1);
        (await Other.PopAsync<int>("list", Token)).ShouldBe(1);
    }

    [Fact]
    public async Task K3_LoadingWaitsForALock_AsLongAsItIsTold()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        await Cache.TryLockAsync("a", TimeSpan.FromSeconds(60), Token);
        var options = new CacheLoadOptions { Retry = TimeSpan.FromMilliseconds(350) };

        var loading = Other.LoadAsync<int>("a", options, Token).AsTask();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(349));
        loading.IsCompleted.ShouldBeFalse();
        await _fixture.PassUntilAsync(loading, TimeSpan.FromMilliseconds(1));

        await ShouldBeLockedAsync(() => loading);
    }

    [Fact]
    public async Task K3_LoadingSucceeds_OnceTheLockIsGone()
    {
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        await Cache.TryLockAsync("a", TimeSpan.FromSeconds(60), Token);
        var loading = Other.LoadAsync<int>("a", new CacheLoadOptions { Retry = TimeSpan.FromMinutes(10) }, Token).AsTask();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(100));
        loading.IsCompleted.ShouldBeFalse();

        await Cache.UnlockAsync("a", Token);
        await _fixture.PassUntilAsync(loading, TimeSpan.FromMilliseconds(10));

        (await loading).ShouldNotBeNull().Value.ShouldBe(1);
    }

    [Fact]
    public async Task K11_OfAHundredThatLockAtOnce_OneHolds()
    {
        var locks = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(
            () => (number % 2 == 0 ? Cache : Other).LockAsync("a", Duration, cancellationToken: Token).AsTask(), Token))).WithinLimit();

        var held = locks.Where(taken => taken is not null).ToList();
        held.Count.ShouldBe(1);
        await held[0]!.DisposeAsync();
    }

    [Fact]
    public async Task K20_ALockIsItsHoldersAlone_EvenOnOneNode()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();

        held.Key.ShouldBe("a");
        held.Holder.ShouldStartWith("node-1:");
        (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldBeNull();
        (await Cache.TryLockAsync("a", cancellationToken: Token)).ShouldBeFalse();
        (await Cache.CheckLockAsync("a", cancellationToken: Token)).ShouldBeFalse();
        (await Cache.UnlockAsync("a", Token)).ShouldBeFalse();
        await ShouldBeLockedAsync(() => Cache.SaveAsync("a", 1, cancellationToken: Token).AsTask());
    }

    [Fact]
    public async Task K20_TheHolderSavesLoadsAndDestroys()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();

        await Cache.SaveAsync("a", 1, held: held, cancellationToken: Token);

        (await Cache.LoadRequiredAsync<int>("a", new CacheLoadOptions { Held = held }, Token)).Value.ShouldBe(1);
        (await Cache.DestroyAsync("a", held, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task K20_ALockOnAnotherKeyIsNoKey()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();

        await Should.ThrowAsync<ArgumentException>(() => Cache.SaveAsync("b", 1, held: held, cancellationToken: Token).AsTask());
    }

    [Fact]
    public async Task K20_DisposingGivesTheLockBack_AndItOpensNothingAnyMore()
    {
        var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();

        await held.DisposeAsync();
        await held.DisposeAsync();

        (await Other.CheckLockAsync("a", cancellationToken: Token)).ShouldBeTrue();
        held.Lost.IsCancellationRequested.ShouldBeFalse();
        var late = await Should.ThrowAsync<CacheException>(() => Cache.SaveAsync("a", 1, held: held, cancellationToken: Token).AsTask());
        late.Failure.ShouldBe(CacheFailure.LockLost);
    }

    [Fact]
    public async Task K20_ALockRenewsItselfWhileHeld()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();

        for (var third = 0; third < 12; third++)
        {
            _fixture.Time.Advance(Duration / 3);
            (await _fixture.Store.Renewals.ReadAsync(Token).WithinLimit()).ShouldBeTrue();
        }

        held.Lost.IsCancellationRequested.ShouldBeFalse();
        (await Other.CheckLockAsync("a", cancellationToken: Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task K20_ADisposedLockRenewsNoMore()
    {
        var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        await held.DisposeAsync();

        // The sweep's timer is left.
        _fixture.Time.PendingTimers.ShouldBe(1);
    }

    [Fact]
    public async Task K20_LostIsCancelled_WhenTheLeaseIsAnothers()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        await _fixture.Store.ReleaseLeaseAsync("actionhero:lock:a", held.Holder, Token);
        (await Other.TryLockAsync("a", Duration, Token)).ShouldBeTrue();

        _fixture.Time.Advance(Duration / 3);
        await LostAsync(held);

        (await Other.CheckLockAsync("a", cancellationToken: Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task K20_LostIsCancelledInTime_WhenTheStoreIsAway()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        _fixture.Store.IsAway = true;

        _fixture.Time.Advance(Duration - TimeSpan.FromMilliseconds(1));
        held.Lost.IsCancellationRequested.ShouldBeFalse();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        held.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task K20_LostIsCancelledInTime_WhenTheStoreIsAwayBehindARenewal()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        _fixture.Time.Advance(Duration / 3);
        (await _fixture.Store.Renewals.ReadAsync(Token).WithinLimit()).ShouldBeTrue();
        _fixture.Store.IsAway = true;

        // The next try comes when the first one has been taken note of: a whole duration from that one is what is left to trust.
        _fixture.Time.Advance(Duration / 3);
        (await _fixture.Store.Renewals.ReadAsync(Token).WithinLimit()).ShouldBeFalse();
        _fixture.Time.Advance((Duration * 2 / 3) - TimeSpan.FromMilliseconds(1));
        held.Lost.IsCancellationRequested.ShouldBeFalse();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        held.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task K20_WhatACallbackOnTheLossThrows_DoesNotEndTheProcess()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        held.Lost.Register(static () => throw new InvalidOperationException("thrown by a callback of the application"));
        _fixture.Store.IsAway = true;

        // On the clock's thread, which is nobody's: what got out here would end the process.
        _fixture.Time.Advance(Duration);

        held.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task K20_AStoreThatComesBackInTimeCostsNoLock()
    {
        await using var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        _fixture.Store.IsAway = true;
        _fixture.Time.Advance(Duration / 3);
        (await _fixture.Store.Renewals.ReadAsync(Token).WithinLimit()).ShouldBeFalse();

        _fixture.Store.IsAway = false;
        _fixture.Time.Advance(Duration / 3);
        (await _fixture.Store.Renewals.ReadAsync(Token).WithinLimit()).ShouldBeTrue();

        held.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task K20_DisposingDoesNotThrow_WhenTheStoreIsAway()
    {
        var held = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        _fixture.Store.IsAway = true;

        await Should.NotThrowAsync(() => held.DisposeAsync().WithinLimit());
    }

    [Fact]
    public async Task K20_LockingCanWait_UntilAnotherGivesItBack()
    {
        var first = (await Cache.LockAsync("a", Duration, cancellationToken: Token)).ShouldNotBeNull();
        var waiting = Other.LockAsync("a", Duration, TimeSpan.FromMinutes(10), Token).AsTask();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(100));
        waiting.IsCompleted.ShouldBeFalse();

        await first.DisposeAsync();
        await _fixture.PassUntilAsync(waiting, TimeSpan.FromMilliseconds(10));

        await using var second = (await waiting).ShouldNotBeNull();
        second.Holder.ShouldStartWith("node-2:");
    }

    [Fact]
    public async Task K20_WaitingEndsInNull_WhenTimeIsUp()
    {
        await Other.TryLockAsync("a", TimeSpan.FromHours(1), Token);

        var waiting = Cache.LockAsync("a", Duration, TimeSpan.FromSeconds(1), Token).AsTask();
        var passed = await _fixture.PassUntilAsync(waiting, TimeSpan.FromMilliseconds(1));

        (await waiting).ShouldBeNull();
        passed.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task K20_WaitingCanBeCancelled()
    {
        await Other.TryLockAsync("a", TimeSpan.FromHours(1), Token);
        using var impatience = new CancellationTokenSource();

        var waiting = Cache.LockAsync("a", Duration, TimeSpan.FromHours(1), impatience.Token).AsTask();
        await impatience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WithinLimit());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(86_401)]
    public async Task K20_ADurationOutOfRangeIsRefused(int seconds)
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            () => Cache.LockAsync("a", TimeSpan.FromSeconds(seconds), cancellationToken: Token).AsTask());
    }

    private static async Task ShouldBeLockedAsync(Func<Task> act)
    {
        var failure = await Should.ThrowAsync<CacheException>(act);
        failure.Message.ShouldBe("Object locked");
    }

    private static async Task LostAsync(CacheLock held)
    {
        var lost = new TaskCompletionSource();
        await using var registration = held.Lost.Register(lost.SetResult);
        await lost.Task.WithinLimit();
    }
}
