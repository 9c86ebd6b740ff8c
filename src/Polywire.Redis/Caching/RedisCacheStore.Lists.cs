namespace Polywire.Redis.Caching;

/// <content>Lists (cluster.md NO-18).</content>
internal sealed partial class RedisCacheStore
{
    public async ValueTask<long> PushAsync(string key, ReadOnlyMemory<byte> item, CancellationToken cancellationToken) =>
        await CallAsync(database => database.ListRightPushAsync(_names.Of(key), item), cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>?> PopAsync(string key, CancellationToken cancellationToken)
    {
        byte[]? item = await CallAsync(database => database.ListLeftPopAsync(_names.Of(key)), cancellationToken);
        return item is null ? (ReadOnlyMemory<byte>?)null : item;
    }

    public async ValueTask<long> LengthAsync(string key, CancellationToken cancellationToken) =>
        await CallAsync(database => database.ListLengthAsync(_names.Of(key)), cancellationToken);
}
