namespace Polywire;

/// <summary>Who is in a room, across the cluster.</summary>
public sealed record RoomStatus
{
    /// <summary>The room's name.</summary>
    public required string Room { get; init; }

    /// <summary>The members by connection id.</summary>
    public required IReadOnlyDictionary<string, RoomMember> Members { get; init; }

    /// <summary>The number of members.</summary>
    public required int MembersCount { get; init; }
}
