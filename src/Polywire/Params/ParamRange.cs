using System.Diagnostics.CodeAnalysis;

namespace Polywire.Params;

/// <summary>Where a value stands among the bytes of a <see cref="ParamSet"/>.</summary>
/// <param name="start">Start</param>
/// <param name="length">Length</param>
/// <param name="kind">Kind</param>
[Experimental("PWX0001")]
public readonly struct ParamRange(int start, int length, ParamKind kind)
{
    /// <summary>Start</summary>
    public int Start { get; } = start;

    /// <summary>Length</summary>
    public int Length { get; } = length;

    /// <summary>Kind</summary>
    public ParamKind Kind { get; } = kind;
}
