namespace Polywire.Sockhop.Peer;

/// <summary>Ticks as often as it is told to.</summary>
internal sealed class PingTimer : IDisposable
{
    private readonly ITimer _timer;
    private TimeSpan _interval;

    public PingTimer(TimeProvider time, Action tick)
    {
        _timer = time.CreateGuardedTimer(static tick => tick(), tick, Timeout.InfiniteTimeSpan);
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
}
