namespace Polywire.Redis.Rooms;

/// <summary>
/// Which members of this node may have an entry in Redis, those included of which it is in doubt. So a room is struck off the list that sweepers go by no sooner
/// than its last entry (cluster.md NO-21). Safe to use concurrently.
/// </summary>
/// <remarks>A member is noted in a turn of joins, and forgotten in one of leaves, when its leaving was answered.</remarks>
internal sealed class NotedMembers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<string>> _rooms = new(StringComparer.Ordinal);

    /// <summary>The rooms with such members; a copy.</summary>
    public IReadOnlyList<string> Rooms
    {
        get
        {
            lock (_gate)
            {
                return [.. _rooms.Keys];
            }
        }
    }

    /// <summary>The members of a room; a copy.</summary>
    public IReadOnlyList<string> Of(string room)
    {
        lock (_gate)
        {
            return _rooms.TryGetValue(room, out var members) ? [.. members] : [];
        }
    }

    /// <summary>Notes one whose entry is about to be written.</summary>
    public void Add(string room, string member) => Add(room, [member]);

    /// <inheritdoc cref="Add(string, string)"/>
    public void Add(string room, ReadOnlySpan<string> members)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(room, out var all))
            {
                all = new HashSet<string>(StringComparer.Ordinal);
                _rooms.Add(room, all);
            }

            foreach (var member in members)
            {
                all.Add(member);
            }
        }
    }

    /// <summary>Whether nobody would be left without these.</summary>
    public bool IsEmptyWithout(string room, IReadOnlyList<string> members)
    {
        lock (_gate)
        {
            return !_rooms.TryGetValue(room, out var all)
                || (all.Count <= members.Count && all.Count == members.Distinct(StringComparer.Ordinal).Count(all.Contains));
        }
    }

    /// <summary>Forgets those whose entries are gone.</summary>
    public void Remove(string room, IEnumerable<string> members)
    {
        lock (_gate)
        {
            if (_rooms.TryGetValue(room, out var all))
            {
                all.ExceptWith(members);
                if (all.Count == 0)
                {
                    _rooms.Remove(room);
                }
            }
        }
    }
}
