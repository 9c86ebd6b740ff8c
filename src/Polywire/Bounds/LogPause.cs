namespace Polywire.Bounds;

/// <summary>Lets one of many log lines through in a while, so that a peer cannot fill the log. Safe to use concurrently.</summary>
/// <param name="time">The clock.</param>
/// <param name="pause">How long the others are held back.</param>
internal sealed class LogPause(TimeProvider time, TimeSpan pause)
{
    private readonly long _pause = (long)(pause.TotalSeconds * time.TimestampFrequency);
    private long _next = long.MinValue;

    /// <summary>Whether this line is the one.</summary>
    public bool IsOver()
    {
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _next);
        return now >= next && Interlocked.CompareExchange(ref _next, now + _pause, next) == next;
    }
}
