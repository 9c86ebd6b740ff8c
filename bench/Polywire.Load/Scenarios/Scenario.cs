using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>Runs against one server and gives one report for each result.</summary>
internal delegate Task<IReadOnlyList<Report>> ScenarioRun(LoadOptions options, Target target, CancellationToken deadline);

/// <summary>The scenarios by command.</summary>
internal static class Scenario
{
    public static ScenarioRun? Find(string command) => command switch
    {
        "request" => RequestScenario.RunAsync,
        "greedy" => GreedyScenario.RunAsync,
        "fanout" => FanoutScenario.RunAsync,
        "idle" => IdleScenario.RunAsync,
        "churn" => ChurnScenario.RunAsync,
        "flood" => FloodScenario.RunAsync,
        "spoil" => SpoilScenario.RunAsync,
        _ => null,
    };
}
