namespace Polywire;

/// <summary>The members of one room that are connected to this node.</summary>
/// <remarks>Joining and leaving take constant time; a broadcast walks an array that is made again only after the members changed.</remarks>
internal sealed class RoomMembers
{
    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _members = [];
    private Connection[]? _snapshot = [];

    public bool Add(Connection connection)
    {
        lock (_gate)
        {
            _snapshot = null;
            return _members.Add(connection);
        }
    }

    public bool Remove(Connection connection)
    {
        lock (_gate)
        {
            _snapshot = null;
            return _members.Remove(connection);
        }
    }

    public Connection[] Snapshot()
    {
        lock (_gate)
        {
            return _snapshot ??= [.. _members];
        }
    }
}
