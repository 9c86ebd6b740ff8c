using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>A message from another node.</summary>
[Experimental("PWX0002")]
public readonly record struct BackplaneMessage
{
    /// <summary>The <see cref="NodeIdentity.Incarnation"/> of the node that published it.</summary>
    public required string Node { get; init; }

    /// <summary>What it is. Types that a node does not know are passed over.</summary>
    public required string Type { get; init; }

    /// <summary>JSON in UTF-8; valid for as long as it is held.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
