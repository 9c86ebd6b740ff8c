using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>What a listener of a room's log is told.</summary>
[Experimental("PWX0002")]
public readonly record struct RoomLogEvent
{
    /// <summary>The epoch of the message; where the history ended, that of the history.</summary>
    public required string Epoch { get; init; }

    /// <summary>The message; its offset is 0 where the history ended.</summary>
    public required RoomLogEntry Entry { get; init; }

    /// <summary>Whether the history has ended: the room is destroyed.</summary>
    public bool IsEnd => Entry.Offset == 0;
}
