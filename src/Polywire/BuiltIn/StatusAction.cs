using System.Reflection;
using Microsoft.Extensions.Options;

namespace Polywire.BuiltIn;

/// <summary>Tells how the node is: its name, version, uptime, memory and problems, who else is in its cluster, and what both have served.</summary>
[Action("status")]
internal sealed class StatusAction(
    NodeIdentity node, IOptions<PolywireOptions> options, NodeHealth health, IRoomStore store, RequestCounters counters, IConnections connections)
    : IAction<StatusAction.Output>
{
    private static readonly string PolywireVersion =
        typeof(StatusAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    // ActionheroVersion: the same under its old name, for dashboards that look for it.
    public sealed record Output(
        string NodeStatus,
        IReadOnlyList<string> Problems,
        string Id,
        string ActionheroVersion,
        string PolywireVersion,
        long Uptime,
        string Name,
        string Description,
        string Version,
        double ConsumedMemoryMB,
        double ThreadPoolDelay,
        int ResqueTotalQueueLength,
        IReadOnlyList<string> Peers,
        StatusCounts Stats);

    public async ValueTask<Output> RunAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var report = await health.CheckAsync();
        return new Output(
            report.Problems.Count == 0 ? "Node Healthy" : "Node Unhealthy",
            report.Problems,
            node.Id,
            PolywireVersion,
            PolywireVersion,
            report.UptimeMilliseconds,
            options.Value.ServerName,
            options.Value.ServerName,
            options.Value.ApiVersion,
            report.MemoryMegabytes,
            report.ThreadPoolDelayMilliseconds,
            0,
            store.Nodes,
            StatusCounts.Of(counters, connections));
    }
}
