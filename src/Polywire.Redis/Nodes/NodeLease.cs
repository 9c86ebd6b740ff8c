using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Scripts;
using StackExchange.Redis;

namespace Polywire.Redis.Nodes;

/// <summary>Keeps this node alive in the cluster: its lease, and what Redis says of it (cluster.md NO-6 to NO-11). Safe to use concurrently.</summary>
internal sealed partial class NodeLease : IAsyncDisposable
{
    private const int BeatsPerLease = 3;

    private static readonly RedisScript RegisterScript = RedisScript.Load("register");
    private static readonly RedisScript BeatScript = RedisScript.Load("beat");
    private static readonly RedisScript EndScript = RedisScript.Load("end");
    private static readonly string Version =
        typeof(NodeLease).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    private readonly RedisLink _link;
    private readonly LinkHealth _health;
    private readonly NodeIdentity _node;
    private readonly IConnections _connections;
    private readonly RequestCounters _counters;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger<NodeLease> _logger;
    private readonly Histogram<double> _duration;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly long _startedAt;
    private ImmutableArray<Func<CancellationToken, Task>> _steps = [];
    private Task _beating = Task.CompletedTask;
    private RequestTotals _told;
    private string? _dataEpoch;
    private long _generation;
    private volatile bool _isGivenBack;
    private bool _isDisposed;

    public NodeLease(
        RedisLink link,
        LinkHealth health,
        NodeIdentity node,
        IConnections connections,
        RequestCounters counters,
        IHostApplicationLifetime lifetime,
        RedisMetrics metrics,
        TimeProvider time,
        ILogger<NodeLease> logger)
    {
        (_link, _health, _node, _connections, _counters, _lifetime, _time, _logger) = (link, health, node, connections, counters, lifetime, time, logger);
        _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        _duration = metrics.Meter.CreateHistogram<double>("polywire.cluster.beat.duration", "s", "How long Redis took to answer a beat.");
    }

    /// <summary>The lease was found gone, or the data: what this node has left in Redis is to be brought into line. Raised on any thread; handlers do not block.</summary>
    public event Action? Lost;

    /// <summary>Whether Redis has lost its data since <see cref="DataRestored"/> was called last: rooms are to be made again.</summary>
    public bool IsDataLost { get; private set; }

    /// <summary>How often a beat goes out.</summary>
    public TimeSpan Interval => _link.Options.Lease / BeatsPerLease;

    /// <summary>The key of this node's lease, for scripts that check it.</summary>
    public RedisKey Key => _link.Keys.Node(_node.Id);

    /// <summary>Takes the lease of this node's id; waits for at most one lease where another incarnation holds it (cluster.md NO-8).</summary>
    /// <exception cref="InvalidOperationException">Another process that is alive has the id.</exception>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        string? firstBeat = null;
        string? holder = null;
        while (true)
        {
            var answer = (RedisValue[])(await _link.RunAsync(
                RegisterScript,
                [Key, _link.Keys.Nodes, _link.Keys.Epoch, _link.Keys.Generation],
                [_node.Epoch, LeaseMilliseconds, Info(), _node.Incarnation, NewName()],
                cancellationToken))!;
            if (answer[0] == "registered")
            {
                (_dataEpoch, _generation) = (answer[1], (long)answer[2]);
                return;
            }

            if (holder == answer[1] && firstBeat != answer[2])
            {
                throw InUse(answer[3]);
            }

            (holder, firstBeat) = (answer[1], answer[2]);
            await Task.Delay(_link.Options.Lease / 10, _time, cancellationToken);
        }
    }

    /// <summary>Adds what is done after each beat that was answered: one step after the other, awaited before the next beat; one that fails keeps none from running.</summary>
    public void AfterBeat(Func<CancellationToken, Task> step) => ImmutableInterlocked.Update(ref _steps, static (steps, added) => steps.Add(added), step);

    /// <summary>Begins to beat, until <see cref="EndAsync"/> or <see cref="HaltAsync"/>.</summary>
    public void Start() => _beating = BeatForeverAsync();

    /// <summary>Beats once.</summary>
    /// <exception cref="ClusterNotReachableException">Redis did not answer; or another process has the id of this node.</exception>
    public Task BeatAsync(CancellationToken cancellationToken) => InTurnAsync(BeatInTurnAsync, cancellationToken);

    /// <summary>Notes that rooms and members stand in Redis again.</summary>
    public void DataRestored() => IsDataLost = false;

    /// <summary>Beats no more by itself, and leaves the lease to its end.</summary>
    public async Task HaltAsync()
    {
        await _end.CancelAsync();
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives the lease back, and stops beating; what is not done within the timeout is for the sweepers.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await HaltAsync();
        _isGivenBack = true;
        await InTurnAsync(
            token => _link.RunAsync(EndScript, [Key, _link.Keys.Nodes, _link.Keys.NodeRooms(_node.Incarnation)], [_node.Epoch, _node.Incarnation], token), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await HaltAsync();
        _end.Dispose();

        // The turn is not disposed of: whoever still waits for it, such as what heals the link, would wait for ever.
    }

    private static string NewName() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private long LeaseMilliseconds => (long)_link.Options.Lease.TotalMilliseconds;

    private async Task BeatForeverAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await BeatOrFailAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task BeatOrFailAsync()
    {
        var limit = Interval < _link.Options.Timeout ? Interval : _link.Options.Timeout;
        if (await TryAsync(token => BeatAsync(token).WaitAsync(limit, _time, token)))
        {
            foreach (var step in _steps)
            {
                await TryAsync(step);
            }
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> step)
    {
        try
        {
            await step(_end.Token);
            return true;
        }
        catch (Exception exception) when (exception is ClusterNotReachableException or TimeoutException)
        {
            _health.Fail("a beat was not answered");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LastCatch.Tell(exception, _logger);
        }

        return false;
    }

    private async Task InTurnAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await step(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task BeatInTurnAsync(CancellationToken cancellationToken)
    {
        // A link that heals while the node leaves does not bring it back.
        if (_health.IsTaken || _isGivenBack)
        {
            throw new ClusterNotReachableException();
        }

        // Noted before they are sent: what is in doubt is not told twice.
        var totals = _counters.Local;
        var (before, started) = (_told, _time.GetTimestamp());

        // A reading may miss a connection that closes at that moment, which the next has.
        _told = new RequestTotals
        {
            Web = Math.Max(totals.Web, before.Web), Socket = Math.Max(totals.Socket, before.Socket), WebSocket = Math.Max(totals.WebSocket, before.WebSocket),
        };
        var answer = (RedisValue[])(await _link.RunAsync(
            BeatScript,
            [Key, _link.Keys.Nodes, _link.Keys.Epoch, _link.Keys.Generation, _link.Keys.Stats],
            [
                _node.Epoch, LeaseMilliseconds, Info(), _node.Incarnation, NewName(),
                Since(totals.Web, before.Web), Since(totals.Socket, before.Socket), Since(totals.WebSocket, before.WebSocket),
            ],
            cancellationToken))!;
        _duration.Record(_time.GetElapsedTime(started).TotalSeconds);
        if (answer[0] == "taken")
        {
            StopTaken(answer[1]);
            throw new ClusterNotReachableException();
        }

        _counters.Cluster = new RequestTotals { Web = (long)answer[3], Socket = (long)answer[4], WebSocket = (long)answer[5] };
        Compare(answer[0] == "lost", answer[1]!, (long)answer[2]);
    }

    private static long Since(long now, long before) => Math.Max(0, now - before);

    private void Compare(bool isLeaseLost, string epoch, long generation)
    {
        var isDataLost = epoch != _dataEpoch || generation < _generation;
        (_dataEpoch, _generation) = (epoch, generation);
        if (isDataLost)
        {
            if (!IsDataLost)
            {
                Log.DataLost(_logger);
            }

            IsDataLost = true;
        }

        if (isDataLost || isLeaseLost)
        {
            Lost?.Invoke();
        }
    }

    private void StopTaken(string? info)
    {
        var peer = PeerInfo.Read(info);
        _health.Taken();
        Log.IdTaken(_logger, _node.Id, peer.Host, peer.Pid);
        Environment.ExitCode = 1;
        _lifetime.StopApplication();
    }

    private InvalidOperationException InUse(string? info)
    {
        var peer = PeerInfo.Read(info);
        return new InvalidOperationException($"The node id \"{_node.Id}\" is in use (host {peer.Host}, pid {peer.Pid}).");
    }

    private string Info() => JsonSerializer.Serialize(
        new PeerInfo
        {
            Host = Environment.MachineName,
            Pid = Environment.ProcessId,
            Version = Version,
            StartedAt = _startedAt,
            Connections = _connections.Count,
        },
        NodesJson.Default.PeerInfo);

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.DataLost, LogLevel.Warning, "Redis lost its data: rooms and members are made again")]
        public static partial void DataLost(ILogger logger);

        [LoggerMessage(
            RedisEventIds.IdTaken, LogLevel.Critical, "Another process has the id {Id} of this node (host {Host}, pid {Pid}), which was halted for longer than its lease; the host stops")]
        public static partial void IdTaken(ILogger logger, string id, string host, int pid);
    }
}
