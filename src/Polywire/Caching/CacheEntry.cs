using System.Text.Json.Serialization;
using Polywire.Json;

namespace Polywire;

/// <summary>An object as it was loaded from the cache.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
/// <remarks>
/// Times are UTC, in whole milliseconds. As part of an answer the entry becomes
/// <c>{key, value, expireTimestamp, createdAt, readAt, lastReadAt}</c> with times in milliseconds since 1970.
/// Source: core.md K-1, K-3.
/// </remarks>
public sealed record CacheEntry<T>
{
    /// <summary>The key it was saved under, without the prefix.</summary>
    public required string Key { get; init; }

    /// <summary>What was saved.</summary>
    public required T Value { get; init; }

    /// <summary>The last moment at which it can be loaded; <see langword="null"/> if it has no expiry.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? ExpireTimestamp { get; init; }

    /// <summary>When it was saved.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was loaded: the time of this read.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>The time of the read before this one; <see langword="null"/> on the first.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? LastReadAt { get; init; }
}
