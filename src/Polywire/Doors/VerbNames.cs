using System.Collections.Frozen;

namespace Polywire.Doors;

/// <summary>The names of the verbs of connections; no action may have one (core.md A-2).</summary>
internal static class VerbNames
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        [
            "quit", "exit", "documentation", "paramAdd", "paramDelete", "paramView", "paramsView", "paramsDelete",
            "roomAdd", "roomLeave", "roomView", "detailsView", "say", "file",
        ],
        StringComparer.Ordinal);

    public static IEnumerable<string> Reserved => Names.Order(StringComparer.Ordinal);

    public static bool IsReserved(string name) => Names.Contains(name);
}
