using System.Collections.Concurrent;

namespace Polywire.TestSupport.Contracts;

/// <summary>The members of a node that consists of nothing else. Safe to use concurrently.</summary>
public sealed class FakeLocalRooms : ILocalRooms
{
    private readonly ConcurrentDictionary<(string Room, string Id), LocalMember> _members = new();

    /// <inheritdoc/>
    public IReadOnlyCollection<string> StartingRooms { get; init; } = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Rooms => [.. _members.Keys.Select(key => key.Room).Distinct()];

    /// <summary>The rooms that were told to be gone, with their generations.</summary>
    public ConcurrentQueue<(string Room, long Generation)> Gone { get; } = new();

    /// <summary>Notes a member, or its generation.</summary>
    public void Add(string room, RoomMember member, long? generation) =>
        _members[(room, member.Id)] = new LocalMember { Member = member, Generation = generation };

    /// <summary>Forgets a member.</summary>
    public void Remove(string room, string id) => _members.TryRemove((room, id), out _);

    /// <summary>What is known of a member; null where there is none.</summary>
    public LocalMember? Find(string room, string id) => _members.GetValueOrDefault((room, id));

    /// <inheritdoc/>
    public IReadOnlyList<LocalMember> MembersOf(string room) => [.. _members.Where(member => member.Key.Room == room).Select(member => member.Value)];

    /// <inheritdoc/>
    public void Announced(string room, IReadOnlyList<string> members, long generation)
    {
        foreach (var id in members)
        {
            if (_members.TryGetValue((room, id), out var member))
            {
                // Not if it has left meanwhile.
                _members.TryUpdate((room, id), member with { Generation = generation }, member);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask RoomGoneAsync(string room, long generation, CancellationToken cancellationToken)
    {
        Gone.Enqueue((room, generation));
        foreach (var member in MembersOf(room).Where(member => member.Generation < generation))
        {
            Remove(room, member.Member.Id);
        }

        return default;
    }
}
