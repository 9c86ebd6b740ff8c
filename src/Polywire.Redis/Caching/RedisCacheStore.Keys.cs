using System.Runtime.CompilerServices;
using System.Text;
using StackExchange.Redis;

namespace Polywire.Redis.Caching;

/// <content>Keys, over all primaries (cluster.md NO-19).</content>
internal sealed partial class RedisCacheStore
{
    private const int ScanCount = 1000;
    private const int UnlinkBatch = 500;

    public IAsyncEnumerable<string> KeysAsync(string prefix, CancellationToken cancellationToken) => ScanAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> LeaseKeysAsync(string prefix, CancellationToken cancellationToken) => ScanAsync(prefix, cancellationToken);

    public async ValueTask<long> CountAsync(string prefix, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var _ in ScanAsync(prefix, cancellationToken))
        {
            count++;
        }

        return count;
    }

    public async ValueTask<long> ClearAsync(string prefix, CancellationToken cancellationToken)
    {
        var removed = 0L;
        var batch = new List<RedisKey>(UnlinkBatch);
        await foreach (var key in ScanAsync(prefix, cancellationToken))
        {
            batch.Add(_names.Of(key));
            if (batch.Count == UnlinkBatch)
            {
                removed += await UnlinkAsync(batch, cancellationToken);
                batch.Clear();
            }
        }

        return batch.Count == 0 ? removed : removed + await UnlinkAsync(batch, cancellationToken);
    }

    // One by one in one pipeline: on a Redis Cluster they lie in many slots.
    private async Task<int> UnlinkAsync(IReadOnlyCollection<RedisKey> keys, CancellationToken cancellationToken) =>
        (await CallAsync(database => Task.WhenAll(keys.Select(key => database.KeyDeleteAsync(key))), cancellationToken)).Count(static isGone => isGone);

    private async IAsyncEnumerable<string> ScanAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in Primaries())
        {
            await using var keys = server.KeysAsync(_link.Database, PatternOf(prefix), ScanCount).GetAsyncEnumerator(cancellationToken);
            while (await MoveAsync(keys, cancellationToken))
            {
                var key = (string)keys.Current!;

                // Redis may give a key twice while it grows, and the pattern is a guess at the bytes.
                if (key.StartsWith(prefix, StringComparison.Ordinal) && seen.Add(key))
                {
                    yield return _names.FullOf(key);
                }
            }
        }
    }

    private IReadOnlyList<IServer> Primaries()
    {
        try
        {
            return _link.Primaries();
        }
        catch (ClusterNotReachableException exception)
        {
            throw new CacheException(CacheFailure.Unavailable, exception);
        }
    }

    private Task<bool> MoveAsync(IAsyncEnumerator<RedisKey> keys, CancellationToken cancellationToken) =>
        CallAsync(_ => keys.MoveNextAsync().AsTask(), cancellationToken);

    private static RedisValue PatternOf(string prefix)
    {
        var pattern = new StringBuilder(prefix.Length + 8);
        foreach (var letter in prefix)
        {
            if (letter is '*' or '?' or '[' or ']' or '\\' or '^')
            {
                pattern.Append('\\');
            }

            pattern.Append(letter);
        }

        return pattern.Append('*').ToString();
    }
}
