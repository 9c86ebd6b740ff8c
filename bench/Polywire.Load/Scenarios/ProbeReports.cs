using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>What a probe saw, a report for each phase; the last one carries the probe's own errors.</summary>
internal static class ProbeReports
{
    public static IEnumerable<Report> Of(string scenario, Probe probe)
    {
        foreach (var phase in probe.Phases)
        {
            yield return new Report(scenario, "probe " + phase.Name)
                .Add("seconds", phase.Seconds)
                .Add("answers", phase.Answers)
                .AddLatency(phase.Latency);
        }

        yield return new Report(scenario, "probe")
            .Add("lag_p99_us", probe.Lag.Quantile(0.99) / 1000.0)
            .AddTally(probe.Tally);
    }
}
