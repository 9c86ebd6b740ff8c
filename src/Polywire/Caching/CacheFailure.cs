namespace Polywire;

/// <summary>Why the cache did not do what it was asked.</summary>
public enum CacheFailure
{
    /// <summary>Nothing is saved under the key: <c>Object not found</c>.</summary>
    NotFound,

    /// <summary>What was saved is past its expiry: <c>Object expired</c>.</summary>
    Expired,

    /// <summary>Another holder has the lock on the key: <c>Object locked</c>.</summary>
    Locked,

    /// <summary>The <see cref="CacheLock"/> handed over no longer holds the key: <c>Object lock lost</c>.</summary>
    LockLost,

    /// <summary>A list was used as an object, or an object as a list: <c>Object is of another kind</c>.</summary>
    WrongKind,

    /// <summary>One object or list alone is over the bound of the store: <c>Object too large</c>.</summary>
    TooLarge,

    /// <summary>The service that keeps the cache cannot be reached now: <c>the cluster is not reachable</c>.</summary>
    Unavailable,
}
