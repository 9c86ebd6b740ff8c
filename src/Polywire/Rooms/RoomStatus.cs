namespace Polywire;

/// <summary>Who is in a room, across the cluster.</summary>
/// <param name="Room">The room.</param>
/// <param name="Members">By connection id.</param>
/// <param name="MembersCount">How many.</param>
public sealed record RoomStatus(string Room, IReadOnlyDictionary<string, RoomMember> Members, int MembersCount);
