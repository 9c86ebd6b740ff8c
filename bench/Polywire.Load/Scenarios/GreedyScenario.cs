using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>Whether a connection that pipelines as deep as it can takes the server away from those that do not.</summary>
/// <remarks>Three phases on the same polite connections: alone, beside the greedy one, alone again (which shows drift).</remarks>
internal static class GreedyScenario
{
    public static async Task<IReadOnlyList<Report>> RunAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        var polite = options with { Depth = 1 };
        await using var group = await RequestGroup.OpenAsync(options.ConnectionsOr(20), polite, target, deadline);
        group.Start();

        var alone = await MeasureAsync(group, "alone", null, options, target, deadline);
        Report beside;
        var tally = new Tally();
        await using (var greedy = await GreedyAsync(options, target, tally, deadline))
        {
            greedy.Connection.Run();
            beside = await MeasureAsync(group, "beside greedy", greedy.Recorder, options, target, deadline);
            await greedy.Connection.DrainAsync(options.Timeout);
        }

        var after = await MeasureAsync(group, "alone again", null, options, target, deadline);
        await group.DrainAsync(options.Timeout);

        // Refusing some of a flood is the server's right; losing or breaking an answer is not.
        var verdict = new Report("greedy", "greedy connection").Add("server", target.ToString()).AddTally(tally, refusalsAreFailures: false);
        var total = new Report("greedy", "polite connections").Add("server", target.ToString()).AddTally(group.Tally);
        return [alone, beside, after, Ratio(alone, beside), verdict, total];
    }

    private static async Task<Greedy> GreedyAsync(LoadOptions options, Target target, Tally tally, CancellationToken deadline)
    {
        var recorder = new Recorder();
        var line = await ClientConnection.OpenAsync(target, options.Timeout, deadline, 1 << 16);
        return new Greedy(new RequestConnection(line, options.Request(target), options.GreedyDepth, recorder, tally), recorder);
    }

    private static async Task<Report> MeasureAsync(
        RequestGroup group, string name, Recorder? greedy, LoadOptions options, Target target, CancellationToken deadline)
    {
        await Task.Delay(options.Warmup, deadline);
        var cpu = new CpuMeter(target.Pid);
        var phase = group.Recorder.Begin(name);
        var greedyPhase = greedy?.Begin(name);
        await Task.Delay(options.Duration, deadline);
        phase.End();
        greedyPhase?.End();
        cpu.End();

        var report = new Report("greedy", name)
            .Add("server", target.ToString())
            .Add("polite", group.Count)
            .Add("greedy_depth", greedy is null ? 0 : options.GreedyDepth)
            .Add("rps", phase.PerSecond)
            .Add("greedy_rps", greedyPhase?.PerSecond ?? 0)
            .AddLatency(phase.Latency);
        cpu.AddTo(report, phase.Answers + (greedyPhase?.Answers ?? 0));
        report.Failed = phase.Answers == 0;
        return report;
    }

    private static Report Ratio(Report alone, Report beside)
    {
        var before = alone.Numbers.ToDictionary();
        var report = new Report("greedy", "beside / alone");
        foreach (var (name, value) in beside.Numbers)
        {
            if ((name is "rps" or "p50_us" or "p90_us" or "p99_us" or "p999_us") && before.GetValueOrDefault(name) is var was and > 0)
            {
                report.Add(name, value / was);
            }
        }

        return report;
    }

    private sealed record Greedy(RequestConnection Connection, Recorder Recorder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
