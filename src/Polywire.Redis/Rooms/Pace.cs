namespace Polywire.Redis.Rooms;

/// <summary>Holds back who goes through many entries, so that Redis has time for others. Safe to use concurrently.</summary>
/// <param name="perSecond">The most entries in a second.</param>
/// <param name="time">The clock.</param>
internal sealed class Pace(int perSecond, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _count;

    /// <summary>Waits until so many more are due.</summary>
    public Task WaitAsync(int entries, CancellationToken cancellationToken)
    {
        var due = TimeSpan.FromSeconds((double)Interlocked.Add(ref _count, entries) / perSecond) - time.GetElapsedTime(_started);
        return due > TimeSpan.Zero ? Task.Delay(due, time, cancellationToken) : Task.CompletedTask;
    }
}
