using System.Diagnostics.CodeAnalysis;

namespace Polywire.Files;

/// <summary>A client's request for a file.</summary>
/// <param name="name">The name; null where nothing was asked for, or no text.</param>
/// <param name="isGiven">Whether anything was asked for.</param>
/// <param name="asBase64">Whether the bytes are to be encoded, where the protocol has text alone.</param>
[Experimental("PWX0001")]
public readonly struct FileRequest(string? name, bool isGiven, bool asBase64 = false)
{
    /// <summary>The name; null where nothing was asked for, or no text.</summary>
    public string? Name { get; } = name;

    /// <summary>Whether anything was asked for.</summary>
    public bool IsGiven { get; } = isGiven;

    /// <summary>Whether the bytes are to be encoded, where the protocol has text alone.</summary>
    public bool AsBase64 { get; } = asBase64;
}
