namespace Polywire.Load.Measuring;

/// <summary>Sorts answers into the phases of a run: the latency by when the request was due, the count by when the answer came.</summary>
/// <remarks>Answers outside every phase (warm-up, settling) are dropped. Safe from any thread.</remarks>
internal sealed class Recorder
{
    private Phase[] _phases = [];

    /// <summary>Starts a phase; the one before it must have ended.</summary>
    public Phase Begin(string name)
    {
        var phase = new Phase(name);
        _phases = [.. _phases, phase];
        return phase;
    }

    public void Answer(long startedAt, long now)
    {
        var phases = Volatile.Read(ref _phases);
        for (var i = phases.Length - 1; i >= 0; i--)
        {
            if (phases[i].Covers(startedAt))
            {
                phases[i].Latency.Add(now - startedAt);
            }

            if (phases[i].Covers(now))
            {
                phases[i].CountAnswer();
            }
        }
    }
}
