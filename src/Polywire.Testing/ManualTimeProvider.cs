namespace Polywire.Testing;

/// <summary>A clock that stands still until a test moves it, and whose timers fire as it moves.</summary>
/// <remarks>
/// <para>
/// Starts at <see cref="DefaultStart"/> unless told otherwise. <see cref="TimeProvider.LocalTimeZone"/> is UTC, and a timestamp is a
/// count of ticks of 100 ns that moves with the clock.
/// </para>
/// <para>
/// Timers made by <see cref="CreateTimer"/>, and with them <c>Task.Delay</c>, <c>PeriodicTimer</c> and <c>CancelAfter</c> on this
/// provider, fire inside <see cref="Advance"/>: in the order they fall due (those of one instant in the order they were set), on the
/// advancing thread, under no lock, each seeing the instant it was due as the time of day. A periodic timer fires once for every period
/// passed. A timer set to zero fires with the next <see cref="Advance"/>, one by <see cref="TimeSpan.Zero"/> included; a callback that
/// sets its own timer to zero again and again therefore never lets <see cref="Advance"/> return.
/// </para>
/// <para>
/// Every member may be called by any thread, callbacks included. Where two threads advance at once, callbacks may run on both, and the
/// clock ends at the later of the two targets.
/// </para>
/// </remarks>
public sealed partial class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _pending = new(ManualTimer.ByDueTime);
    private DateTimeOffset _now;
    private long _lastSequence;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Makes a clock that shows <see cref="DefaultStart"/>.</summary>
    public ManualTimeProvider()
        : this(DefaultStart)
    {
    }

    /// <summary>Makes a clock that shows a given instant.</summary>
    /// <param name="start">The first instant; an offset other than zero is converted to UTC.</param>
    public ManualTimeProvider(DateTimeOffset start)
    {
        _now = start.ToUniversalTime();
    }

    /// <summary>The instant at which a clock starts by default: 1 January 2030, midnight UTC.</summary>
    public static DateTimeOffset DefaultStart { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>UTC, so that no test depends on the machine's zone.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Ten million a second: a timestamp counts ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are set and have not fired for the last time.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock forward and fires every timer that falls due on the way, the end included.</summary>
    /// <param name="delta">By how much; zero fires what is due now.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is negative.</exception>
    /// <remarks>An exception of a callback passes through; the clock then stands at the instant of that callback.</remarks>
    public void Advance(TimeSpan delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delta, TimeSpan.Zero);
        DateTimeOffset target;
        lock (_gate)
        {
            target = _now + delta;
        }

        MoveTo(target);
    }

    /// <summary>Moves the clock forward to an instant, as <see cref="Advance"/> does.</summary>
    /// <param name="value">The new time; an offset other than zero is converted to UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> lies before the present time.</exception>
    public void SetUtcNow(DateTimeOffset value)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, _now);
        }

        MoveTo(value.ToUniversalTime());
    }

    /// <summary>Makes a timer that fires when the clock is moved.</summary>
    /// <param name="callback">Runs on the thread that advances the clock, in the execution context of this call.</param>
    /// <param name="state">Handed to <paramref name="callback"/>.</param>
    /// <param name="dueTime">Time to the first call; <see cref="Timeout.InfiniteTimeSpan"/> for none yet.</param>
    /// <param name="period">Time between calls; zero or <see cref="Timeout.InfiniteTimeSpan"/> for a single call.</param>
    /// <returns>
    /// The timer. <see cref="ITimer.Change"/> answers false once it is disposed; disposing it does not wait for a callback that is
    /// running on another thread.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative and not infinite, or is longer than a timer can be.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until at least so many timers are set, so that a test advances only once the code it watches is waiting.</summary>
    /// <param name="count">How many timers to wait for.</param>
    /// <param name="timeout">How long to wait, in real time.</param>
    /// <exception cref="TimeoutException">There were fewer timers all the while.</exception>
    public async Task WaitForTimersAsync(int count, TimeSpan timeout)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task changed;
            int pending;
            lock (_gate)
            {
                pending = _pending.Count;
                changed = _changed.Task;
            }

            if (pending >= count)
            {
                return;
            }

            var left = timeout - TimeProvider.System.GetElapsedTime(started);
            try
            {
                await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"Only {pending} of {count} timers were set within {timeout}.");
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void MoveTo(DateTimeOffset target)
    {
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Takes the next timer due by <paramref name="target"/> and moves the clock to it, or to the target when there is none.</summary>
    private ManualTimer? TakeDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            var next = _pending.Min;
            var due = next is null ? long.MaxValue : next.Due;
            var instant = due > target.Ticks ? target : new DateTimeOffset(due, TimeSpan.Zero);
            // Never back: another thread, or a callback, may have moved the clock further already.
            _now = instant > _now ? instant : _now;
            if (next is null || due > target.Ticks)
            {
                return null;
            }

            _pending.Remove(next);
            if (next.Period > 0)
            {
                Enqueue(next, due + next.Period);
            }

            return next;
        }
    }

    /// <summary>Sets or stops a timer.</summary>
    private bool Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period, bool dispose = false)
    {
        lock (_gate)
        {
            if (timer.Disposed)
            {
                return false;
            }

            _pending.Remove(timer);
            timer.Disposed = dispose;
            timer.Period = period.Ticks;
            if (dueTime >= TimeSpan.Zero)
            {
                Enqueue(timer, _now.Ticks + dueTime.Ticks);
            }

            return true;
        }
    }

    private void Enqueue(ManualTimer timer, long due)
    {
        timer.Due = due;
        timer.Sequence = ++_lastSequence;
        _pending.Add(timer);
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }
}
