using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Polywire.Doors;

/// <summary>The table of this node's persistent connections.</summary>
[Experimental("PWX0001")]
public sealed class ConnectionRegistry : IConnections
{
    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Who keeps what connections counted that are gone; set once, before there are any.</summary>
    internal RequestCounters? Counters { get; set; }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public IEnumerable<Connection> All => _connections.Select(pair => pair.Value);

    /// <inheritdoc/>
    public Connection? Find(string id) => _connections.GetValueOrDefault(id);

    internal void Add(Connection connection)
    {
        if (_connections.TryAdd(connection.Id, connection))
        {
            Interlocked.Increment(ref _count);
        }
    }

    internal void Remove(Connection connection)
    {
        if (_connections.TryRemove(new KeyValuePair<string, Connection>(connection.Id, connection)))
        {
            Interlocked.Decrement(ref _count);
            Counters?.Keep(connection);
        }
    }
}
