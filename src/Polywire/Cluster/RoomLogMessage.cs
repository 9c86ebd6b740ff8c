using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>A message that is appended to a room's log.</summary>
[Experimental("PWX0002")]
public sealed record RoomLogMessage
{
    /// <summary>The message as JSON in UTF-8, without its offset; not changed any more.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The id that its speaker chose; <see langword="null"/> for none.</summary>
    public RoomLogId? Id { get; init; }
}
