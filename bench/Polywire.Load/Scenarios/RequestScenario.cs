using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>How many requests the server answers, and how fast.</summary>
internal static class RequestScenario
{
    public static async Task<IReadOnlyList<Report>> RunAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        await using var group = await RequestGroup.OpenAsync(options.ConnectionsOr(50), options, target, deadline);
        if (group.Tally.Failed)
        {
            return [new Report("request").Add("server", target.ToString()).Add("connections", group.Count).AddTally(group.Tally)];
        }

        group.Start();
        await Task.Delay(options.Warmup, deadline);

        var cpu = new CpuMeter(target.Pid);
        var phase = group.Recorder.Begin("measured");
        var (bytesIn, bytesOut) = (group.BytesIn, group.BytesOut);
        await Task.Delay(options.Duration, deadline);
        phase.End();
        cpu.End();
        (bytesIn, bytesOut) = (group.BytesIn - bytesIn, group.BytesOut - bytesOut);
        await group.DrainAsync(options.Timeout);

        var report = new Report("request")
            .Add("server", target.ToString())
            .Add("connections", group.Count)
            .Add("depth", options.Depth)
            .Add("rate", options.Rate > 0 ? options.Rate : null)
            .Add("seconds", phase.Seconds)
            .Add("answers", phase.Answers)
            .Add("rps", phase.PerSecond)
            .AddLatency(phase.Latency)
            .Add("bytes_in", bytesIn)
            .Add("bytes_out", bytesOut);
        if (group.Lag is { } lag)
        {
            report.Add("lag_p99_us", lag.Quantile(0.99) / 1000.0);
        }

        cpu.AddTo(report, phase.Answers);
        report.AddTally(group.Tally);
        report.Failed |= phase.Answers == 0;
        return [report];
    }
}
