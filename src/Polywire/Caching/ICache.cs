namespace Polywire;

/// <summary>Keeps objects, lists and locks for the whole application: in this process, or for all nodes that share a store.</summary>
/// <remarks>
/// <para>
/// Values are kept as JSON: what comes out is a copy, and its type must be one that JSON can say. Keys are texts of at least one
/// character. Safe to use concurrently; register for it as a singleton. A store may drop objects to stay within its bounds, so what
/// must not be lost does not belong here. Source: core.md section 8.
/// </para>
/// <para>
/// Implemented by Polywire alone; members are added in minor versions. A test takes the one of <c>PolywireTestHost</c>, or a fake that is made at run time
/// and so has members that come later: of a mocking library, or one that derives from <see cref="System.Reflection.DispatchProxy"/>.
/// </para>
/// </remarks>
public interface ICache
{
    /// <summary>Saves an object, in place of whatever had the key.</summary>
    /// <param name="key">Name of the object.</param>
    /// <param name="value">What to save; may be null.</param>
    /// <param name="expiresIn">
    /// How long it can be loaded; <see langword="null"/> for ever. A negative one saves an object that can never be loaded.
    /// </param>
    /// <param name="held">The caller's own lock on the key, if it holds one.</param>
    /// <param name="cancellationToken">Gives up waiting; the object may be saved then.</param>
    /// <exception cref="CacheException">
    /// Another holds the lock on the key (<c>Object locked</c>), <paramref name="held"/> was lost, or the object is too large.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="held"/> is a lock on another key.</exception>
    /// <exception cref="NotSupportedException">JSON reflection is off and no context covers the type.</exception>
    ValueTask SaveAsync<T>(
        string key,
        T value,
        TimeSpan? expiresIn = null,
        CacheLock? held = null,
        CancellationToken cancellationToken = default);

    /// <summary>Loads an object, if it is there, and records the read.</summary>
    /// <param name="key">Name of the object.</param>
    /// <param name="options">Extension of the expiry, patience with locks, the caller's own lock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> if it is absent or past its expiry.</returns>
    /// <exception cref="CacheException">
    /// Another holds the lock on the key (<c>Object locked</c>), the caller's was lost, or the key is a list's.
    /// </exception>
    /// <exception cref="System.Text.Json.JsonException">What was saved is no <typeparamref name="T"/>.</exception>
    ValueTask<CacheEntry<T>?> LoadAsync<T>(
        string key,
        CacheLoadOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Loads an object that must be there, and records the read.</summary>
    /// <param name="key">Name of the object.</param>
    /// <param name="options">Extension of the expiry, patience with locks, the caller's own lock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CacheException">
    /// <c>Object not found</c>, <c>Object expired</c>, <c>Object locked</c>, or one of the rarer failures of <see cref="LoadAsync{T}"/>.
    /// How long after its expiry an object is still known as expired depends on the store: one second at least.
    /// </exception>
    /// <exception cref="System.Text.Json.JsonException">What was saved is no <typeparamref name="T"/>.</exception>
    ValueTask<CacheEntry<T>> LoadRequiredAsync<T>(
        string key,
        CacheLoadOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Removes an object or a list.</summary>
    /// <param name="key">Name of the object or list.</param>
    /// <param name="held">The caller's own lock on the key, if it holds one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there was something to remove.</returns>
    /// <exception cref="CacheException">Another holds the lock on the key (<c>Object locked</c>), or <paramref name="held"/> was lost.</exception>
    /// <exception cref="ArgumentException"><paramref name="held"/> is a lock on another key.</exception>
    ValueTask<bool> DestroyAsync(string key, CacheLock? held = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the full keys of all objects and lists, <see cref="CacheOptions.Prefix"/> included, in no order.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the full keys of all locks held, <see cref="CacheOptions.LockPrefix"/> included, in no order.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<string> LocksAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts objects and lists; a list counts once.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<long> SizeAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes every object and list, locked or not; locks stay.</summary>
    /// <param name="cancellationToken">Gives up waiting; part may be gone then.</param>
    /// <returns>How many were removed.</returns>
    ValueTask<long> ClearAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes every object to a file, from which <see cref="DumpReadAsync"/> restores it.</summary>
    /// <param name="path">The file; replaced whole at the end, or left alone on failure. Only its owner may read it.</param>
    /// <param name="cancellationToken">Gives up; the file is left alone.</param>
    /// <returns>How many objects were written; expired ones are not.</returns>
    /// <remarks>
    /// The file is one JSON object, full key to stored text, where the text is the JSON <c>{value, expireTimestamp, createdAt, readAt}</c>:
    /// the form that ActionHero's dumps have. Locks do not matter to it. Source: core.md K-6.
    /// </remarks>
    /// <exception cref="CacheException">The cache has a list (<see cref="CacheFailure.WrongKind"/>): a dump cannot hold one.</exception>
    ValueTask<int> DumpWriteAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Clears the cache and fills it from a file that <see cref="DumpWriteAsync"/> wrote.</summary>
    /// <param name="path">The file; read and checked whole before anything is cleared.</param>
    /// <param name="cancellationToken">Gives up; part may be loaded then.</param>
    /// <returns>How many objects were loaded; those that have expired meanwhile are left out.</returns>
    /// <exception cref="InvalidDataException">The file is no dump, or one made under another prefix; nothing was cleared.</exception>
    ValueTask<int> DumpReadAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Appends an item to a list, which is made if there is none. Locks do not matter to lists.</summary>
    /// <param name="key">Name of the list.</param>
    /// <param name="item">What to append.</param>
    /// <param name="cancellationToken">Gives up waiting; the item may be appended then.</param>
    /// <returns>The length after it.</returns>
    /// <exception cref="CacheException">The key is an object's, or the list would be too large.</exception>
    ValueTask<long> PushAsync<T>(string key, T item, CancellationToken cancellationToken = default);

    /// <summary>Takes the oldest item off a list.</summary>
    /// <param name="key">Name of the list.</param>
    /// <param name="cancellationToken">Gives up waiting; an item may be taken then.</param>
    /// <returns>
    /// The default of <typeparamref name="T"/> if there is none: ask for <c>int?</c> rather than <c>int</c> to tell an empty list from
    /// a zero.
    /// </returns>
    /// <exception cref="CacheException">The key is an object's (<see cref="CacheFailure.WrongKind"/>).</exception>
    ValueTask<T?> PopAsync<T>(string key, CancellationToken cancellationToken = default);

    /// <summary>Counts the items of a list.</summary>
    /// <param name="key">Name of the list.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>0 if there is no list.</returns>
    /// <exception cref="CacheException">The key is an object's (<see cref="CacheFailure.WrongKind"/>).</exception>
    ValueTask<long> ListLengthAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Takes a lock that belongs to the caller alone, and keeps it until disposed.</summary>
    /// <param name="key">
    /// What to lock. Saving, loading and destroying the object of this name then needs the lock; any other name may be locked as well.
    /// </param>
    /// <param name="duration">
    /// How long the lock outlives its holder's death, up to one day; it renews itself at a third of it. Default
    /// <see cref="CacheOptions.LockDuration"/>.
    /// </param>
    /// <param name="wait">
    /// How long to wait for another to give it back, asking every 100 ms, in no order among those who wait. Default: not at all.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting. Does not end the lock once it is taken.</param>
    /// <returns><see langword="null"/> if another holds it, be it on this node or elsewhere.</returns>
    /// <remarks>Source: core.md K-20.</remarks>
    ValueTask<CacheLock?> LockAsync(
        string key,
        TimeSpan? duration = null,
        TimeSpan? wait = null,
        CancellationToken cancellationToken = default);

    /// <summary>Takes a lock in the name of the whole node: against other nodes, not among the requests of this one.</summary>
    /// <param name="key">What to lock.</param>
    /// <param name="duration">When it ends by itself; default <see cref="CacheOptions.LockDuration"/>. It is not renewed.</param>
    /// <param name="cancellationToken">Gives up waiting; the lock may be taken then.</param>
    /// <returns><see langword="true"/> also if this node holds it already, whose time then runs anew; <see langword="false"/> if another does.</returns>
    /// <remarks>Calls without a <see cref="CacheLock"/> act in the name of the node and pass its locks. Source: core.md K-8, K-9.</remarks>
    ValueTask<bool> TryLockAsync(string key, TimeSpan? duration = null, CancellationToken cancellationToken = default);

    /// <summary>Gives back a lock of this node.</summary>
    /// <param name="key">What was locked.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="false"/> if another holds it, which stays so; <see langword="true"/> also if it was not locked.</returns>
    ValueTask<bool> UnlockAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Asks whether a key is free for this node.</summary>
    /// <param name="key">What may be locked.</param>
    /// <param name="retry">How long to wait for it to become so, asking every 100 ms. Default: not at all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="true"/> if it is free or this node's.</returns>
    ValueTask<bool> CheckLockAsync(string key, TimeSpan? retry = null, CancellationToken cancellationToken = default);
}
