using Microsoft.Extensions.Options;
using Polywire.Redis.Connection;
using StackExchange.Redis;

namespace Polywire.Redis.Caching;

/// <summary>Where objects, locks and fences lie in Redis (cluster.md NO-12, NO-63). Immutable.</summary>
/// <remarks>
/// Full keys, as the cache has them, are the keys in Redis. On a Redis Cluster what belongs to one key has to lie in one slot, and keys are to spread: there
/// the name behind the prefix is the hash tag.
/// </remarks>
internal sealed class CacheNames(RedisLink link, IOptions<CacheOptions> options)
{
    private const string FenceWord = "fence:";

    private readonly string _lockPrefix = options.Value.LockPrefix;
    private readonly string _prefix = options.Value.Prefix;

    /// <summary>The key in Redis of an object, a list or a lock.</summary>
    public RedisKey Of(string fullKey)
    {
        if (!link.IsCluster)
        {
            return fullKey;
        }

        var prefix = PrefixOf(fullKey);
        return $"{prefix}{{{Escape(fullKey[prefix.Length..])}}}";
    }

    /// <summary>The key in Redis of the fence of a lock.</summary>
    public RedisKey FenceOf(string lockKey)
    {
        var prefix = PrefixOf(lockKey);
        var name = lockKey[prefix.Length..];
        return link.IsCluster ? $"{link.Options.Prefix}{FenceWord}{{{Escape(name)}}}" : $"{link.Options.Prefix}{FenceWord}{name}";
    }

    /// <summary>The full key of a key in Redis.</summary>
    public string FullOf(string key)
    {
        if (!link.IsCluster)
        {
            return key;
        }

        var prefix = PrefixOf(key);
        var name = key.AsSpan(prefix.Length);
        return name is ['{', .. var inner, '}'] ? prefix + Unescape(inner.ToString()) : key;
    }

    private string PrefixOf(string key) =>
        key.StartsWith(_lockPrefix, StringComparison.Ordinal) ? _lockPrefix
        : key.StartsWith(_prefix, StringComparison.Ordinal) ? _prefix
        : string.Empty;

    // An empty tag or a brace in the name would end the tag early.
    private static string Escape(string name) =>
        name.Replace("%", "%25", StringComparison.Ordinal).Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal);

    private static string Unescape(string name) =>
        name.Replace("%7D", "}", StringComparison.Ordinal).Replace("%7B", "{", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
