using Microsoft.Extensions.Logging;
using Polywire.Caching;
using Polywire.Diagnostics;

namespace Polywire;

/// <summary>A lock that one caller holds until it disposes of it; made by <see cref="ICache.LockAsync"/>.</summary>
/// <remarks>
/// Renews itself at a third of its duration. To save, load or destroy the locked object, hand the lock to the call: who does not is
/// another holder, even on the same node. Safe to use concurrently. A lock that is never disposed is held until the process ends.
/// Source: core.md K-20.
/// </remarks>
public sealed partial class CacheLock : IAsyncDisposable
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    private readonly ICacheStore _store;
    private readonly string _leaseKey;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly GuardedTimeout _lost;
    private readonly Task _renewal;
    private int _disposed;

    /// <summary>
    /// Takes over a lease that was just acquired, with what is left of it, counted from before it was asked for.
    /// </summary>
    internal CacheLock(
        ICacheStore store,
        string key,
        string leaseKey,
        string holder,
        long fence,
        TimeSpan duration,
        TimeSpan remaining,
        TimeProvider time,
        ILogger logger)
    {
        _store = store;
        Key = key;
        _leaseKey = leaseKey;
        Holder = holder;
        Fence = fence;
        _duration = duration;
        _time = time;
        _logger = logger;

        // The lock is lost when this runs out: even if the store hangs, and never later than the lease itself.
        _lost = new GuardedTimeout(remaining, time, logger);
        Lost = _lost.Token;
        _timer = new PeriodicTimer(Interval(duration), time);
        _renewal = Task.Run(RenewAsync, CancellationToken.None);
    }

    /// <summary>What is locked, without the prefix.</summary>
    public string Key { get; }

    /// <summary>Who holds it, as the store names it: <c>NODE:TOKEN</c>, where the token is this lock's alone.</summary>
    public string Holder { get; }

    /// <summary>A number that is larger with every lock on this key. Above 0.</summary>
    /// <remarks>
    /// Send it along to what is outside the cache (a database, a file service), and let that refuse a number below the largest it has seen:
    /// a holder that was halted past its time can then change nothing any more. Source: cluster.md NO-43.
    /// </remarks>
    public long Fence { get; }

    /// <summary>
    /// Is cancelled when the lock is no longer sure to be held: it was taken, or could not be renewed in time. Stop the work then.
    /// Never cancelled by disposing.
    /// </summary>
    public CancellationToken Lost { get; }

    /// <summary>Gives the lock back, if it is still held; more than once does no harm.</summary>
    /// <remarks>Does not throw: a lock that cannot be given back ends by itself after its duration.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        _timer.Dispose();
        await _renewal;
        _lost.Dispose();
        _stop.Dispose();

        // A store that hangs must not hold the caller for longer than the lease would.
        using var patience = new GuardedTimeout(_duration, _time, _logger);
        try
        {
            await _store.ReleaseLeaseAsync(_leaseKey, Holder, patience.Token);
        }
        catch (Exception failure)
        {
            // Disposing in a finally must not hide the caller's own exception; the lease runs out by itself.
            Log.ReleaseFailed(_logger, LogText.OneLine(Key, LogText.NameLength), failure);
        }
    }

    private static TimeSpan Interval(TimeSpan duration)
    {
        var third = duration / 3;
        return third < ShortestInterval ? ShortestInterval : third > LongestInterval ? LongestInterval : third;
    }

    private async Task RenewAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, Lost);
        while (await NextTickAsync(end.Token))
        {
            var asked = _time.GetTimestamp();
            try
            {
                if (!await _store.RenewLeaseAsync(_leaseKey, Holder, _duration, end.Token))
                {
                    Log.Lost(_logger, LogText.OneLine(Key, LogText.NameLength));
                    _lost.Cancel();
                    return;
                }

                var remaining = _duration - _time.GetElapsedTime(asked);
                _lost.Restart(remaining);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The next tick tries again; if none succeeds in time, the timer of _lost ends the lock.
                Log.RenewalFailed(_logger, LogText.OneLine(Key, LogText.NameLength), failure);
            }
        }
    }

    private async ValueTask<bool> NextTickAsync(CancellationToken end)
    {
        try
        {
            return await _timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.CacheLockLost, LogLevel.Warning, "The lock on {Key} was lost: its lease is another's or ran out")]
        public static partial void Lost(ILogger logger, string key);

        [LoggerMessage(EventIds.CacheLockNotRenewed, LogLevel.Warning, "The lock on {Key} could not be renewed")]
        public static partial void RenewalFailed(ILogger logger, string key, Exception failure);

        [LoggerMessage(EventIds.CacheLockNotReleased, LogLevel.Warning, "The lock on {Key} could not be given back; it ends by itself")]
        public static partial void ReleaseFailed(ILogger logger, string key, Exception failure);
    }
}
