namespace Polywire.ConformanceApp;

/// <summary>Locks as the node.</summary>
[Action("cacheLock")]
internal sealed class LockKey(ICache cache) : IAction<LockKey.Input, LockKey.Output>
{
    public sealed record Input(string Key, int Duration = 10_000);

    public sealed record Output(bool Locked);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(await cache.TryLockAsync(input.Key, TimeSpan.FromMilliseconds(input.Duration), cancellationToken));
}

/// <summary>Gives the node's lock back.</summary>
[Action("cacheUnlock")]
internal sealed class UnlockKey(ICache cache) : IAction<CacheKey, UnlockKey.Output>
{
    public sealed record Output(bool Unlocked);

    public async ValueTask<Output> RunAsync(CacheKey input, ActionContext context, CancellationToken cancellationToken) =>
        new(await cache.UnlockAsync(input.Key, cancellationToken));
}

/// <summary>Tells whether a key is free for the node.</summary>
[Action("cacheCheckLock")]
internal sealed class CheckLock(ICache cache) : IAction<CheckLock.Input, CheckLock.Output>
{
    public sealed record Input(string Key, int? Retry = null);

    public sealed record Output(bool Free);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(await cache.CheckLockAsync(input.Key, CacheTimes.Of(input.Retry), cancellationToken));
}

/// <summary>Holds a lock of its own for a while, and answers at once.</summary>
[Action("cacheHold")]
internal sealed class HoldKey(ICache cache, TimeProvider time) : IAction<HoldKey.Input, HoldKey.Output>
{
    public sealed record Input(string Key, int Duration, int Hold);

    public sealed record Output(bool Held, long Fence);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var held = await cache.LockAsync(input.Key, TimeSpan.FromMilliseconds(input.Duration), cancellationToken: cancellationToken);
        if (held is null)
        {
            return new Output(false, 0);
        }

        _ = GiveBackAsync(held, input.Hold);
        return new Output(true, held.Fence);
    }

    private async Task GiveBackAsync(CacheLock held, int milliseconds)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time);
        await held.DisposeAsync();
    }
}
