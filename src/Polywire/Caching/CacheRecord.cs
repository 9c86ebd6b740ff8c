namespace Polywire.Caching;

/// <summary>One object as a store keeps it: its bytes, and its times beside them.</summary>
/// <remarks>Times are UTC, in whole milliseconds: a store may drop what is finer. Source: core.md K-1, K-21.</remarks>
public readonly record struct CacheRecord
{
    /// <summary>The value as JSON, UTF-8. Nobody changes it once a store was given it or has answered it.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>When the object was saved.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last moment at which it may be used; <see langword="null"/> for no expiry.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last read; <see langword="null"/> if never.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Whether the record is past its expiry; at the very moment of its expiry it is not yet.</summary>
    /// <param name="now">The time to judge by.</param>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt is { } expiresAt && expiresAt < now;
}
