using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>A member of a room that is connected to this node.</summary>
[Experimental("PWX0002")]
public sealed record LocalMember
{
    /// <summary>The member as it was noted, or is to be.</summary>
    public required RoomMember Member { get; init; }

    /// <summary>What <see cref="IRoomStore.JoinAsync"/> answered; <see langword="null"/> while it has not.</summary>
    public long? Generation { get; init; }
}
