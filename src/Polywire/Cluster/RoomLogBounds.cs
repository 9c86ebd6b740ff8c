using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>How much of a room's history is kept: upper bounds, all at once.</summary>
[Experimental("PWX0002")]
public sealed record RoomLogBounds
{
    /// <summary>The most messages that are kept. 0 keeps and numbers none: only ids are noted, and positions have neither epoch nor offset.</summary>
    public required int Count { get; init; }

    /// <summary>How long a message is given out. An empty history still has its position.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>How long an id is known, counted from the first message with it; 2 minutes by default.</summary>
    public TimeSpan DedupeWindow { get; init; } = TimeSpan.FromMinutes(2);
}
