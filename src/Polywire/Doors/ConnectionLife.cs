namespace Polywire.Doors;

/// <summary>The life of one connection: its stage, what waits for the next one, and the token that fires when it closes.</summary>
/// <remarks>
/// Safe to use concurrently. The object itself is the lock, for what else has to change together with the stage too: the runs and the rooms of
/// the connection.
/// </remarks>
internal sealed class ConnectionLife
{
    private const int NoneIsCounted = -1;

    private volatile LifeStage _stage;

    // Beside the stage, because it outlives the stage Open, which a connection may also never have reached.
    private volatile bool _isWelcomed;

    // Beside the stage, because whoever ends a connection without a wait also ends the wait of those before.
    private bool _isHurried;

    // Beside the stage, because the goodbye does not wait for ever for middleware and stores.
    private bool _hasLeft;
    private int _middleware;
    private CancellationTokenSource? _closing;
    private TaskCompletionSource? _left;
    private TaskCompletionSource? _idle;
    private Task? _end;
    private CloseWords? _words;

    /// <summary>Where the connection is now.</summary>
    public LifeStage Stage => _stage;

    /// <summary>Whether the connection is closed for the application.</summary>
    public bool IsClosed => _stage >= LifeStage.Leaving;

    /// <summary>Whether the client was welcomed.</summary>
    public bool IsWelcomed => _isWelcomed;

    /// <summary>Fires when the connection leaves, for whatever reason; made when it is first asked for.</summary>
    public CancellationToken Closing
    {
        get
        {
            lock (this)
            {
                return IsClosed ? new CancellationToken(canceled: true) : (_closing ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>Whether anybody has asked for <see cref="Closing"/>.</summary>
    public bool HasToken => Volatile.Read(ref _closing) is not null;

    /// <summary>Why the application closes the connection; null where somebody else does, or it says nothing.</summary>
    public CloseWords? Words => Volatile.Read(ref _words);

    /// <summary>Notes why the application closes the connection, unless its end has begun.</summary>
    public void Say(CloseWords words)
    {
        lock (this)
        {
            if (_end is null && !IsClosed)
            {
                _words ??= words;
            }
        }
    }

    /// <summary>Moves on to the stage that follows.</summary>
    /// <returns>Whether this call did it.</returns>
    public bool TryMove(LifeEvent what)
    {
        lock (this)
        {
            return Move(what);
        }
    }

    /// <summary>Notes that the client was welcomed, though the end may have been decided on meanwhile.</summary>
    public void Welcome()
    {
        lock (this)
        {
            _isWelcomed = true;
            Move(LifeEvent.Welcome);
        }
    }

    /// <summary>Begins the end, once.</summary>
    /// <param name="isHurried">Whether nobody is to wait for what runs; this ends the wait of an earlier caller as well.</param>
    /// <param name="state">Given to <paramref name="end"/>.</param>
    /// <param name="end">Carries it out; called under the lock, so it returns at once.</param>
    /// <param name="words">Why the application closes it; the first caller's count.</param>
    /// <returns>Completes with what the first caller began.</returns>
    public Task End<T>(bool isHurried, T state, Func<T, Task> end, CloseWords? words = null)
    {
        TaskCompletionSource? idle = null;
        Task ending;
        lock (this)
        {
            Move(LifeEvent.End);
            if (isHurried)
            {
                _isHurried = true;
                idle = _idle;
            }

            if (_end is null && !IsClosed)
            {
                _words = words;
            }

            ending = _end ??= end(state);
        }

        idle?.TrySetResult();
        return ending;
    }

    /// <summary>Tells that nothing runs any more.</summary>
    public void TellIdle() => Volatile.Read(ref _idle)?.TrySetResult();

    /// <summary>Waits until nothing runs, the time has passed or somebody is in a hurry.</summary>
    public async Task WhenIdleAsync(Connection connection, TimeSpan limit, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (connection.PendingActions > 0)
        {
            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (this)
            {
                if (_isHurried)
                {
                    return;
                }

                // A full fence, since runs are counted without a lock: else the last one could end unseen between this and the look at the count.
                Interlocked.Exchange(ref _idle, idle);
            }

            var left = limit - time.GetElapsedTime(started);
            if (connection.PendingActions == 0 || left <= TimeSpan.Zero)
            {
                return;
            }

            try
            {
                await idle.Task.WaitAsync(left, time);
            }
            catch (TimeoutException)
            {
                return;
            }
        }
    }

    /// <summary>Completes when the connection has left its rooms and the registry.</summary>
    public Task WhenLeft()
    {
        lock (this)
        {
            return _hasLeft
                ? Task.CompletedTask
                : (_left ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Tells that the connection has left its rooms and the registry.</summary>
    public void TellLeft()
    {
        TaskCompletionSource? left;
        lock (this)
        {
            _hasLeft = true;
            left = _left;
        }

        left?.TrySetResult();
    }

    /// <summary>Counts one more middleware that has let the connection in.</summary>
    /// <param name="before">How many had before.</param>
    /// <returns>False where the connection has ended meanwhile, without that middleware hearing of it.</returns>
    public bool TryCountMiddleware(int before) => Interlocked.CompareExchange(ref _middleware, before + 1, before) == before;

    /// <summary>Ends the counting.</summary>
    /// <returns>How many middleware had let the connection in, and are to hear of its end.</returns>
    public int TakeMiddleware() => Math.Max(Interlocked.Exchange(ref _middleware, NoneIsCounted), 0);

    /// <summary>Fires <see cref="Closing"/>; the connection has begun to leave.</summary>
    /// <exception cref="AggregateException">What callbacks of the token threw.</exception>
    public void FireClosing() => Volatile.Read(ref _closing)?.Cancel();

    private bool Move(LifeEvent what)
    {
        if (!LifeTable.TryFollow(_stage, what, out var next))
        {
            return false;
        }

        _stage = next;
        return true;
    }
}
