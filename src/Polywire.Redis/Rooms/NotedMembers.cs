using System.Collections.Concurrent;

namespace Polywire.Redis.Rooms;

/// <summary>
/// Which members of this node may have an entry in Redis, those included of which it is in doubt. So a room is struck off the list that sweepers go by no sooner
/// than its last entry (cluster.md NO-21).
/// </summary>
/// <remarks>What belongs to a room is read and changed in the room's turn only.</remarks>
internal sealed class NotedMembers
{
    private readonly ConcurrentDictionary<string, HashSet<string>> _rooms = new(StringComparer.Ordinal);

    /// <summary>The rooms with such members; a copy, at any time.</summary>
    public ICollection<string> Rooms => _rooms.Keys;

    /// <summary>The members of a room; a copy.</summary>
    public IReadOnlyList<string> Of(string room) => _rooms.TryGetValue(room, out var members) ? [.. members] : [];

    /// <summary>Notes those whose entries are about to be written.</summary>
    public void Add(string room, IEnumerable<string> members) => _rooms.GetOrAdd(room, static _ => new HashSet<string>(StringComparer.Ordinal)).UnionWith(members);

    /// <summary>Whether nobody would be left without these.</summary>
    public bool IsEmptyWithout(string room, IReadOnlyList<string> members) =>
        !_rooms.TryGetValue(room, out var all) || all.Count == members.Distinct(StringComparer.Ordinal).Count(all.Contains);

    /// <summary>Forgets those whose entries are gone.</summary>
    public void Remove(string room, IEnumerable<string> members)
    {
        if (_rooms.TryGetValue(room, out var all))
        {
            all.ExceptWith(members);
            if (all.Count == 0)
            {
                _rooms.TryRemove(room, out _);
            }
        }
    }

    /// <summary>Forgets all of a room, which is no more.</summary>
    public void Clear(string room) => _rooms.TryRemove(room, out _);
}
