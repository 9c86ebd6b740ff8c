namespace Polywire.Load.Measuring;

/// <summary>What went wrong in a run. Safe from any thread.</summary>
internal sealed class Tally
{
    private long _errors;
    private long _refused;
    private long _unexpected;
    private long _closed;
    private long _lost;
    private string? _first;

    /// <summary>Answers with an <c>error</c>, those of <see cref="Refused"/> left out.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Answers that say there are too many requests at once.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Lines that answer nothing that was asked, or answer it again.</summary>
    public long Unexpected => Interlocked.Read(ref _unexpected);

    /// <summary>Connections that could not be opened, or that the server ended too early.</summary>
    public long Closed => Interlocked.Read(ref _closed);

    /// <summary>Answers or messages that had not come within the time-out.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>The first thing that went wrong, in words; null where all went well.</summary>
    public string? First => Volatile.Read(ref _first);

    /// <summary>Whether anything but a refusal went wrong.</summary>
    public bool Failed => Errors + Unexpected + Closed + Lost > 0;

    public void Error(string what) => Count(ref _errors, 1, what);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Surprise(string what) => Count(ref _unexpected, 1, what);

    public void Close(string what) => Count(ref _closed, 1, what);

    public void Lose(long count, string what)
    {
        if (count > 0)
        {
            Count(ref _lost, count, what);
        }
    }

    private void Count(ref long counter, long by, string what)
    {
        Interlocked.Add(ref counter, by);
        Interlocked.CompareExchange(ref _first, what, null);
    }
}
