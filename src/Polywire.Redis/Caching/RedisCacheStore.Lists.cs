namespace Polywire.Redis.Caching;

/// <content>Lists (cluster.md NO-18).</content>
internal sealed partial class RedisCacheStore
{
    private static readonly byte[] NullItem = "null"u8.ToArray();

    public async ValueTask<long> PushAsync(string key, ReadOnlyMemory<byte> item, CancellationToken cancellationToken) =>
        await CallAsync(database => database.ListRightPushAsync(_names.Of(key), CacheText.WriteItem(item.Span)), cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>?> PopAsync(string key, CancellationToken cancellationToken)
    {
        byte[]? text = await CallAsync(database => database.ListLeftPopAsync(_names.Of(key)), cancellationToken);
        if (text is null)
        {
            return null;
        }

        if (CacheText.TryReadItem(text, out var item))
        {
            return item;
        }

        if (_foreignPause.IsOver())
        {
            Log.ForeignItem(_logger);
        }

        return NullItem;
    }

    public async ValueTask<long> LengthAsync(string key, CancellationToken cancellationToken) =>
        await CallAsync(database => database.ListLengthAsync(_names.Of(key)), cancellationToken);
}
