namespace Polywire.Caching;

/// <summary>What a store answers to a read.</summary>
public readonly record struct CacheReadResult
{
    /// <summary>Whether there is a record.</summary>
    public required CacheOutcome Outcome { get; init; }

    /// <summary>The object as it was before this read; meaningful only with <see cref="CacheOutcome.Done"/>.</summary>
    public CacheRecord Record { get; init; }
}
