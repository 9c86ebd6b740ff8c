namespace Polywire.Caching;

/// <summary>The lease that stands before an object, and who asks.</summary>
/// <param name="LeaseKey">Full key of the lease.</param>
/// <param name="Holder">Who asks; passes where the lease is this holder's.</param>
/// <param name="MustHold">
/// <see langword="false"/>: a lease that nobody holds lets everybody pass. <see langword="true"/>: only its holder passes, so that
/// one who lost the lease cannot write late.
/// </param>
public readonly record struct CacheGuard(string LeaseKey, string Holder, bool MustHold);
