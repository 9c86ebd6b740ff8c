namespace Polywire.Caching;

/// <content>Leases: never evicted, bounded apart, timed by the monotonic clock so that setting the wall clock frees none.</content>
internal sealed partial class InProcessCacheStore
{
    private readonly Dictionary<string, Lease> _leases = new(StringComparer.Ordinal);
    private readonly long _maxLeaseBytes;
    private long _leaseBytes;

    /// <summary>No lease ends before this: spares a walk over all of them each time one is refused.</summary>
    private long _firstLeaseEnd = long.MaxValue;

    /// <summary>The last fence given: one row of numbers for all keys grows for each of them.</summary>
    private long _fence;

    public ValueTask<long?> AcquireLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (HolderOf(key, now) is { } current)
            {
                if (!string.Equals(current, holder, StringComparison.Ordinal))
                {
                    return ValueTask.FromResult<long?>(null);
                }

                _leases[key] = new Lease(holder, EndOf(now, duration));
                NoteEnd(_leases[key].End);
                return ValueTask.FromResult<long?>(NextFence());
            }

            var bytes = LeaseBytes(key, holder);
            if (!HasRoom(bytes))
            {
                SweepLeases(now);
                if (!HasRoom(bytes))
                {
                    return ValueTask.FromResult<long?>(null);
                }
            }

            var lease = new Lease(holder, EndOf(now, duration));
            _leases.Add(key, lease);
            _leaseBytes += bytes;
            NoteEnd(lease.End);
            return ValueTask.FromResult<long?>(NextFence());
        }
    }

    public ValueTask<bool> RenewLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (!string.Equals(HolderOf(key, now), holder, StringComparison.Ordinal))
            {
                return ValueTask.FromResult(false);
            }

            _leases[key] = new Lease(holder, EndOf(now, duration));
            NoteEnd(_leases[key].End);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> ReleaseLeaseAsync(string key, string holder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var current = HolderOf(key, _time.GetTimestamp());
            if (current is not null && !string.Equals(current, holder, StringComparison.Ordinal))
            {
                return ValueTask.FromResult(false);
            }

            if (current is not null)
            {
                RemoveLease(key, current);
            }

            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<string?> GetLeaseHolderAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(HolderOf(key, _time.GetTimestamp()));
        }
    }

    public IAsyncEnumerable<string> LeaseKeysAsync(string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            return _leases
                .Where(lease => lease.Value.End > now && lease.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(lease => lease.Key)
                .ToList()
                .ToAsyncEnumerable();
        }
    }

    // By the wall clock, so that fences grow over restarts of the process too.
    private long NextFence() => _fence = Math.Max(_fence + 1, _time.GetUtcNow().ToUnixTimeMilliseconds());

    private static long LeaseBytes(string key, string holder) => LeaseOverheadBytes + (2L * (key.Length + holder.Length));

    private bool Passes(CacheGuard? guard)
    {
        if (guard is not { } asked)
        {
            return true;
        }

        var holder = HolderOf(asked.LeaseKey, _time.GetTimestamp());
        return holder is null ? !asked.MustHold : string.Equals(holder, asked.Holder, StringComparison.Ordinal);
    }

    /// <summary>Who holds a lease; one that ran out is dropped on the way.</summary>
    private string? HolderOf(string key, long now)
    {
        if (!_leases.TryGetValue(key, out var lease))
        {
            return null;
        }

        if (lease.End > now)
        {
            return lease.Holder;
        }

        RemoveLease(key, lease.Holder);
        return null;
    }

    private void RemoveLease(string key, string holder)
    {
        _leases.Remove(key);
        _leaseBytes -= LeaseBytes(key, holder);
    }

    private bool HasRoom(long bytes) => _leases.Count < _maxEntries && _leaseBytes + bytes <= _maxLeaseBytes;

    private long EndOf(long now, TimeSpan duration)
    {
        var ticks = duration.TotalSeconds * _time.TimestampFrequency;
        return ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks;
    }

    private void NoteEnd(long end) => _firstLeaseEnd = Math.Min(_firstLeaseEnd, end);

    private void SweepLeases(long now)
    {
        if (now < _firstLeaseEnd)
        {
            return;
        }

        _firstLeaseEnd = long.MaxValue;
        foreach (var (key, lease) in _leases)
        {
            if (lease.End <= now)
            {
                RemoveLease(key, lease.Holder);
            }
            else
            {
                NoteEnd(lease.End);
            }
        }
    }

    private readonly record struct Lease(string Holder, long End);
}
