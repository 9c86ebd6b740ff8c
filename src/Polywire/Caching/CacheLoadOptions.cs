namespace Polywire;

/// <summary>How an object is loaded; the defaults neither extend nor wait.</summary>
public sealed record CacheLoadOptions
{
    /// <summary>
    /// Moves the expiry to this long after the read, so that what is read often stays. Only for an object that has an expiry.
    /// Default <see langword="null"/>: the expiry stays as it was saved.
    /// </summary>
    public TimeSpan? ExtendBy { get; init; }

    /// <summary>
    /// How long to wait for another holder's lock to go, asking every 100 ms. Default <see langword="null"/>: not at all,
    /// a locked object fails at once.
    /// </summary>
    public TimeSpan? Retry { get; init; }

    /// <summary>The caller's own lock on the key, if it holds one. Default <see langword="null"/>.</summary>
    public CacheLock? Held { get; init; }
}
