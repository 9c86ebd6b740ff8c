using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Where a room's log is.</summary>
[Experimental("PWX0002")]
public sealed record RoomLogState
{
    /// <summary>The position of the newest message; offset 0 where none has been said.</summary>
    public required RoomPosition Top { get; init; }

    /// <summary>The oldest offset that is given out; the top's plus 1 where none is.</summary>
    public required long First { get; init; }
}
