using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;
using StackExchange.Redis;

namespace Polywire.Redis.Rooms;

/// <summary>One announcement: makes the entries of this node agree with its members (cluster.md NO-34 to NO-36). Used once.</summary>
/// <remarks>
/// Where the data are lost, rooms are made again rather than taken for removed. Without a pace it goes as fast as Redis answers.
/// </remarks>
internal sealed class RoomAnnouncement(
    RedisLink link,
    NodeLease lease,
    NodeIdentity node,
    RoomScripts scripts,
    RoomEntries entries,
    RoomTurns turns,
    NotedMembers noted,
    ILocalRooms local,
    bool isDataLost,
    Pace? pace)
{
    private const int RoomsAtATime = 8;

    // A room's turn is held for so many scripts: long enough to get on, short enough for those who want to join meanwhile.
    private const int BatchesPerTurn = 10;

    private int _members;
    private int _roomsGone;
    private volatile bool _isLeaseLost;

    /// <summary>How many members were announced.</summary>
    public int Members => _members;

    /// <summary>How many rooms were found removed, or made anew.</summary>
    public int RoomsGone => _roomsGone;

    /// <summary>Announces.</summary>
    /// <returns>False if this node was found to hold no lease, or Redis to have lost its data meanwhile: to be done again after a beat.</returns>
    /// <exception cref="ClusterNotReachableException">Redis did not answer.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (isDataLost && local.StartingRooms is { Count: > 0 } starting)
        {
            RedisValue[] names = [.. starting.Select(static room => (RedisValue)room)];
            await link.CallAsync(database => database.SetAddAsync(link.Keys.Rooms, names), cancellationToken);
        }

        var width = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = pace is null ? RoomsAtATime : 1 };
        await Parallel.ForEachAsync(local.Rooms, width, async (room, token) => await AnnounceAsync(room, token));
        if (!_isLeaseLost)
        {
            var rooms = (await entries.RoomsOfAsync(node.Incarnation, cancellationToken)).Union(noted.Rooms, StringComparer.Ordinal);
            await Parallel.ForEachAsync(rooms, width, async (room, token) => await RemoveStraysAsync(room, token));
        }

        return !_isLeaseLost;
    }

    /// <summary>Removes the entries of this node in a room that have no member here.</summary>
    private async Task RemoveStraysAsync(string room, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> before;
        using (var turn = turns.Take(room, RoomTurns.Kind.Alone))
        {
            await turn.WaitAsync(cancellationToken);
            before = noted.Of(room);
        }

        var known = IdsOf(local.MembersOf(room));
        await foreach (var page in entries.OfAsync(room, node.Incarnation, pace, cancellationToken))
        {
            var strays = page.Select(static entry => (string)entry.Name!).Where(id => !known.Contains(id)).ToArray();
            if (strays.Length > 0)
            {
                using var turn = turns.Take(room, RoomTurns.Kind.Alone);
                await turn.WaitAsync(cancellationToken);
                var members = IdsOf(local.MembersOf(room));
                await scripts.LeaveAsync([(room, [.. strays.Where(id => !members.Contains(id))], false)], cancellationToken);
            }
        }

        using (var turn = turns.Take(room, RoomTurns.Kind.Alone))
        {
            // Who was noted before and was no member when the walk began has no entry any more; of those who came or went meanwhile the walk knows nothing.
            await turn.WaitAsync(cancellationToken);
            noted.Remove(room, before.Except(known, StringComparer.Ordinal).Except(IdsOf(local.MembersOf(room)), StringComparer.Ordinal));
            await scripts.LeaveAsync([(room, [], noted.IsEmptyWithout(room, []))], cancellationToken);
        }
    }

    private static HashSet<string> IdsOf(IEnumerable<LocalMember> members) =>
        members.Select(static member => member.Member.Id).ToHashSet(StringComparer.Ordinal);

    private async Task AnnounceAsync(string room, CancellationToken cancellationToken)
    {
        HashSet<string>? rest = null;
        while (!_isLeaseLost && rest is not { Count: 0 })
        {
            long? gone;
            var before = rest?.Count;
            using (var turn = turns.Take(room, RoomTurns.Kind.Alone))
            {
                await turn.WaitAsync(cancellationToken);
                var members = local.MembersOf(room);
                rest ??= IdsOf(members);
                before ??= rest.Count;
                gone = await AnnounceInTurnAsync(room, members, rest, cancellationToken);
            }

            if (gone is { } generation)
            {
                // Whether it is the data that are gone is known for certain after a beat.
                await lease.BeatAsync(cancellationToken);
                if (lease.IsDataLost)
                {
                    _isLeaseLost = true;
                    return;
                }

                // Not in the turn: it makes members leave.
                Interlocked.Increment(ref _roomsGone);
                await local.RoomGoneAsync(room, generation, cancellationToken);
            }

            if (pace is not null)
            {
                await pace.WaitAsync(before.Value - rest.Count, cancellationToken);
            }
        }
    }

    /// <summary>Announces some of the members of a room, in its turn.</summary>
    /// <param name="room">The room.</param>
    /// <param name="members">All of this node.</param>
    /// <param name="rest">Those who are not announced yet; what is dealt with is taken out.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The generation below which members belong to a room that was removed; null for none.</returns>
    private async Task<long?> AnnounceInTurnAsync(string room, IReadOnlyList<LocalMember> members, HashSet<string> rest, CancellationToken cancellationToken)
    {
        var due = members.Where(member => rest.Contains(member.Member.Id)).ToArray();
        var batches = pace is null ? BatchesPerTurn : 1;
        foreach (var batch in due.Chunk(RoomScripts.BatchSize).Take(batches))
        {
            string[] ids = [.. batch.Select(static member => member.Member.Id)];
            noted.Add(room, ids);
            var answer = await scripts.AnnounceAsync(room, batch, isDataLost, cancellationToken);
            switch (answer.Outcome)
            {
                case RoomAnswer.Kind.NoLease:
                    _isLeaseLost = true;
                    return null;
                case RoomAnswer.Kind.NoRoom:
                    // All whose join was answered have joined a room that is no more, whatever number they have; who joins one made anew has a higher one.
                    rest.Clear();
                    noted.Remove(room, noted.Of(room));
                    return answer.Generation + 1;
                case RoomAnswer.Kind.MadeAnew:
                    rest.ExceptWith(IdsOf(due.Where(member => member.Generation < answer.Generation)));
                    return answer.Generation;
            }

            local.Announced(room, ids, answer.Generation);
            rest.ExceptWith(ids);
            Interlocked.Add(ref _members, ids.Length);
        }

        if (due.Length <= batches * RoomScripts.BatchSize)
        {
            // The others have left.
            rest.Clear();
        }

        return null;
    }
}
