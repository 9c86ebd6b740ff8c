using System.Diagnostics.CodeAnalysis;

namespace Polywire.Params;

/// <summary>Where a value stands among the bytes of a <see cref="ParamSet"/>.</summary>
/// <param name="start">Where the value begins, in bytes.</param>
/// <param name="length">The length of the value in bytes.</param>
/// <param name="kind">What the bytes are.</param>
[Experimental("PWX0001")]
public readonly struct ParamRange(int start, int length, ParamKind kind)
{
    /// <summary>Where the value begins, in bytes.</summary>
    public int Start { get; } = start;

    /// <summary>The length of the value in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>What the bytes are.</summary>
    public ParamKind Kind { get; } = kind;
}
