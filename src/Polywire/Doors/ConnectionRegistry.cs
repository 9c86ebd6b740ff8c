using System.Collections.Concurrent;

namespace Polywire.Doors;

/// <summary>The table of this node's persistent connections.</summary>
internal sealed class ConnectionRegistry : IConnections
{
    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<Connection> All => _connections.Select(pair => pair.Value);

    public Connection? Find(string id) => _connections.GetValueOrDefault(id);

    public void Add(Connection connection)
    {
        if (_connections.TryAdd(connection.Id, connection))
        {
            Interlocked.Increment(ref _count);
        }
    }

    public void Remove(Connection connection)
    {
        if (_connections.TryRemove(new KeyValuePair<string, Connection>(connection.Id, connection)))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
