using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>What became of an append.</summary>
[Experimental("PWX0002")]
public readonly record struct AppendOutcome
{
    /// <summary>What became of it.</summary>
    public required AppendResult Result { get; init; }

    /// <summary>The message's position: for a duplicate that of the first, for what was refused the default.</summary>
    public RoomPosition Position { get; init; }
}
