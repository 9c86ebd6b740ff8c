namespace Polywire.Caching;

/// <summary>One object as a store keeps it: its bytes, and its times beside them.</summary>
/// <param name="Value">The value as JSON, UTF-8. Nobody changes it once a store was given it or has answered it.</param>
/// <param name="CreatedAt">When it was saved.</param>
/// <param name="ExpiresAt">The last moment at which it may be used; <see langword="null"/> for no expiry.</param>
/// <param name="ReadAt">When it was last read; <see langword="null"/> if never.</param>
/// <remarks>Times are UTC, in whole milliseconds: a store may drop what is finer. Source: core.md K-1, K-21.</remarks>
public readonly record struct CacheRecord(
    ReadOnlyMemory<byte> Value,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? ReadAt)
{
    /// <summary>Whether the record is past its expiry; at the very moment of its expiry it is not yet.</summary>
    /// <param name="now">The time to judge by.</param>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt is { } expiresAt && expiresAt < now;
}
