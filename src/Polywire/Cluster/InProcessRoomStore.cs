namespace Polywire.Cluster;

/// <summary>The room store of a process. Keeps no lease, since nobody outside can see the process die: a node is alive from its start to its stop.</summary>
internal sealed class InProcessRoomStore(InProcessRooms rooms, NodeIdentity node) : IRoomStore
{
    private ILocalRooms? _local;

    public IReadOnlyList<string> Nodes => [.. rooms.Nodes.Select(other => other.Id).Order(StringComparer.Ordinal)];

    public ValueTask StartAsync(ILocalRooms local, CancellationToken cancellationToken)
    {
        _local = local;
        if (!rooms.TryEnter(node))
        {
            throw new InvalidOperationException($"The node id \"{node.Id}\" is in use (host {Environment.MachineName}, pid {Environment.ProcessId}).");
        }

        Sweep();
        return default;
    }

    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        RemoveWhere(member => member.Node == node.Incarnation);
        rooms.End(node);
        return default;
    }

    public ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken) => new(rooms.TryCreate(room));

    public ValueTask<long?> RemoveAsync(string room, CancellationToken cancellationToken) => new(rooms.Remove(room));

    public ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken) => new(rooms.Find(room) is not null);

    public ValueTask<IReadOnlyCollection<string>> RoomsAsync(CancellationToken cancellationToken) => new([.. rooms.Names]);

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => new(rooms.Count);

    public ValueTask<JoinOutcome> JoinAsync(string room, RoomMember member, CancellationToken cancellationToken) =>
        rooms.IsAlive(node.Incarnation) ? new ValueTask<JoinOutcome>(Join(room, member)) : JoinAgainAsync(room, member, cancellationToken);

    public ValueTask LeaveAsync(IReadOnlyList<RoomLeave> leaves, CancellationToken cancellationToken)
    {
        for (var i = 0; i < leaves.Count; i++)
        {
            var leave = leaves[i];
            if (leave.Members.Count == 0 || rooms.Find(leave.Room) is not { } found)
            {
                continue;
            }

            lock (found)
            {
                for (var k = 0; k < leave.Members.Count; k++)
                {
                    if (found.Members.TryGetValue(leave.Members[k], out var entry) && entry.Node == node.Incarnation)
                    {
                        found.Members.Remove(leave.Members[k]);
                    }
                }
            }
        }

        return default;
    }

    public ValueTask<IReadOnlyList<StoredMember>?> MembersAsync(string room, CancellationToken cancellationToken)
    {
        if (rooms.Find(room) is not { } found)
        {
            return default;
        }

        lock (found)
        {
            return new ValueTask<IReadOnlyList<StoredMember>?>([.. found.Members.Values.Where(member => rooms.IsAlive(member.Node!))]);
        }
    }

    public async ValueTask AnnounceAsync(CancellationToken cancellationToken)
    {
        if (_local is not { } local || !rooms.TryEnter(node))
        {
            return;
        }

        foreach (var room in local.Rooms)
        {
            if (Announce(room, local) is { } gone)
            {
                await local.RoomGoneAsync(room, gone, cancellationToken);
            }
        }

        foreach (var name in rooms.Names)
        {
            RemoveStrays(name, local);
        }
    }

    public ValueTask<int> SweepAsync(CancellationToken cancellationToken) => new(Sweep());

    private async ValueTask<JoinOutcome> JoinAgainAsync(string room, RoomMember member, CancellationToken cancellationToken)
    {
        await AnnounceAsync(cancellationToken);
        return Join(room, member);
    }

    private JoinOutcome Join(string room, RoomMember member)
    {
        if (rooms.Find(room) is not { } found)
        {
            return JoinOutcome.NoRoom;
        }

        lock (found)
        {
            if (found.IsGone)
            {
                return JoinOutcome.NoRoom;
            }

            found.Members[member.Id] = Entry(member);
            return JoinOutcome.Joined(rooms.Generation);
        }
    }

    /// <summary>Brings one room's entries into line with the members of this node.</summary>
    /// <returns>The generation below which members are of a room that was removed; null for none.</returns>
    private long? Announce(string room, ILocalRooms local)
    {
        // Read before the room is looked for: who joins a room that is made meanwhile has a higher one.
        var generation = rooms.Generation;
        if (rooms.Find(room) is not { } found)
        {
            return generation;
        }

        lock (found)
        {
            if (found.IsGone)
            {
                return generation;
            }

            var members = local.MembersOf(room);
            var announced = members.Where(member => member.Generation is not { } own || own >= found.Made).Select(member => member.Member).ToArray();
            foreach (var member in announced)
            {
                found.Members[member.Id] = Entry(member);
            }

            local.Announced(room, [.. announced.Select(member => member.Id)], rooms.Generation);
            return announced.Length < members.Count ? found.Made : null;
        }
    }

    private void RemoveStrays(string name, ILocalRooms local)
    {
        if (rooms.Find(name) is not { } found)
        {
            return;
        }

        lock (found)
        {
            var own = found.Members.Values.Where(member => member.Node == node.Incarnation).Select(member => member.Id).ToHashSet(StringComparer.Ordinal);
            own.ExceptWith(local.MembersOf(name).Select(member => member.Member.Id));
            foreach (var stray in own)
            {
                found.Members.Remove(stray);
            }
        }
    }

    private int Sweep() => RemoveWhere(member => member.Node is { } incarnation && !rooms.IsAlive(incarnation));

    private int RemoveWhere(Func<StoredMember, bool> isMeant)
    {
        var removed = 0;
        foreach (var room in rooms.All)
        {
            lock (room)
            {
                foreach (var member in room.Members.Values)
                {
                    if (isMeant(member))
                    {
                        room.Members.Remove(member.Id);
                        removed++;
                    }
                }
            }
        }

        return removed;
    }

    private StoredMember Entry(RoomMember member) =>
        new() { Id = member.Id, JoinedAt = member.JoinedAt, Host = node.Id, Node = node.Incarnation };
}
