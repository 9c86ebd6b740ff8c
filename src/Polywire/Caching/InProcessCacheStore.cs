using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;

namespace Polywire.Caching;

/// <summary>Keeps objects, lists and leases in the memory of this process, within bounds.</summary>
/// <remarks>
/// <para>
/// Bounds: <see cref="CacheOptions.MaxEntries"/> objects and list items, and <see cref="CacheOptions.MaxBytes"/> of values, keys
/// and bookkeeping. Over one of them, what expired goes first, the longest expired before all; then what was used longest ago,
/// where a list is used by push and pop and goes whole. One object or list that is over a bound alone is refused. Leases are never
/// evicted: they have a bound of their own, beyond which a lease is refused.
/// </para>
/// <para>
/// What expired goes one second later at the earliest and ten seconds after that at the latest, by a timer; until then only reads
/// see it, as expired.
/// </para>
/// <para>
/// One lock for everything: each hold is a few dictionary steps, save for keys, count and clear, which walk all keys, and a lock
/// makes the guard and the act one step. Values are not copied. Whoever makes the store disposes of it.
/// </para>
/// </remarks>
internal sealed partial class InProcessCacheStore : ICacheStore, IDisposable
{
    // Bookkeeping of one object or list (with an expiry), list item and lease, rounded up from the growth of the heap by 100 000 of
    // each: 336, 45 and 108 bytes on 64-bit Linux.
    internal const int SlotOverheadBytes = 352;
    internal const int ItemOverheadBytes = 64;
    internal const int LeaseOverheadBytes = 128;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly SortedSet<Slot> _byExpiry = new(SlotExpiryComparer.Instance);

    /// <summary>Least recently used first.</summary>
    private readonly LinkedList<Slot> _byUse = [];
    private readonly TimeProvider _time;
    private readonly int _maxEntries;
    private readonly long _maxBytes;
    private readonly ITimer _sweep;
    private long _entries;
    private long _bytes;
    private long _sequence;

    public InProcessCacheStore(IOptions<CacheOptions> options, TimeProvider time)
    {
        _time = time;
        _maxEntries = options.Value.MaxEntries;
        _maxBytes = options.Value.MaxBytes;
        _maxLeaseBytes = _maxBytes / 8;
        _sweep = time.CreateTimer(static store => LastCatch.Run((InProcessCacheStore)store!, static store => store.Sweep(), NullLogger.Instance), this, SweepInterval, SweepInterval);
    }

    /// <summary>Objects and list items held now, expired ones included.</summary>
    internal long Entries => Volatile.Read(ref _entries);

    /// <summary>Bytes counted against the bound now.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    public ValueTask<CacheRecord?> GetAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<CacheRecord?>(Find(key) is { } slot ? slot.ObjectOrThrow() : null);
        }
    }

    public ValueTask<CacheReadResult> ReadAsync(
        string key,
        DateTimeOffset readAt,
        DateTimeOffset? extendTo,
        CacheGuard? guard,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!Passes(guard))
            {
                return ValueTask.FromResult(new CacheReadResult { Outcome = CacheOutcome.Refused });
            }

            if (Find(key) is not { } slot)
            {
                return ValueTask.FromResult(new CacheReadResult { Outcome = CacheOutcome.Absent });
            }

            var before = slot.ObjectOrThrow();
            if (!before.IsExpired(readAt))
            {
                SetRecord(slot, before with
                {
                    ReadAt = readAt,
                    ExpiresAt = before.ExpiresAt is null ? null : extendTo ?? before.ExpiresAt,
                });
                MarkUsed(slot);
            }

            return ValueTask.FromResult(new CacheReadResult { Outcome = CacheOutcome.Done, Record = before });
        }
    }

    public ValueTask<CacheOutcome> SetAsync(string key, CacheRecord record, CacheGuard? guard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!Passes(guard))
            {
                return ValueTask.FromResult(CacheOutcome.Refused);
            }

            var bytes = Slot.BaseBytes(key) + record.Value.Length;
            EnsureFits(entries: 1, bytes);
            if (Find(key) is { IsList: true } list)
            {
                Remove(list);
            }

            var slot = Find(key) ?? Add(key, isList: false);
            SetRecord(slot, record);
            Resize(slot, entries: 1, bytes);
            MarkUsed(slot);
            Evict();
            return ValueTask.FromResult(CacheOutcome.Done);
        }
    }

    public ValueTask<CacheOutcome> RemoveAsync(string key, CacheGuard? guard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!Passes(guard))
            {
                return ValueTask.FromResult(CacheOutcome.Refused);
            }

            if (Find(key) is not { } slot)
            {
                return ValueTask.FromResult(CacheOutcome.Absent);
            }

            Remove(slot);
            return ValueTask.FromResult(slot.Record.IsExpired(_time.GetUtcNow()) ? CacheOutcome.Absent : CacheOutcome.Done);
        }
    }

    public IAsyncEnumerable<string> KeysAsync(string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Living(prefix).Select(slot => slot.Key).ToList().ToAsyncEnumerable();
        }
    }

    public ValueTask<long> CountAsync(string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(Living(prefix).LongCount());
        }
    }

    public ValueTask<long> ClearAsync(string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var count = Living(prefix).LongCount();
            foreach (var slot in _slots.Values.Where(slot => slot.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            {
                Remove(slot);
            }

            return ValueTask.FromResult(count);
        }
    }

    public ValueTask<long> PushAsync(string key, ReadOnlyMemory<byte> item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var list = FindListOrThrow(key);
            var entries = (list?.Entries ?? 0) + 1;
            var bytes = (list?.Bytes ?? Slot.BaseBytes(key)) + ItemOverheadBytes + item.Length;
            EnsureFits(entries, bytes);
            list ??= Add(key, isList: true);
            list.Items!.Enqueue(item);
            Resize(list, entries, bytes);
            MarkUsed(list);
            Evict();
            return ValueTask.FromResult((long)entries);
        }
    }

    public ValueTask<ReadOnlyMemory<byte>?> PopAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (FindListOrThrow(key) is not { } list)
            {
                return ValueTask.FromResult<ReadOnlyMemory<byte>?>(null);
            }

            var item = list.Items!.Dequeue();
            Resize(list, list.Entries - 1, list.Bytes - ItemOverheadBytes - item.Length);
            MarkUsed(list);
            if (list.Items.Count == 0)
            {
                Remove(list);
            }

            return ValueTask.FromResult<ReadOnlyMemory<byte>?>(item);
        }
    }

    public ValueTask<long> LengthAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult((long)(FindListOrThrow(key)?.Entries ?? 0));
        }
    }

    /// <summary>Stops the sweep; the store can still be read.</summary>
    public void Dispose() => _sweep.Dispose();
}
