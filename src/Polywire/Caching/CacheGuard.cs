namespace Polywire.Caching;

/// <summary>The lease that stands before an object, and who asks.</summary>
public readonly record struct CacheGuard
{
    /// <summary>Full key of the lease.</summary>
    public required string LeaseKey { get; init; }

    /// <summary>Who asks; passes where the lease is this holder's.</summary>
    public required string Holder { get; init; }

    /// <summary>
    /// <see langword="false"/>: a lease that nobody holds lets everybody pass. <see langword="true"/>: only its holder passes, so that
    /// one who lost the lease cannot write late.
    /// </summary>
    public required bool MustHold { get; init; }
}
