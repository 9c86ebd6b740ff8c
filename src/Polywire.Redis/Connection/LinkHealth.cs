using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Redis.Diagnostics;

namespace Polywire.Redis.Connection;

/// <summary>Whether the other nodes can be reached, and the way back when they cannot (cluster.md NO-67, NO-68, NO-71). Safe to use concurrently.</summary>
/// <remarks>
/// Down is what was not answered: a beat, a ping to oneself, or a connection that the multiplexer has lost. Back is what has been done again: all
/// subscriptions confirmed, a beat answered. Until the members of this node are announced again, the node tells its problem.
/// </remarks>
internal sealed partial class LinkHealth : INodeProblem, IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly RedisLink _link;
    private readonly TimeProvider _time;
    private readonly ILogger<LinkHealth> _logger;
    private readonly CancellationTokenSource _end = new();
    private Func<CancellationToken, Task>? _heal;
    private Func<Func<bool>, bool> _goLive = static comeUp => comeUp();
    private Task _healing = Task.CompletedTask;
    private TaskCompletionSource _hint = New();
    private LinkState _state = LinkState.Up;
    private long _downSince;
    private long _failures;
    private bool _isDisposed;

    public LinkHealth(RedisLink link, RedisMetrics metrics, TimeProvider time, ILogger<LinkHealth> logger)
    {
        (_link, _time, _logger) = (link, time, logger);
        link.Lost += Fail;
        link.Restored += Hint;
        metrics.Meter.CreateObservableGauge("polywire.cluster.link.up", () => IsUp ? 1 : 0, null, "Whether the other nodes can be reached.");
    }

    /// <summary>The link has gone, or is up again. Raised in order, on any thread; handlers do not block.</summary>
    public event Action<bool>? Changed;

    /// <summary>Whether the other nodes can be reached, as far as is known.</summary>
    public bool IsUp => _state is LinkState.Up or LinkState.Announcing;

    /// <summary>Whether the link is back, and the members of this node are still to be announced.</summary>
    public bool IsAnnouncing => _state == LinkState.Announcing;

    public string? Problem => _state == LinkState.Up ? null : "The cluster is not reachable";

    /// <summary>Whether another process has taken the id of this node, which then serves no more.</summary>
    public bool IsTaken => _state == LinkState.Taken;

    /// <summary>Begins to heal whatever fails from now on.</summary>
    /// <param name="heal">Makes the subscriptions again and asks for a beat; throws while that cannot be done. Called by one at a time.</param>
    /// <param name="goLive">
    /// Calls what it is given, which makes the link up unless something failed meanwhile, and if so sends what waited, all in one step, so that nothing newer
    /// overtakes it. Gives what it was given.
    /// </param>
    public void Start(Func<CancellationToken, Task> heal, Func<Func<bool>, bool> goLive)
    {
        lock (_gate)
        {
            (_heal, _goLive) = (heal, goLive);
        }
    }

    /// <summary>Notes that something was not answered.</summary>
    /// <param name="reason">For the log; without anything that a user chose.</param>
    public void Fail(string reason)
    {
        lock (_gate)
        {
            _failures++;
            if (_heal is null || _state is LinkState.Down or LinkState.Taken || _end.IsCancellationRequested)
            {
                return;
            }

            if (_state == LinkState.Up)
            {
                _downSince = _time.GetTimestamp();
            }

            _state = LinkState.Down;
            Log.Down(_logger, _link.Address, reason);
            _healing = HealAsync(_healing);
        }
    }

    /// <summary>Notes that another process holds the id of this node.</summary>
    public void Taken()
    {
        lock (_gate)
        {
            _state = LinkState.Taken;
        }
    }

    /// <summary>Notes that the members of this node stand in Redis again.</summary>
    public void Announced(int members, int roomsGone)
    {
        lock (_gate)
        {
            if (_state == LinkState.Announcing)
            {
                // Told before anybody can see it.
                Log.Back(_logger, (long)_time.GetElapsedTime(_downSince).TotalMilliseconds, members, roomsGone);
                _state = LinkState.Up;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _link.Lost -= Fail;
        _link.Restored -= Hint;
        await _end.CancelAsync();
        await _healing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Hint() => Volatile.Read(ref _hint).TrySetResult();

    private async Task HealAsync(Task before)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Tell(isUp: false);
        var pause = FirstPause;
        while (!_end.IsCancellationRequested)
        {
            long failures;
            lock (_gate)
            {
                failures = _failures;
                _hint = New();
            }

            try
            {
                await _heal!(_end.Token);
                if (_goLive(() => TryComeUp(failures)))
                {
                    if (IsUp)
                    {
                        Tell(isUp: true);
                    }

                    return;
                }
            }
            catch (Exception exception) when (!_end.IsCancellationRequested)
            {
                // Not yet.
                Log.NotYet(_logger, exception);
            }

            // A connection that is back is reason enough not to wait any longer.
            await Task.WhenAny(Task.Delay(pause, _time, _end.Token), _hint.Task);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }

    // Whoever listens does not keep the link from coming back.
    private void Tell(bool isUp) => LastCatch.Run((Health: this, IsUp: isUp), static state => state.Health.Changed?.Invoke(state.IsUp), _logger);

    private bool TryComeUp(long failures)
    {
        lock (_gate)
        {
            if (_failures != failures || _state != LinkState.Down)
            {
                return _state == LinkState.Taken;
            }

            _state = LinkState.Announcing;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.LinkDown, LogLevel.Warning, "Redis is not reachable ({Address}): {Reason}; what is said stays on this node")]
        public static partial void Down(ILogger logger, string address, string reason);

        [LoggerMessage(RedisEventIds.LinkBack, LogLevel.Information, "Redis is back after {Milliseconds} ms: {Members} members announced, {Rooms} rooms gone")]
        public static partial void Back(ILogger logger, long milliseconds, int members, int rooms);

        [LoggerMessage(RedisEventIds.StepFailed, LogLevel.Debug, "The way back to Redis is not open yet")]
        public static partial void NotYet(ILogger logger, Exception exception);
    }
}
