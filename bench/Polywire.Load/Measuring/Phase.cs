namespace Polywire.Load.Measuring;

/// <summary>One measured stretch of a run. Begins when made.</summary>
internal sealed class Phase(string name)
{
    private readonly long _from = Clock.Now;
    private long _to = long.MaxValue;
    private long _answers;

    public string Name { get; } = name;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Answers that arrived within the phase, whenever they were asked for.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Answers in a second. Only after <see cref="End"/>.</summary>
    public double PerSecond => Answers / Seconds;

    /// <summary>Only after <see cref="End"/>.</summary>
    public double Seconds => (_to - _from) / (double)Clock.Second;

    public void End() => Volatile.Write(ref _to, Clock.Now);

    public bool Covers(long time) => time >= _from && time < Volatile.Read(ref _to);

    public void CountAnswer() => Interlocked.Increment(ref _answers);
}
