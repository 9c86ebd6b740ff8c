namespace Polywire.Load.Measuring;

/// <summary>Samples the server's resident memory until disposed, to find its peak.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly int _pid;
    private readonly Task _sampling;
    private long _peak;

    public MemoryWatch(int pid)
    {
        _pid = pid;
        _sampling = SampleAsync();
    }

    /// <summary>The largest sample in bytes; null without a pid.</summary>
    public long? Peak => _pid == 0 ? null : Interlocked.Read(ref _peak);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            var now = ServerProcess.ReadRss(_pid) ?? 0;
            Interlocked.Exchange(ref _peak, Math.Max(_peak, now));
        }
        while (await NextAsync(timer));
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
