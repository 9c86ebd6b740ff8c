using System.Collections.Concurrent;

namespace Polywire.Cluster;

/// <summary>What the room stores of one process have in common: rooms, members, and the nodes that are alive. Safe to use concurrently.</summary>
/// <remarks>A host has one of its own; two hosts in one process that are given the same one are two nodes of a cluster.</remarks>
internal sealed class InProcessRooms
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NodeIdentity> _nodes = new(StringComparer.Ordinal);
    private long _generation;

    /// <summary>What counts up with every creation and removal.</summary>
    public long Generation => Volatile.Read(ref _generation);

    public ICollection<NodeIdentity> Nodes => _nodes.Values;

    public ICollection<string> Names => _rooms.Keys;

    public int Count => _rooms.Count;

    public ICollection<Room> All => _rooms.Values;

    /// <summary>Whether a node is alive.</summary>
    public bool IsAlive(string incarnation) => _nodes.ContainsKey(incarnation);

    /// <summary>Notes that a node is alive.</summary>
    /// <returns>False where another incarnation of its id is.</returns>
    public bool TryEnter(NodeIdentity node)
    {
        lock (_gate)
        {
            if (_nodes.Values.Any(other => other.Id == node.Id && other.Incarnation != node.Incarnation))
            {
                return false;
            }

            _nodes[node.Incarnation] = node;
            return true;
        }
    }

    /// <summary>Notes that a node is alive no more, whatever it left.</summary>
    public void End(NodeIdentity node) => _nodes.TryRemove(node.Incarnation, out _);

    public Room? Find(string room) => _rooms.GetValueOrDefault(room);

    public bool TryCreate(string name)
    {
        // Creations and removals take turns, so that the generation of a removal lies below those of all members of a room made anew.
        lock (_gate)
        {
            if (_rooms.ContainsKey(name))
            {
                return false;
            }

            _rooms[name] = new Room(++_generation);
            return true;
        }
    }

    public long? Remove(string name)
    {
        lock (_gate)
        {
            if (!_rooms.TryRemove(name, out var room))
            {
                return null;
            }

            lock (room)
            {
                room.IsGone = true;
                return ++_generation;
            }
        }
    }

    /// <summary>One room; the object is its lock, and its turn.</summary>
    /// <param name="made">The generation of its creation.</param>
    internal sealed class Room(long made)
    {
        public long Made { get; } = made;

        /// <summary>Read and set under the lock. Who finds it set has found a room that is removed.</summary>
        public bool IsGone { get; set; }

        /// <summary>By id; under the lock.</summary>
        public Dictionary<string, StoredMember> Members { get; } = new(StringComparer.Ordinal);
    }
}
