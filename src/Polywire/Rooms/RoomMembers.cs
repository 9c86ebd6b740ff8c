namespace Polywire.Rooms;

/// <summary>The members of one room that are connected to this node, and the node's ear for what other nodes say there.</summary>
/// <remarks>
/// Joining and leaving take constant time; a broadcast walks an array that is made again only after the members changed. The last to
/// leave retires the object: whoever comes later makes another, so that rooms without members cost nothing.
/// </remarks>
internal sealed class RoomMembers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Connection, Membership> _members = [];
    private Connection[]? _snapshot = [];
    private Task<IAsyncDisposable>? _subscription;
    private int _held;
    private bool _retired;

    /// <summary>Adds a member whose join is on its way.</summary>
    /// <param name="connection">The member.</param>
    /// <param name="joinedAt">Since when.</param>
    /// <param name="subscribe">Begins to hear other nodes; called for the first member, and again where that failed.</param>
    /// <returns>Completes when other nodes are heard; null where the object has retired and another is to be asked.</returns>
    public Task<IAsyncDisposable>? TryAdd(Connection connection, DateTimeOffset joinedAt, Func<Task<IAsyncDisposable>> subscribe)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return null;
            }

            _members[connection] = new Membership(joinedAt);
            _snapshot = null;
            return Subscribe(subscribe);
        }
    }

    /// <summary>Begins to hear other nodes before there is a member, for one that is about to come; given back with <see cref="Release"/>.</summary>
    /// <returns>False where the object has retired and another is to be asked.</returns>
    public bool TryHold(Func<Task<IAsyncDisposable>> subscribe)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return false;
            }

            _held++;
            Subscribe(subscribe);
            return true;
        }
    }

    /// <summary>Gives back a hold.</summary>
    /// <inheritdoc cref="Remove"/>
    public bool Release(out Task<IAsyncDisposable>? subscription)
    {
        lock (_gate)
        {
            _held--;
            return Retire(out subscription);
        }
    }

    /// <summary>Notes the generation that the store answered a join with.</summary>
    /// <returns>False where the room of that generation has been destroyed meanwhile.</returns>
    public bool Confirm(Connection connection, long generation)
    {
        lock (_gate)
        {
            if (!_members.TryGetValue(connection, out var membership))
            {
                return true;
            }

            membership.Generation = generation;
            return generation >= membership.GoneBelow;
        }
    }

    /// <summary>Those whose generation is lower than that of a removal. Those that do not know theirs yet will see it when they do.</summary>
    public IReadOnlyList<Connection> Below(long generation)
    {
        lock (_gate)
        {
            var below = new List<Connection>();
            foreach (var (connection, membership) in _members)
            {
                if (membership.Generation is not { } own)
                {
                    membership.GoneBelow = Math.Max(membership.GoneBelow, generation);
                }
                else if (own < generation)
                {
                    below.Add(connection);
                }
            }

            return below;
        }
    }

    /// <summary>Removes a member; the last one retires the object.</summary>
    /// <param name="connection">The member.</param>
    /// <param name="subscription">What to dispose of where the object retires; null if there is nothing.</param>
    /// <returns>Whether the object has retired.</returns>
    public bool Remove(Connection connection, out Task<IAsyncDisposable>? subscription)
    {
        lock (_gate)
        {
            if (!_members.Remove(connection))
            {
                subscription = null;
                return false;
            }

            _snapshot = null;
            return Retire(out subscription);
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
            return _snapshot ??= [.. _members.Keys];
        }
    }

    /// <summary>The members as the store is to see them.</summary>
    public IReadOnlyList<LocalMember> Members()
    {
        lock (_gate)
        {
            return [.. _members.Select(member => new LocalMember
            {
                Member = new RoomMember { Id = member.Key.Id, JoinedAt = member.Value.JoinedAt },
                Generation = member.Value.Generation,
            })];
        }
    }

    /// <summary>Replaces the generations of members.</summary>
    public void Announced(IReadOnlyList<string> ids, long generation)
    {
        var named = ids.ToHashSet(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (var (connection, membership) in _members)
            {
                if (membership.Generation is not null && named.Contains(connection.Id))
                {
                    membership.Generation = generation;
                }
            }
        }
    }

    private Task<IAsyncDisposable> Subscribe(Func<Task<IAsyncDisposable>> subscribe)
    {
        if (_subscription is null or { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            _subscription = subscribe();
        }

        return _subscription;
    }

    private bool Retire(out Task<IAsyncDisposable>? subscription)
    {
        _retired = _members.Count == 0 && _held == 0;
        subscription = _retired ? _subscription : null;
        return _retired;
    }

    /// <summary>One member's.</summary>
    private sealed class Membership(DateTimeOffset joinedAt)
    {
        public DateTimeOffset JoinedAt { get; } = joinedAt;

        /// <summary>Null while the store has not answered.</summary>
        public long? Generation { get; set; }

        /// <summary>The highest generation of a removal that came while the store had not answered.</summary>
        public long GoneBelow { get; set; }
    }
}
