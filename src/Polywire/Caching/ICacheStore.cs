using System.Diagnostics.CodeAnalysis;

namespace Polywire.Caching;

/// <summary>Where the cache keeps its objects, lists and leases: in this process, or in a service that nodes share.</summary>
/// <remarks>
/// <para>
/// Keys are full keys, prefix included; values are bytes, never objects. Objects and lists share one set of keys, leases have
/// another. Every method is atomic by itself and safe to call concurrently. A store whose keys are spread over machines, so that
/// it cannot check a guard and act in one step, checks immediately before it acts and says so.
/// </para>
/// <para>
/// An object past its expiry is still answered, with its expiry, for at least one second, so that the caller can tell expired
/// from absent, unless memory is short; after that it may go at any time. Lists have no expiry and vanish with their last item.
/// </para>
/// <para>
/// A store whose service cannot be reached, or does not answer within the store's own limit, answers reads of objects as absent
/// (<see cref="GetAsync"/>, <see cref="ReadAsync"/>), gives no lease (<see cref="AcquireLeaseAsync"/>), and throws a
/// <see cref="CacheException"/> with <see cref="CacheFailure.Unavailable"/> from everything else: whether a lease could be renewed is not
/// known then, which is not the same as that it is lost. What it was asked may have been carried out all the same, and the store does not
/// ask again. Source: core.md K-10, K-11, K-20 to K-24; cluster.md NO-20, NO-43, NO-44.
/// </para>
/// </remarks>
[Experimental("PWX0002")]
public interface ICacheStore
{
    /// <summary>Looks at an object without recording a read and without regard to locks.</summary>
    /// <param name="key">Full key of the object.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The object, perhaps past its expiry; <see langword="null"/> if absent.</returns>
    /// <exception cref="CacheException">The key is a list's (<see cref="CacheFailure.WrongKind"/>).</exception>
    ValueTask<CacheRecord?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Reads an object and, unless it is past its expiry, records the read beside the value.</summary>
    /// <param name="key">Full key of the object.</param>
    /// <param name="readAt">The time of the read; expiry is judged by it.</param>
    /// <param name="extendTo">New expiry for an object that has one; <see langword="null"/> leaves it.</param>
    /// <param name="guard">The lease to respect; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The object as it was before: its earlier read time and its earlier expiry. An expired one is answered untouched.</returns>
    /// <exception cref="CacheException">The key is a list's (<see cref="CacheFailure.WrongKind"/>).</exception>
    ValueTask<CacheReadResult> ReadAsync(
        string key,
        DateTimeOffset readAt,
        DateTimeOffset? extendTo,
        CacheGuard? guard,
        CancellationToken cancellationToken);

    /// <summary>Saves an object, in place of whatever object or list has the key.</summary>
    /// <param name="key">Full key of the object.</param>
    /// <param name="record">Value and times; an expiry in the past is allowed.</param>
    /// <param name="guard">The lease to respect; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see cref="CacheOutcome.Done"/> or <see cref="CacheOutcome.Refused"/>.</returns>
    /// <exception cref="CacheException">The object alone is over the bound of the store (<see cref="CacheFailure.TooLarge"/>).</exception>
    ValueTask<CacheOutcome> SetAsync(string key, CacheRecord record, CacheGuard? guard, CancellationToken cancellationToken);

    /// <summary>Removes an object or a whole list.</summary>
    /// <param name="key">Full key.</param>
    /// <param name="guard">The lease to respect; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<CacheOutcome> RemoveAsync(string key, CacheGuard? guard, CancellationToken cancellationToken);

    /// <summary>Lists the full keys of objects and lists, each once, in no order.</summary>
    /// <param name="prefix">What the keys begin with, compared byte by byte.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <remarks>
    /// Never blocks the store for long. What comes or goes meanwhile may be missed; what expired may be listed for one second more.
    /// </remarks>
    IAsyncEnumerable<string> KeysAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Counts what <see cref="KeysAsync"/> would list.</summary>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<long> CountAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes objects and lists by prefix, whatever is locked; leases stay.</summary>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="cancellationToken">Gives up waiting; part may be gone then.</param>
    /// <returns>How many keys were removed.</returns>
    ValueTask<long> ClearAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Appends an item to a list, which is made if there is none.</summary>
    /// <param name="key">Full key of the list.</param>
    /// <param name="item">Nobody changes it afterwards.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The length after it.</returns>
    /// <exception cref="CacheException">
    /// The key is an object's (<see cref="CacheFailure.WrongKind"/>), or the list alone would be over the bound of the store
    /// (<see cref="CacheFailure.TooLarge"/>).
    /// </exception>
    ValueTask<long> PushAsync(string key, ReadOnlyMemory<byte> item, CancellationToken cancellationToken);

    /// <summary>Takes the oldest item off a list.</summary>
    /// <param name="key">Full key of the list.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> if there is no list.</returns>
    /// <exception cref="CacheException">The key is an object's (<see cref="CacheFailure.WrongKind"/>).</exception>
    ValueTask<ReadOnlyMemory<byte>?> PopAsync(string key, CancellationToken cancellationToken);

    /// <summary>Counts the items of a list.</summary>
    /// <param name="key">Full key of the list.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>0 if there is no list.</returns>
    /// <exception cref="CacheException">The key is an object's (<see cref="CacheFailure.WrongKind"/>).</exception>
    ValueTask<long> LengthAsync(string key, CancellationToken cancellationToken);

    /// <summary>Takes a lease that is free, or takes one's own anew.</summary>
    /// <param name="key">Full key of the lease.</param>
    /// <param name="holder">Who takes it.</param>
    /// <param name="duration">How long it holds from now; positive.</param>
    /// <param name="cancellationToken">Gives up waiting; the lease may be taken then.</param>
    /// <returns>
    /// The fence: an integer above 0 that is larger with every acquisition of the key, also after the store has lost its data, so that a
    /// resource outside can refuse who comes late with a smaller one. <see langword="null"/> if another holds the lease, the store holds as
    /// many leases as it may, or its service cannot be reached.
    /// </returns>
    ValueTask<long?> AcquireLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease that is still the holder's.</summary>
    /// <param name="key">Full key of the lease.</param>
    /// <param name="holder">Who holds it.</param>
    /// <param name="duration">How long it holds from now; positive.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="false"/> if it is another's or ran out; it is not taken again then.</returns>
    ValueTask<bool> RenewLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives a lease back.</summary>
    /// <param name="key">Full key of the lease.</param>
    /// <param name="holder">Who holds it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="false"/> if another holds it, which stays so; <see langword="true"/> also if it was free.</returns>
    ValueTask<bool> ReleaseLeaseAsync(string key, string holder, CancellationToken cancellationToken);

    /// <summary>Tells who holds a lease.</summary>
    /// <param name="key">Full key of the lease.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> if it is free.</returns>
    ValueTask<string?> GetLeaseHolderAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists the full keys of the leases held, each once, in no order.</summary>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<string> LeaseKeysAsync(string prefix, CancellationToken cancellationToken);
}
