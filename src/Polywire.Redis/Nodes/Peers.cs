using Microsoft.Extensions.Logging;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using StackExchange.Redis;

namespace Polywire.Redis.Nodes;

/// <summary>Looks who is in the cluster (cluster.md NO-11). Safe to use concurrently.</summary>
internal sealed partial class Peers
{
    private readonly RedisLink _link;
    private readonly NodeIdentity _node;
    private readonly ILogger<Peers> _logger;
    private readonly Lock _gate = new();
    private PeerTable _table;
    private long _looks;
    private long _shown;

    public Peers(RedisLink link, NodeIdentity node, RedisMetrics metrics, ILogger<Peers> logger)
    {
        (_link, _node, _logger) = (link, node, logger);
        _table = new PeerTable([node.Incarnation], []);
        metrics.Meter.CreateObservableGauge("polywire.cluster.peers", () => Table.Ids.Count, "{node}", "Nodes of the cluster that are alive, this one included.");
    }

    /// <summary>Somebody has gone since the look before. Raised on any thread; handlers do not block.</summary>
    public event Action<PeerTable>? Gone;

    /// <summary>As of the last look.</summary>
    public PeerTable Table => Volatile.Read(ref _table);

    /// <summary>Looks again.</summary>
    /// <exception cref="ClusterNotReachableException">Redis did not answer.</exception>
    public async Task<PeerTable> RefreshAsync(CancellationToken cancellationToken)
    {
        var look = Interlocked.Increment(ref _looks);
        var incarnations = await _link.CallAsync(database => database.SetMembersAsync(_link.Keys.Nodes), cancellationToken);
        var named = incarnations.Select(static value => (string)value!).Where(static name => name.Contains('/', StringComparison.Ordinal)).ToArray();
        var epochs = await _link.CallAsync(
            database => Task.WhenAll(named.Select(name => database.HashGetAsync(_link.Keys.Node(PeerTable.IdOf(name)), "epoch"))), cancellationToken);
        var alive = new List<string> { _node.Incarnation };
        var dead = new List<string>();
        for (var i = 0; i < named.Length; i++)
        {
            if (named[i] != _node.Incarnation)
            {
                (named[i] == $"{PeerTable.IdOf(named[i])}/{epochs[i]}" ? alive : dead).Add(named[i]);
            }
        }

        var table = new PeerTable(alive, dead);
        if (TryShow(table, look) is { } before)
        {
            Tell(before, table);
        }

        return table;
    }

    // Of two looks at once the one that began later counts, whichever ends first.
    private PeerTable? TryShow(PeerTable table, long look)
    {
        lock (_gate)
        {
            if (look < _shown)
            {
                return null;
            }

            _shown = look;
            return Interlocked.Exchange(ref _table, table);
        }
    }

    private void Tell(PeerTable before, PeerTable now)
    {
        foreach (var joined in now.Alive.Where(peer => !before.IsAlive(peer)))
        {
            Log.Joined(_logger, joined);
        }

        foreach (var left in before.Alive.Where(peer => !now.IsAlive(peer) && !now.IsDead(peer)))
        {
            Log.Left(_logger, left);
        }

        if (before.Alive.Any(peer => !now.IsAlive(peer)))
        {
            Gone?.Invoke(now);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.PeerJoined, LogLevel.Information, "Peer {Peer} joined")]
        public static partial void Joined(ILogger logger, string peer);

        [LoggerMessage(RedisEventIds.PeerLeft, LogLevel.Information, "Peer {Peer} left")]
        public static partial void Left(ILogger logger, string peer);
    }
}
