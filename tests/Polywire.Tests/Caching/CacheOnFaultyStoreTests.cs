using Polywire.Caching;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Caching;

/// <summary>The cache over a store that is away, hangs, or answers too late (cluster.md NO-3, NO-20, NO-43).</summary>
public sealed class CacheOnFaultyStoreTests : IDisposable
{
    private readonly CacheFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task NO20_WhileTheStoreIsAway_ReadsAreMissesAndLocksAreRefused()
    {
        await _fixture.Cache.SaveAsync("key", 1, cancellationToken: Token);
        _fixture.Store.IsAway = true;

        (await _fixture.Cache.LoadAsync<int>("key", cancellationToken: Token)).ShouldBeNull();
        (await Should.ThrowAsync<CacheException>(() => _fixture.Cache.LoadRequiredAsync<int>("key", cancellationToken: Token).AsTask()))
            .Failure.ShouldBe(CacheFailure.NotFound);
        (await _fixture.Cache.TryLockAsync("key", cancellationToken: Token)).ShouldBeFalse();
        (await _fixture.Cache.LockAsync("key", cancellationToken: Token)).ShouldBeNull();

        _fixture.Store.IsAway = false;
        (await _fixture.Cache.LoadRequiredAsync<int>("key", cancellationToken: Token)).Value.ShouldBe(1);
    }

    [Fact]
    public async Task NO20_WhileTheStoreIsAway_WhatChangesSomethingFails()
    {
        _fixture.Store.IsAway = true;

        Func<Task>[] changes =
        [
            () => _fixture.Cache.SaveAsync("key", 1, cancellationToken: Token).AsTask(),
            () => _fixture.Cache.DestroyAsync("key", cancellationToken: Token).AsTask(),
            () => _fixture.Cache.PushAsync("list", 1, cancellationToken: Token).AsTask(),
            () => _fixture.Cache.PopAsync<int?>("list", Token).AsTask(),
            () => _fixture.Cache.ClearAsync(Token).AsTask(),
            () => _fixture.Cache.UnlockAsync("key", Token).AsTask(),
        ];
        foreach (var change in changes)
        {
            var failure = await Should.ThrowAsync<CacheException>(change);

            failure.Failure.ShouldBe(CacheFailure.Unavailable);
            failure.Message.ShouldBe("the cluster is not reachable");
            failure.Status.ShouldBe(ActionStatus.ClusterNotReachable);
        }
    }

    [Fact]
    public async Task AStoreThatHangsIsGivenUpWithItsCaller()
    {
        var hang = _fixture.Store.Faults.Hang(nameof(ICacheStore.SetAsync));
        using var source = new CancellationTokenSource();

        var save = _fixture.Cache.SaveAsync("key", 1, cancellationToken: source.Token).AsTask();
        await hang.Reached;
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => save.WithinLimit());
        (await _fixture.Cache.LoadAsync<int>("key", cancellationToken: Token)).ShouldBeNull();
    }

    [Fact]
    public async Task WhatFailedTooLateWasSaved()
    {
        _fixture.Store.Faults.FailLate(nameof(ICacheStore.SetAsync));

        (await Should.ThrowAsync<CacheException>(() => _fixture.Cache.SaveAsync("key", 1, cancellationToken: Token).AsTask()))
            .Failure.ShouldBe(CacheFailure.Unavailable);

        (await _fixture.Cache.LoadRequiredAsync<int>("key", cancellationToken: Token)).Value.ShouldBe(1);
        _fixture.Store.Faults.CallsOf(nameof(ICacheStore.SetAsync)).ShouldBe(1, "what may have been carried out is not asked again");
    }

    [Fact]
    public async Task NO43_ALockHasAFenceThatGrows()
    {
        long first;
        await using (var held = (await _fixture.Cache.LockAsync("key", cancellationToken: Token)).ShouldNotBeNull())
        {
            first = held.Fence;
        }

        await using var next = (await _fixture.Other.LockAsync("key", cancellationToken: Token)).ShouldNotBeNull();

        next.Fence.ShouldBeGreaterThan(first);
    }
}
