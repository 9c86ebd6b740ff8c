namespace Polywire;

/// <summary>Settings of the cache, from the section <c>Polywire:Cache</c>.</summary>
public sealed class CacheOptions
{
    /// <summary>
    /// What the keys of objects and lists begin with in the store; default <c>actionhero:cache:</c>, which ActionHero uses too.
    /// Keeps applications that share one store apart.
    /// </summary>
    public string Prefix { get; set; } = "actionhero:cache:";

    /// <summary>
    /// What the keys of locks begin with in the store; default <c>actionhero:lock:</c>. Neither prefix may begin with the other.
    /// </summary>
    public string LockPrefix { get; set; } = "actionhero:lock:";

    /// <summary>
    /// How long a lock holds where the call names no duration; default 10 s, from 100 ms to one day. A short one frees the key
    /// sooner after a crash, a long one survives a longer pause of its holder.
    /// </summary>
    public TimeSpan LockDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Who holds the locks of <see cref="ICache.TryLockAsync"/>; default <see langword="null"/>, the id of this node. Nodes of the
    /// same name share their locks.
    /// </summary>
    public string? LockName { get; set; }

    /// <summary>
    /// Most objects and list items that the in-process store holds; default 100 000. Protects memory against a flood of keys:
    /// over it, what expired goes first, then what was used longest ago. The same number bounds the locks held at once. At least 1.
    /// </summary>
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>
    /// Most bytes that the in-process store holds, keys and bookkeeping included; default 256 MiB, at least 64 KiB. Protects memory
    /// against large values, as <see cref="MaxEntries"/> does against many. A single object over it is refused. The names of locks
    /// are bounded apart, by an eighth of it.
    /// </summary>
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;
}
