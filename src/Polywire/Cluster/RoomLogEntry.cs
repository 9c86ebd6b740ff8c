using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>A message in a room's log.</summary>
[Experimental("PWX0002")]
public readonly record struct RoomLogEntry
{
    /// <summary>Its number within the epoch.</summary>
    public required long Offset { get; init; }

    /// <summary>The bytes that were appended.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The id that its speaker chose; <see langword="null"/> for none.</summary>
    public string? Id { get; init; }
}
