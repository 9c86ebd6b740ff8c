using Polywire.TestSupport.Contracts;

namespace Polywire.Redis.Tests.Rooms;

/// <summary>The members of a node, with something done when the store asks for them.</summary>
internal sealed class ObservedLocalRooms(FakeLocalRooms inner) : ILocalRooms
{
    public Action<string> OnMembersOf { get; set; } = static _ => { };

    public Func<string, Task> OnRoomGone { get; set; } = static _ => Task.CompletedTask;

    public IReadOnlyCollection<string> StartingRooms => inner.StartingRooms;

    public IReadOnlyCollection<string> Rooms => inner.Rooms;

    public IReadOnlyList<LocalMember> MembersOf(string room)
    {
        OnMembersOf(room);
        return inner.MembersOf(room);
    }

    public void Announced(string room, IReadOnlyList<string> members, long generation) => inner.Announced(room, members, generation);

    public async ValueTask RoomGoneAsync(string room, long generation, CancellationToken cancellationToken)
    {
        await inner.RoomGoneAsync(room, generation, cancellationToken);
        await OnRoomGone(room);
    }
}
