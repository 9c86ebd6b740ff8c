using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Polywire.Params;

/// <summary>Names of params that are let through: inputs and the safe ones (core.md I-1, I-27).</summary>
[Experimental("PWX0001")]
public sealed class ParamFilter
{
    /// <summary>The names that every action may receive, whatever its inputs (core.md I-1).</summary>
    public static readonly IReadOnlyList<string> SafeNames = ["file", "apiVersion", "callback", "action", "messageId"];

    private readonly FrozenSet<string> _names;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Makes a filter.</summary>
    /// <param name="inputs">Names of inputs.</param>
    /// <param name="safeNames">Names that are allowed besides.</param>
    public ParamFilter(IEnumerable<string> inputs, IEnumerable<string> safeNames)
    {
        _names = inputs.Concat(SafeNames).Concat(safeNames).ToFrozenSet(StringComparer.Ordinal);
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether a name is allowed.</summary>
    public bool Allows(string name) => _names.Contains(name);

    /// <inheritdoc cref="Allows(string)"/>
    public bool Allows(ReadOnlySpan<char> name) => _lookup.Contains(name);
}
