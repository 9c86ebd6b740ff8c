namespace Polywire.BuiltIn;

/// <summary>Saves, loads and deletes a value.</summary>
[Action("cacheTest")]
internal sealed class CacheTestAction(ICache cache) : IAction<CacheTestAction.Input, CacheTestAction.Output>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    /// <param name="Key">What it is saved under.</param>
    /// <param name="Value">What is saved.</param>
    public sealed record Input(string Key, string Value);

    public sealed record Output(Results CacheTestResults);

    public sealed record Results(bool SaveResp, long SizeResp, Loaded LoadResp, bool DeleteResp);

    public sealed record Loaded(string Key, string? Value, long? ExpireTimestamp, long CreatedAt, long? ReadAt);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var key = $"cacheTest_{input.Key}";
        await cache.SaveAsync(key, input.Value, Lifetime, cancellationToken: cancellationToken);
        var size = await cache.SizeAsync(cancellationToken);
        var entry = await cache.LoadRequiredAsync<string>(key, cancellationToken: cancellationToken);
        var deleted = await cache.DestroyAsync(key, cancellationToken: cancellationToken);
        var loaded = new Loaded(
            entry.Key,
            entry.Value,
            entry.ExpireTimestamp?.ToUnixTimeMilliseconds(),
            entry.CreatedAt.ToUnixTimeMilliseconds(),
            entry.ReadAt.ToUnixTimeMilliseconds());
        return new Output(new Results(true, size, loaded, deleted));
    }
}
