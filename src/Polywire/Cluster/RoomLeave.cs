using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Who leaves one room.</summary>
[Experimental("PWX0002")]
public sealed record RoomLeave
{
    /// <summary>The room.</summary>
    public required string Room { get; init; }

    /// <summary>The ids of those who leave; may be empty.</summary>
    public required IReadOnlyList<string> Members { get; init; }
}
