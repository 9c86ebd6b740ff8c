using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;
using Polywire.Redis.Scripts;
using StackExchange.Redis;

namespace Polywire.Redis.Rooms;

/// <summary>What is done to rooms in one step each, on Redis (cluster.md NO-21, NO-25 to NO-27, NO-31, NO-35). Safe to use concurrently.</summary>
/// <remarks>Every method ends within the timeout of the link, with <see cref="ClusterNotReachableException"/> where Redis does not answer.</remarks>
internal sealed class RoomScripts(RedisLink link, NodeIdentity node)
{
    /// <summary>The most entries that one script touches, so that Redis is never kept for long.</summary>
    public const int BatchSize = 500;

    private static readonly RedisScript CreateScript = RedisScript.Load("create");
    private static readonly RedisScript DestroyScript = RedisScript.Load("destroy");
    private static readonly RedisScript JoinScript = RedisScript.Load("join");
    private static readonly RedisScript AnnounceScript = RedisScript.Load("announce");
    private static readonly RedisScript LeaveScript = RedisScript.Load("leave");
    private static readonly RedisScript SweepScript = RedisScript.Load("sweep");
    private static readonly RedisScript SweptScript = RedisScript.Load("swept");

    private readonly byte[] _mark = MemberEntry.MarkOf(node.Incarnation);

    private RedisKeys Keys => link.Keys;

    /// <summary>Creates a room.</summary>
    /// <returns>False where it exists.</returns>
    public async Task<bool> CreateAsync(string room, CancellationToken cancellationToken) =>
        (int)await link.RunAsync(CreateScript, [Keys.Rooms, Keys.Generation, Keys.Made], [room], cancellationToken) == 1;

    /// <summary>Removes a room with its members.</summary>
    /// <returns>The generation of the removal; null where there is no such room.</returns>
    public async Task<long?> DestroyAsync(string room, CancellationToken cancellationToken) =>
        (long)await link.RunAsync(DestroyScript, [Keys.Rooms, Keys.Members(room), Keys.Made, Keys.Generation], [room], cancellationToken) is var generation and > 0
            ? generation
            : null;

    /// <summary>Notes a member of this node.</summary>
    public async Task<RoomAnswer> JoinAsync(string room, RoomMember member, CancellationToken cancellationToken) => Read(
        await link.RunAsync(
            JoinScript,
            [Keys.Node(node.Id), Keys.Rooms, Keys.Members(room), Keys.NodeRooms(node.Incarnation), Keys.Generation],
            [node.Epoch, room, member.Id, MemberEntry.Write(member, node)],
            cancellationToken));

    /// <summary>Notes members of this node again.</summary>
    /// <param name="room">The room.</param>
    /// <param name="members">At most <see cref="BatchSize"/> and at least one.</param>
    /// <param name="isDataLost">Whether the room is to be made again where it is not there, and generations are of other data.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<RoomAnswer> AnnounceAsync(string room, IReadOnlyList<LocalMember> members, bool isDataLost, CancellationToken cancellationToken)
    {
        var lowest = isDataLost ? null : members.Min(member => member.Generation);
        var values = new RedisValue[4 + (2 * members.Count)];
        (values[0], values[1], values[2], values[3]) = (node.Epoch, room, lowest is { } generation ? generation : string.Empty, isDataLost ? 1 : 0);
        for (var i = 0; i < members.Count; i++)
        {
            values[4 + (2 * i)] = members[i].Member.Id;
            values[5 + (2 * i)] = MemberEntry.Write(members[i].Member, node);
        }

        RedisKey[] keys =
            [Keys.Node(node.Id), Keys.Rooms, Keys.Members(room), Keys.NodeRooms(node.Incarnation), Keys.Generation, Keys.Made];
        return Read(await link.RunAsync(AnnounceScript, keys, values, cancellationToken));
    }

    /// <summary>Forgets members of this node, those of many rooms in one step on the wire.</summary>
    /// <param name="leaves">Who leaves, and whether this node has no member left in that room.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task LeaveAsync(IEnumerable<(string Room, IReadOnlyList<string> Ids, bool IsEmpty)> leaves, CancellationToken cancellationToken)
    {
        var runs = new List<(RedisKey[] Keys, RedisValue[] Values)>();
        foreach (var (room, ids, isEmpty) in leaves)
        {
            RedisKey[] keys = [Keys.Members(room), Keys.NodeRooms(node.Incarnation)];
            foreach (var batch in ids.Chunk(BatchSize))
            {
                runs.Add((keys, [_mark, room, 0, .. batch.Select(id => (RedisValue)id)]));
            }

            if (isEmpty && ids.Count > 0)
            {
                // With the last of them: as long as there may be an entry, the room is noted.
                runs[^1].Values[2] = 1;
            }
            else if (isEmpty)
            {
                runs.Add((keys, [_mark, room, 1]));
            }
        }

        if (runs.Count > 0)
        {
            await link.RunManyAsync(LeaveScript, runs, cancellationToken);
        }
    }

    /// <summary>Removes entries that an incarnation left, where they still stand as given.</summary>
    /// <returns>How many; null where the incarnation is alive again, and nothing was removed.</returns>
    public async Task<int?> SweepAsync(string incarnation, string room, IReadOnlyList<HashEntry> entries, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var batch in entries.Chunk(BatchSize))
        {
            var answer = (int)await link.RunAsync(
                SweepScript,
                [Keys.Node(PeerTable.IdOf(incarnation)), Keys.Members(room)],
                [PeerTable.EpochOf(incarnation), .. batch.SelectMany(static entry => new[] { entry.Name, entry.Value })],
                cancellationToken);
            if (answer < 0)
            {
                return null;
            }

            removed += answer;
        }

        return removed;
    }

    /// <summary>Forgets an incarnation of which nothing is left.</summary>
    /// <returns>False where it is alive again.</returns>
    public async Task<bool> SweptAsync(string incarnation, CancellationToken cancellationToken) =>
        (int)await link.RunAsync(
            SweptScript,
            [Keys.Node(PeerTable.IdOf(incarnation)), Keys.Nodes, Keys.NodeRooms(incarnation), Keys.Sweep(incarnation)],
            [PeerTable.EpochOf(incarnation), incarnation],
            cancellationToken) == 1;

    private static RoomAnswer Read(RedisResult result)
    {
        var parts = (RedisValue[])result!;
        var outcome = (string?)parts[0] switch
        {
            "done" => RoomAnswer.Kind.Done,
            "no-room" => RoomAnswer.Kind.NoRoom,
            "anew" => RoomAnswer.Kind.MadeAnew,
            _ => RoomAnswer.Kind.NoLease,
        };
        return new RoomAnswer(outcome, (long)parts[1]);
    }
}
