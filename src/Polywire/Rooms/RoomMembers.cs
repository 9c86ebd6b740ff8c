namespace Polywire.Rooms;

/// <summary>The members of one room that are connected to this node, and the node's ear for what other nodes say there.</summary>
/// <remarks>
/// Joining and leaving take constant time; a broadcast walks an array that is made again only after the members changed. The last to
/// leave retires the object: whoever comes later makes another, so that rooms without members cost nothing.
/// </remarks>
internal sealed class RoomMembers
{
    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _members = [];
    private Connection[]? _snapshot = [];
    private Task<IAsyncDisposable>? _subscription;
    private bool _retired;

    /// <summary>Adds a member.</summary>
    /// <param name="connection">The member.</param>
    /// <param name="subscribe">Begins to hear other nodes; called for the first member, and again where that failed.</param>
    /// <returns>Completes when other nodes are heard; null where the object has retired and another is to be asked.</returns>
    public Task<IAsyncDisposable>? TryAdd(Connection connection, Func<Task<IAsyncDisposable>> subscribe)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return null;
            }

            _members.Add(connection);
            _snapshot = null;
            if (_subscription is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _subscription = subscribe();
            }

            return _subscription;
        }
    }

    /// <summary>Removes a member; the last one retires the object.</summary>
    /// <param name="connection">The member.</param>
    /// <param name="subscription">What to dispose of where the object retires; null if there is nothing.</param>
    /// <returns>Whether this was the last, so that the object has retired.</returns>
    public bool Remove(Connection connection, out Task<IAsyncDisposable>? subscription)
    {
        lock (_gate)
        {
            subscription = null;
            if (!_members.Remove(connection))
            {
                return false;
            }

            _snapshot = null;
            if (_members.Count > 0)
            {
                return false;
            }

            _retired = true;
            subscription = _subscription;
            return true;
        }
    }

    /// <summary>Takes the node's ear away, whoever is still there.</summary>
    /// <returns>What to dispose of; null if there is nothing.</returns>
    public Task<IAsyncDisposable>? Silence()
    {
        lock (_gate)
        {
            var subscription = _subscription;
            _subscription = null;
            return subscription;
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
