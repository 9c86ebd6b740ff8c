namespace Polywire.Caching;

/// <summary>What a store answers to a read.</summary>
/// <param name="Outcome">Whether there is a record.</param>
/// <param name="Record">The object as it was before this read; meaningful only with <see cref="CacheOutcome.Done"/>.</param>
public readonly record struct CacheReadResult(CacheOutcome Outcome, CacheRecord Record);
