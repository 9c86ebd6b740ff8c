using System.Text.Json;

namespace Polywire.ConformanceApp;

/// <summary>What names an object, a list or a lock.</summary>
internal sealed record CacheKey(string Key);

/// <summary>Saves an object.</summary>
[Action("cacheSave")]
internal sealed class CacheSave(ICache cache) : IAction<CacheSave.Input, CacheSave.Output>
{
    public sealed record Input(string Key, JsonElement? Value = null, int? ExpireTimeMS = null);

    public sealed record Output(bool Saved = true);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await cache.SaveAsync(input.Key, input.Value, CacheTimes.Of(input.ExpireTimeMS), cancellationToken: cancellationToken);
        return new Output();
    }
}

/// <summary>Loads an object.</summary>
[Action("cacheLoad")]
internal sealed class CacheLoad(ICache cache) : IAction<CacheLoad.Input, CacheLoad.Output>
{
    public sealed record Input(string Key, int? ExpireTimeMS = null, int? Retry = null);

    public sealed record Loaded(string Key, JsonElement? Value, long? ExpireTimestamp, long CreatedAt, long? LastReadAt);

    public sealed record Output(Loaded Loaded);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var entry = await cache.LoadRequiredAsync<JsonElement?>(
            input.Key, new CacheLoadOptions { ExtendBy = CacheTimes.Of(input.ExpireTimeMS), Retry = CacheTimes.Of(input.Retry) }, cancellationToken);
        return new Output(new Loaded(
            entry.Key,
            entry.Value,
            entry.ExpireTimestamp?.ToUnixTimeMilliseconds(),
            entry.CreatedAt.ToUnixTimeMilliseconds(),
            entry.LastReadAt?.ToUnixTimeMilliseconds()));
    }
}

/// <summary>Removes an object or a list.</summary>
[Action("cacheDestroy")]
internal sealed class CacheDestroy(ICache cache) : IAction<CacheKey, CacheDestroy.Output>
{
    public sealed record Output(bool Destroyed);

    public async ValueTask<Output> RunAsync(CacheKey input, ActionContext context, CancellationToken cancellationToken) =>
        new(await cache.DestroyAsync(input.Key, cancellationToken: cancellationToken));
}

/// <summary>Appends to a list.</summary>
[Action("cachePush")]
internal sealed class CachePush(ICache cache) : IAction<CachePush.Input, CachePush.Output>
{
    public sealed record Input(string Key, JsonElement? Item = null);

    public sealed record Output(bool Pushed = true);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await cache.PushAsync(input.Key, input.Item, cancellationToken);
        return new Output();
    }
}

/// <summary>Takes the oldest item off a list.</summary>
[Action("cachePop")]
internal sealed class CachePop(ICache cache) : IAction<CacheKey, CachePop.Output>
{
    public sealed record Output(JsonElement? Item);

    public async ValueTask<Output> RunAsync(CacheKey input, ActionContext context, CancellationToken cancellationToken) =>
        new(await cache.PopAsync<JsonElement?>(input.Key, cancellationToken));
}

/// <summary>Counts the items of a list.</summary>
[Action("cacheLength")]
internal sealed class CacheLength(ICache cache) : IAction<CacheKey, CacheLength.Output>
{
    public sealed record Output(long Length);

    public async ValueTask<Output> RunAsync(CacheKey input, ActionContext context, CancellationToken cancellationToken) =>
        new(await cache.ListLengthAsync(input.Key, cancellationToken));
}

/// <summary>Names all objects and lists.</summary>
[Action("cacheKeys")]
internal sealed class CacheKeys(ICache cache) : IAction<Nothing, CacheKeys.Output>
{
    public sealed record Output(IReadOnlyList<string> Keys);

    public async ValueTask<Output> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(await SortedAsync(cache.KeysAsync(cancellationToken)));

    public static async ValueTask<IReadOnlyList<string>> SortedAsync(IAsyncEnumerable<string> keys)
    {
        var all = new List<string>();
        await foreach (var key in keys)
        {
            all.Add(key);
        }

        all.Sort(StringComparer.Ordinal);
        return all;
    }
}

/// <summary>Names all locks.</summary>
[Action("cacheLocks")]
internal sealed class CacheLocks(ICache cache) : IAction<Nothing, CacheKeys.Output>
{
    public async ValueTask<CacheKeys.Output> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(await CacheKeys.SortedAsync(cache.LocksAsync(cancellationToken)));
}

/// <summary>Counts objects and lists.</summary>
[Action("cacheSize")]
internal sealed class CacheSize(ICache cache) : IAction<Nothing, CacheSize.Output>
{
    public sealed record Output(long Size);

    public async ValueTask<Output> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(await cache.SizeAsync(cancellationToken));
}

/// <summary>Removes all objects and lists.</summary>
[Action("cacheClear")]
internal sealed class CacheClear(ICache cache) : IAction<Nothing, CacheClear.Output>
{
    public sealed record Output(bool Cleared = true);

    public async ValueTask<Output> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken)
    {
        await cache.ClearAsync(cancellationToken);
        return new Output();
    }
}

internal static class CacheTimes
{
    public static TimeSpan? Of(int? milliseconds) => milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null;
}
