using Polywire.Load.Measuring;

namespace Polywire.Load.Wire;

/// <summary>Calls back at a fixed rate, each time with the moment that was due, however late it is by then.</summary>
/// <remarks>Runs on a thread of its own until disposed. The callback must not block.</remarks>
internal sealed class Pacer : IAsyncDisposable
{
    private static readonly long LongestSleep = 50 * Clock.Millisecond;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly double _interval;
    private readonly Action<long> _due;
    private volatile bool _stop;

    /// <summary>Starts at once.</summary>
    /// <param name="perSecond">Calls in a second.</param>
    /// <param name="due">Gets the intended time in nanoseconds of <see cref="Clock"/>.</param>
    public Pacer(double perSecond, Action<long> due)
    {
        _interval = Clock.Second / perSecond;
        _due = due;
        new Thread(Run) { IsBackground = true, Name = "pacer" }.Start();
    }

    /// <summary>How late the calls were: this program's own part in the latencies.</summary>
    public LatencyHistogram Lag { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _stop = true;
        await _ended.Task;
    }

    private void Run()
    {
        Clock.SharpenThisThread();
        try
        {
            var start = Clock.Now;
            for (long i = 0; !_stop; i++)
            {
                var next = start + (long)(i * _interval);
                for (var now = Clock.Now; now < next && !_stop; now = Clock.Now)
                {
                    Clock.Sleep(Math.Min(next - now, LongestSleep));
                }

                if (_stop)
                {
                    break;
                }

                Lag.Add(Clock.Now - next);
                _due(next);
            }

            _ended.TrySetResult();
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }
    }
}
