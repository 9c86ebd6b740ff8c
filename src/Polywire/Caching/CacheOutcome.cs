namespace Polywire.Caching;

/// <summary>What a store did with an object.</summary>
public enum CacheOutcome
{
    /// <summary>What was asked.</summary>
    Done,

    /// <summary>Nothing: there is no such object.</summary>
    Absent,

    /// <summary>Nothing: the guard did not let the caller pass.</summary>
    Refused,
}
