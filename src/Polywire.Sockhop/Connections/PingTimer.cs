namespace Polywire.Sockhop.Connections;

/// <summary>Ticks as often as it is told to.</summary>
internal sealed class PingTimer : IDisposable
{
    private readonly ITimer _timer;
    private TimeSpan _interval;

    public PingTimer(TimeProvider time, Action tick)
    {
        _timer = time.CreateTimer(static tick => Run((Action)tick!), tick, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Zero: never.</summary>
    public TimeSpan Interval
    {
        get => _interval;
        set
        {
            OptionsCheck.NotNegative(value, nameof(SockhopOptions.PingInterval));
            _interval = value;
            var period = value == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : value;
            _timer.Change(period, period);
        }
    }

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private static void Run(Action tick)
    {
        try
        {
            tick();
        }
        catch
        {
            // The clock or a listener to the meter is the application's. The next tick tries again; nobody stands behind this thread.
        }
    }
}
