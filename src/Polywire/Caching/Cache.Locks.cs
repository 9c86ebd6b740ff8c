using System.Security.Cryptography;

namespace Polywire.Caching;

/// <content>Locks, in the name of one caller or of the whole node. Source: core.md K-8 to K-11, K-20.</content>
internal sealed partial class Cache
{
    private static readonly TimeSpan LongestRenewedLock = TimeSpan.FromDays(1);

    public IAsyncEnumerable<string> LocksAsync(CancellationToken cancellationToken = default) =>
        _store.LeaseKeysAsync(_lockPrefix, cancellationToken);

    public async ValueTask<CacheLock?> LockAsync(
        string key,
        TimeSpan? duration = null,
        TimeSpan? wait = null,
        CancellationToken cancellationToken = default)
    {
        var span = Duration(key, duration);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span, LongestRenewedLock, nameof(duration));
        var holder = $"{_nodeId}:{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        var leaseKey = _lockPrefix + key;
        var started = _time.GetTimestamp();
        do
        {
            var asked = _time.GetTimestamp();
            if (await _store.AcquireLeaseAsync(leaseKey, holder, span, cancellationToken) is { } fence)
            {
                var remaining = span - _time.GetElapsedTime(asked);
                return new CacheLock(
                    _store, key, leaseKey, holder, fence, span, remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, _time, _logger);
            }
        }
        while (await PauseAsync(started, wait, cancellationToken));

        return null;
    }

    public async ValueTask<bool> TryLockAsync(string key, TimeSpan? duration = null, CancellationToken cancellationToken = default)
    {
        var span = Duration(key, duration);
        return await _store.AcquireLeaseAsync(_lockPrefix + key, _nodeHolder, span, cancellationToken) is not null;
    }

    public ValueTask<bool> UnlockAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _store.ReleaseLeaseAsync(_lockPrefix + key, _nodeHolder, cancellationToken);
    }

    public async ValueTask<bool> CheckLockAsync(string key, TimeSpan? retry = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var started = _time.GetTimestamp();
        do
        {
            var holder = await _store.GetLeaseHolderAsync(_lockPrefix + key, cancellationToken);
            if (holder is null || string.Equals(holder, _nodeHolder, StringComparison.Ordinal))
            {
                return true;
            }
        }
        while (await PauseAsync(started, retry, cancellationToken));

        return false;
    }

    private TimeSpan Duration(string key, TimeSpan? duration)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var span = duration ?? _lockDuration;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero, nameof(duration));
        return span;
    }
}
