using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;

namespace Polywire.Redis.Rooms;

/// <summary>Sees to it that the entries of this node agree with its members, whatever was lost (cluster.md NO-34 to NO-37). Safe to use concurrently.</summary>
/// <remarks>
/// One announcement runs at a time; who asks during one gets another afterwards, all of them the same. What nobody asked for runs now and then, slowly, and
/// makes way for what somebody asked for.
/// </remarks>
internal sealed partial class Announcer : IAsyncDisposable
{
    private const int EntriesPerSecond = 1_000;
    private const int LeasesBetween = 6;
    private const int Attempts = 3;

    private readonly Lock _gate = new();
    private readonly LinkHealth _health;
    private readonly NodeLease _lease;

    // Whether data are lost, and the pace if there is one.
    private readonly Func<bool, Pace?, RoomAnnouncement> _make;

    private readonly RoomsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly int _beatsBetween;
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private TaskCompletionSource? _next;
    private CancellationTokenSource? _slow;
    private bool _isSlowDue;
    private bool _isDataLost;
    private int _beats;
    private long _doubts;
    private long _settled;
    private bool _isDisposed;

    public Announcer(
        RedisLink link, LinkHealth health, NodeLease lease, Func<bool, Pace?, RoomAnnouncement> make, RoomsMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_health, _lease, _make, _metrics, _time, _logger) = (health, lease, make, metrics, time, logger);
        _beatsBetween = (int)Math.Ceiling(LeasesBetween * (link.Options.Lease / lease.Interval));
    }

    /// <summary>Announces.</summary>
    /// <returns>Completes when an announcement that began after this call has ended.</returns>
    /// <exception cref="ClusterNotReachableException">Redis did not answer; it is done again by itself after the next beat.</exception>
    public Task RequestAsync()
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested)
            {
                return Task.FromException(new ClusterNotReachableException());
            }

            _ = _slow?.CancelAsync();
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Run();
            return _next.Task;
        }
    }

    /// <summary>Announces, without anybody waiting for it.</summary>
    public void Request() => _ = RequestAsync();

    /// <summary>Notes that an entry may stand in Redis which should not: it is looked after when the next beat is answered.</summary>
    public void Doubt() => Interlocked.Increment(ref _doubts);

    /// <summary>A beat was answered.</summary>
    public void OnBeat()
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested || _isRunning)
            {
                return;
            }

            if (Interlocked.Read(ref _doubts) != _settled)
            {
                Request();
            }
            else if (++_beats >= _beatsBetween)
            {
                (_beats, _isSlowDue) = (0, true);
                Run();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Under the lock.
    private void Run()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            _running = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        while (TryBegin(out var isSlow))
        {
            var started = _time.GetTimestamp();
            try
            {
                // First, so that what was lost is known before anything is taken for removed.
                await _lease.BeatAsync(_end.Token);
                await AnnounceAsync(isSlow);
                _metrics.AnnounceTook(_time.GetElapsedTime(started));
            }
            catch (Exception exception)
            {
                // Those who ask now wait no longer than those who asked before.
                Doubt();
                Fail(Take(), exception);
            }
        }
    }

    private bool TryBegin(out bool isSlow)
    {
        lock (_gate)
        {
            isSlow = _next is null;
            _isRunning = !_end.IsCancellationRequested && (_next is not null || _isSlowDue);
            _isSlowDue = false;
            if (!_isRunning)
            {
                Fail(Interlocked.Exchange(ref _next, null), null);
            }

            return _isRunning;
        }
    }

    private TaskCompletionSource? Take()
    {
        lock (_gate)
        {
            return Interlocked.Exchange(ref _next, null);
        }
    }

    private async Task AnnounceAsync(bool isSlow)
    {
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        TaskCompletionSource? asked;
        long doubts;
        lock (_gate)
        {
            (asked, _next) = (_next, null);
            if (asked is null)
            {
                _slow = hurry;
            }

            doubts = Interlocked.Read(ref _doubts);
        }

        // Only what began after the link was back makes it well.
        var isAwaited = _health.IsAnnouncing;
        try
        {
            var done = await RunAsync(asked is null ? new Pace(EntriesPerSecond, _time) : null, hurry.Token);
            lock (_gate)
            {
                (_settled, _isDataLost, _beats) = (doubts, false, 0);
            }

            if (isAwaited)
            {
                _health.Announced(done.Members, done.RoomsGone);
            }

            asked?.TrySetResult();
        }
        catch (OperationCanceledException) when (asked is null)
        {
            // Makes way, or the node stops.
        }
        catch (Exception exception) when (asked is not null)
        {
            Fail(asked, exception);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _slow = null;
            }
        }
    }

    private async Task<RoomAnnouncement> RunAsync(Pace? pace, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (_lease.IsDataLost)
            {
                // Kept here until it is made good; what is lost from now on is told anew.
                _lease.DataRestored();
                _isDataLost = true;
            }

            var announcement = _make(_isDataLost, pace);
            try
            {
                if (await announcement.RunAsync(cancellationToken))
                {
                    return announcement;
                }
            }
            finally
            {
                _metrics.Announced(announcement.Members);
            }

            await _lease.BeatAsync(cancellationToken);
        }

        throw new ClusterNotReachableException();
    }

    private void Fail(TaskCompletionSource? asked, Exception? exception)
    {
        if (exception is not (null or ClusterNotReachableException or OperationCanceledException))
        {
            LastCatch.Tell(exception, _logger);
        }
        else if (exception is not null)
        {
            Log.Failed(_logger, exception);
        }

        if (asked is not null)
        {
            asked.TrySetException(exception as ClusterNotReachableException ?? new ClusterNotReachableException(exception));
            _ = asked.Task.Exception;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.AnnounceFailed, LogLevel.Debug, "The members of this node could not be announced yet")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
