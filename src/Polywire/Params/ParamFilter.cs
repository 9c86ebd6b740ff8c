using System.Collections.Frozen;

namespace Polywire.Params;

/// <summary>Names of params that are let through: inputs and the safe ones (core.md I-1, I-27).</summary>
internal sealed class ParamFilter
{
    /// <summary>The names that every action may receive, whatever its inputs (core.md I-1).</summary>
    public static readonly IReadOnlyList<string> SafeNames = ["file", "apiVersion", "callback", "action", "messageId"];

    private readonly FrozenSet<string> _names;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public ParamFilter(IEnumerable<string> inputs, IEnumerable<string> safeNames)
    {
        _names = inputs.Concat(SafeNames).Concat(safeNames).ToFrozenSet(StringComparer.Ordinal);
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public bool Allows(string name) => _names.Contains(name);

    public bool Allows(ReadOnlySpan<char> name) => _lookup.Contains(name);
}
