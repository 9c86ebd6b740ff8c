using Microsoft.Extensions.Logging;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;

namespace Polywire.Redis.Rooms;

/// <summary>The rooms of a cluster and their members, on Redis (cluster.md "Rooms").</summary>
internal sealed partial class RedisRoomStore : IRoomStore, IAsyncDisposable
{
    private readonly RedisLink _link;
    private readonly LinkHealth _health;
    private readonly NodeLease _lease;
    private readonly Peers _peers;
    private readonly NodeIdentity _node;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisRoomStore> _logger;
    private readonly RoomTurns _turns = new();
    private readonly NotedMembers _noted = new();
    private readonly RoomScripts _scripts;
    private readonly RoomEntries _entries;
    private readonly Sweeper _sweeper;
    private readonly Announcer _announcer;
    private readonly MembersReader _reader;
    private ILocalRooms? _local;

    public RedisRoomStore(
        RedisLink link,
        LinkHealth health,
        NodeLease lease,
        Peers peers,
        NodeIdentity node,
        RedisMetrics metrics,
        TimeProvider time,
        ILogger<RedisRoomStore> logger)
    {
        (_link, _health, _lease, _peers, _node, _time, _logger) = (link, health, lease, peers, node, time, logger);
        _scripts = new RoomScripts(link, node);
        _entries = new RoomEntries(link);
        var own = new RoomsMetrics(metrics);
        _sweeper = new Sweeper(link, peers, node, _scripts, _entries, own, time, logger);
        _announcer = new Announcer(link, health, lease, MakeAnnouncement, own, time, logger);
        _reader = new MembersReader(link, peers, _sweeper, time, logger);
    }

    /// <summary>What has to be done while the room is still there; null for nothing.</summary>
    public Func<string, CancellationToken, Task>? BeforeRemove { get; set; }

    public IReadOnlyList<string> Nodes => _peers.Table.Ids;

    public async ValueTask StartAsync(ILocalRooms local, CancellationToken cancellationToken)
    {
        _local = local;
        await _link.ConnectAsync(cancellationToken);
        await _lease.RegisterAsync(cancellationToken);
        _lease.Lost += _announcer.Request;
        _lease.AfterBeat(AfterBeatAsync);
        _health.Changed += OnLinkChanged;

        // Before the sweep: what an earlier incarnation left may take longer to walk than a lease lasts.
        _lease.Start();
        await _sweeper.SweepOwnAsync(cancellationToken);
        Log.Joined(_logger, _node.Incarnation, _link.Address, Nodes.Count - 1);
    }

    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WithinAsync(
                async token =>
                {
                    await LeaveAllAsync(token);
                    return true;
                },
                cancellationToken);
        }
        catch (Exception exception)
        {
            // The lease ends by itself, and the sweepers do the rest.
            Log.NotAllLeft(_logger, exception);
            await _lease.HaltAsync();
        }
    }

    public ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken) =>
        InTurnAsync(room, token => _scripts.CreateAsync(room, token), cancellationToken);

    public async ValueTask<long?> RemoveAsync(string room, CancellationToken cancellationToken)
    {
        if (BeforeRemove is { } first)
        {
            await first(room, cancellationToken);
        }

        return await InTurnAsync(room, token => _scripts.DestroyAsync(room, token), cancellationToken);
    }

    public async ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken) =>
        await _link.CallAsync(database => database.SetContainsAsync(_link.Keys.Rooms, room), cancellationToken);

    public async ValueTask<IReadOnlyCollection<string>> RoomsAsync(CancellationToken cancellationToken) =>
        [.. (await _link.CallAsync(database => database.SetMembersAsync(_link.Keys.Rooms), cancellationToken)).Select(static room => (string)room!)];

    public async ValueTask<long> CountAsync(CancellationToken cancellationToken) =>
        await _link.CallAsync(database => database.SetLengthAsync(_link.Keys.Rooms), cancellationToken);

    public ValueTask<JoinOutcome> JoinAsync(string room, RoomMember member, CancellationToken cancellationToken) =>
        WithinAsync(token => JoinAsync(_turns.Take(room, RoomTurns.Kind.Join), room, member, token), cancellationToken);

    public ValueTask LeaveAsync(IReadOnlyList<RoomLeave> leaves, CancellationToken cancellationToken) =>
        leaves.Count == 0 ? default : new ValueTask(
            WithinAsync(token => LeaveAsync(_turns.Take(leaves.Select(static leave => leave.Room), RoomTurns.Kind.Leave), leaves, token), cancellationToken).AsTask());

    public ValueTask<IReadOnlyList<StoredMember>?> MembersAsync(string room, CancellationToken cancellationToken) =>
        WithinAsync(token => _reader.ReadAsync(room, token), cancellationToken);

    public ValueTask AnnounceAsync(CancellationToken cancellationToken) => new(_announcer.RequestAsync().WaitAsync(cancellationToken));

    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken) => await _sweeper.SweepAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _health.Changed -= OnLinkChanged;
        _lease.Lost -= _announcer.Request;
        await _announcer.DisposeAsync();
        await _sweeper.DisposeAsync();
    }

    private void OnLinkChanged(bool isUp)
    {
        if (isUp)
        {
            _announcer.Request();
        }
    }

    private async Task AfterBeatAsync(CancellationToken cancellationToken)
    {
        _announcer.OnBeat();
        _sweeper.Look(await _peers.RefreshAsync(cancellationToken));
    }

    private RoomAnnouncement MakeAnnouncement(bool isDataLost, Pace? pace) =>
        new(_link, _lease, _node, _scripts, _entries, _turns, _noted, _local!, isDataLost, pace);

    private async Task<JoinOutcome> JoinAsync(RoomTurns.Turn first, string room, RoomMember member, CancellationToken cancellationToken)
    {
        var answer = await TryJoinAsync(first, room, member, cancellationToken);
        if (answer.Outcome == RoomAnswer.Kind.NoLease)
        {
            // With the turn given back, or the announcement waits for the join that waits for it (NO-21).
            await _announcer.RequestAsync().WaitAsync(cancellationToken);
            answer = await TryJoinAsync(_turns.Take(room, RoomTurns.Kind.Join), room, member, cancellationToken);
        }

        return answer.Outcome switch
        {
            RoomAnswer.Kind.Done => JoinOutcome.Joined(answer.Generation),
            RoomAnswer.Kind.NoRoom => JoinOutcome.NoRoom,
            _ => throw new ClusterNotReachableException(),
        };
    }

    private async Task<RoomAnswer> TryJoinAsync(RoomTurns.Turn turn, string room, RoomMember member, CancellationToken cancellationToken)
    {
        using (turn)
        {
            await turn.WaitAsync(cancellationToken);

            // Whatever is answered: who did not join is told to have left, and forgotten then.
            _noted.Add(room, member.Id);
            return await _scripts.JoinAsync(room, member, cancellationToken);
        }
    }

    private async Task<bool> LeaveAsync(RoomTurns.Turn turn, IReadOnlyList<RoomLeave> leaves, CancellationToken cancellationToken)
    {
        using (turn)
        {
            try
            {
                await turn.WaitAsync(cancellationToken);
                foreach (var leave in leaves.Where(static leave => leave.Members.Count == 0))
                {
                    // The room was removed, and with it the entries of those who are no members here any more.
                    _noted.Remove(leave.Room, _noted.Of(leave.Room).Except(_local!.MembersOf(leave.Room).Select(static member => member.Member.Id), StringComparer.Ordinal));
                }

                await _scripts.LeaveAsync(
                    leaves.Select(leave => (leave.Room, leave.Members, _noted.IsEmptyWithout(leave.Room, leave.Members))), cancellationToken);
                foreach (var leave in leaves)
                {
                    _noted.Remove(leave.Room, leave.Members);
                }

                return true;
            }
            catch
            {
                _announcer.Doubt();
                throw;
            }
        }
    }

    private async Task LeaveAllAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync().AsTask().WaitAsync(cancellationToken);
        var rooms = _noted.Rooms;
        using (var turn = _turns.Take(rooms, RoomTurns.Kind.Alone))
        {
            await turn.WaitAsync(cancellationToken);
            await _scripts.LeaveAsync(rooms.Select(room => (room, _noted.Of(room), true)), cancellationToken);
        }

        foreach (var room in await _entries.RoomsOfAsync(_node.Incarnation, cancellationToken))
        {
            // What nothing here knows of any more.
            await foreach (var page in _entries.OfAsync(room, _node.Incarnation, null, cancellationToken))
            {
                await _scripts.LeaveAsync([(room, [.. page.Select(static entry => (string)entry.Name!)], false)], cancellationToken);
            }
        }

        await _lease.EndAsync(cancellationToken);
    }

    private ValueTask<T> InTurnAsync<T>(string room, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        var turn = _turns.Take(room, RoomTurns.Kind.Alone);
        return WithinAsync(
            async token =>
            {
                using (turn)
                {
                    await turn.WaitAsync(token);
                    return await step(token);
                }
            },
            cancellationToken);
    }

    // The wait for one's turn counts: nobody waits longer because others wait before.
    private async ValueTask<T> WithinAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_link.Options.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await step(linked.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ClusterNotReachableException();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.Joined, LogLevel.Information, "Node {Node} joined the cluster at {Address} ({Peers} peers)")]
        public static partial void Joined(ILogger logger, string node, string address, int peers);

        [LoggerMessage(RedisEventIds.StopIncomplete, LogLevel.Debug, "Redis was not told that this node leaves; what it left there is swept by others")]
        public static partial void NotAllLeft(ILogger logger, Exception exception);
    }
}
