using Polywire.Load.Measuring;
using Polywire.Load.Scenarios;
using Polywire.Load.Wire;

namespace Polywire.Load;

/// <summary>Runs a scenario against two servers in turn and gives the ratios within each round.</summary>
/// <remarks>
/// A round is a run against each, the one that goes first changing from round to round, so that what else happens on the
/// machine meets both. A round before the first warms both servers and is not counted.
/// </remarks>
internal static class Comparison
{
    public static async Task<int> RunAsync(
        ScenarioRun scenario, LoadOptions options, Func<IReadOnlyList<Report>, int> print, CancellationToken deadline)
    {
        Target[] targets = [options.Target, options.Against!];
        var ratios = new Dictionary<(string? Phase, string Name), List<double>>();
        var failed = 0;
        for (var round = 0; round <= options.Rounds; round++)
        {
            var results = new IReadOnlyList<Report>[2];
            foreach (var turn in round % 2 == 0 ? new[] { 0, 1 } : [1, 0])
            {
                results[turn] = await scenario(options, targets[turn], deadline);
            }

            if (round > 0)
            {
                failed |= print(results[0]) | print(results[1]);
                Collect(ratios, results[0], results[1]);
            }
        }

        return failed | print([.. ratios.GroupBy(pair => pair.Key.Phase).Select(group => Describe(options, group.Key, group))]);
    }

    private static void Collect(
        Dictionary<(string? Phase, string Name), List<double>> ratios, IReadOnlyList<Report> one, IReadOnlyList<Report> other)
    {
        foreach (var report in one)
        {
            var theirs = other.FirstOrDefault(r => r.Phase == report.Phase)?.Numbers.ToDictionary() ?? [];
            foreach (var (name, value) in report.Numbers)
            {
                if (IsCompared(name) && theirs.GetValueOrDefault(name) is var against and > 0)
                {
                    if (!ratios.TryGetValue((report.Phase, name), out var list))
                    {
                        ratios[(report.Phase, name)] = list = [];
                    }

                    list.Add(value / against);
                }
            }
        }
    }

    private static bool IsCompared(string name) =>
        name is "rps" or "connections_per_s" or "bytes_each_slope" || (name.EndsWith("_us", StringComparison.Ordinal) && !name.StartsWith("lag", StringComparison.Ordinal));

    private static Report Describe(
        LoadOptions options, string? phase, IEnumerable<KeyValuePair<(string? Phase, string Name), List<double>>> ratios)
    {
        var report = new Report(options.Command + " ratio", phase)
            .Add("one", options.Target.ToString())
            .Add("other", options.Against!.ToString())
            .Add("rounds", options.Rounds);
        foreach (var (key, values) in ratios)
        {
            values.Sort();
            report.Add(key.Name, Median(values))
                .Add(key.Name + "_min", values[0])
                .Add(key.Name + "_max", values[^1]);
        }

        return report;
    }

    private static double Median(List<double> sorted) =>
        (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
