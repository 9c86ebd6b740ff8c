using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>The answer of one node: a result or an error.</summary>
[Experimental("PWX0002")]
public sealed record BackplaneAnswer
{
    /// <summary>The <see cref="NodeIdentity.Id"/> of the node.</summary>
    public required string Node { get; init; }

    /// <summary>One JSON value in UTF-8; empty where there is an error.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>Why not, in the words that the client is to read; <see langword="null"/> where there is a result.</summary>
    public string? Error { get; init; }
}
