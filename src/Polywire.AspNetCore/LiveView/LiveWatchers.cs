using System.Collections.Concurrent;

namespace Polywire.AspNetCore.LiveView;

/// <summary>The connections of pages that have shown a token. They are told directly: a room's messages could be read, changed or stopped by others.</summary>
internal sealed class LiveWatchers
{
    private readonly ConcurrentDictionary<Connection, bool> _connections = new();

    /// <summary>Begins to tell a connection, until it closes.</summary>
    public void Add(Connection connection) => _connections.TryAdd(connection, true);

    /// <summary>Those that are still connected.</summary>
    public List<Connection> Present()
    {
        var present = new List<Connection>();
        foreach (var (connection, _) in _connections)
        {
            if (!connection.IsClosed)
            {
                present.Add(connection);
            }
            else
            {
                _connections.TryRemove(connection, out _);
            }
        }

        return present;
    }
}
