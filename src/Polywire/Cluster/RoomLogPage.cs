using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>What was read of a room's log.</summary>
[Experimental("PWX0002")]
public sealed record RoomLogPage
{
    /// <summary>Where the log was at that moment.</summary>
    public required RoomLogState State { get; init; }

    /// <summary>The messages, in order and without holes.</summary>
    public required IReadOnlyList<RoomLogEntry> Entries { get; init; }
}
