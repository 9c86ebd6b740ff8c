using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;
using StackExchange.Redis;

namespace Polywire.Redis.Rooms;

/// <summary>Removes what dead nodes have left in rooms (cluster.md NO-31 to NO-33). Safe to use concurrently.</summary>
/// <remarks>
/// Of several nodes that see a death one sweeps: the one that has the claim, which ends by itself, so that a sweeper that dies is replaced. Every step may
/// be repeated, and none touches what is of a node that is back.
/// </remarks>
internal sealed partial class Sweeper(
    RedisLink link, Peers peers, NodeIdentity node, RoomScripts scripts, RoomEntries entries, RoomsMetrics metrics, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // A walk reads all of a room to find those of one node; at this pace Redis does not feel it.
    private const int EntriesPerSecond = 20_000;

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Task _sweeping = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Begins to sweep in a while, if somebody is dead. Called after each look at the peers, by one at a time.</summary>
    public void Look(PeerTable table)
    {
        if (table.Dead.Count > 0 && _sweeping.IsCompleted && !_end.IsCancellationRequested)
        {
            _sweeping = SweepLaterAsync();
        }
    }

    /// <summary>Sweeps all who are dead.</summary>
    /// <returns>How many entries were removed.</returns>
    /// <exception cref="ClusterNotReachableException">Redis did not answer.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var (removed, isDone) = (0, false);
            foreach (var dead in (await peers.RefreshAsync(cancellationToken)).Dead)
            {
                if (await TryClaimAsync(dead, cancellationToken) && await SweepAsync(dead, cancellationToken) is { } swept)
                {
                    (removed, isDone) = (removed + swept, true);
                }
            }

            if (isDone)
            {
                // Whoever was swept is nobody now; if it comes back, it is to be looked at anew.
                await peers.RefreshAsync(cancellationToken);
            }

            return removed;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sweeps what earlier incarnations of this node's id have left, whoever else does (cluster.md NO-8).</summary>
    public async Task SweepOwnAsync(CancellationToken cancellationToken)
    {
        foreach (var dead in (await peers.RefreshAsync(cancellationToken)).Dead.Where(dead => PeerTable.IdOf(dead) == node.Id))
        {
            await SweepAsync(dead, cancellationToken);
        }
    }

    /// <summary>Begins to remove entries whose incarnation nobody knows: somebody has restored old data (cluster.md NO-28).</summary>
    public void RemoveOrphans(string room, IReadOnlyList<(string Incarnation, HashEntry Entry)> orphans) => _ = RemoveOrphansAsync(room, orphans);

    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            await _end.CancelAsync();
            await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SweepLaterAsync()
    {
        try
        {
            // At random, so that not all who see the death come at once.
            await Task.Delay(link.Options.Lease * (Random.Shared.NextDouble() / 6), time, _end.Token);
            await SweepAsync(_end.Token);
        }
        catch (Exception exception)
        {
            Tell(exception);
        }
    }

    private Task<bool> TryClaimAsync(string incarnation, CancellationToken cancellationToken) => link.CallAsync(
        database => database.StringSetAsync(link.Keys.Sweep(incarnation), node.Incarnation, link.Options.Lease, When.NotExists), cancellationToken);

    private async Task<int?> SweepAsync(string incarnation, CancellationToken cancellationToken)
    {
        var pace = new Pace(EntriesPerSecond, time);
        var (removed, claimed) = (0, time.GetTimestamp());
        foreach (var room in await entries.RoomsOfAsync(incarnation, cancellationToken))
        {
            await foreach (var page in entries.OfAsync(room, incarnation, pace, cancellationToken))
            {
                if (await scripts.SweepAsync(incarnation, room, page, cancellationToken) is not { } gone)
                {
                    return null;
                }

                removed += gone;
                metrics.Swept(gone);
                if (time.GetElapsedTime(claimed) > link.Options.Lease / 3)
                {
                    claimed = time.GetTimestamp();
                    await link.CallAsync(database => database.KeyExpireAsync(link.Keys.Sweep(incarnation), link.Options.Lease), cancellationToken);
                }
            }
        }

        if (!await scripts.SweptAsync(incarnation, cancellationToken))
        {
            return null;
        }

        Log.Swept(logger, incarnation, removed);
        return removed;
    }

    private async Task RemoveOrphansAsync(string room, IReadOnlyList<(string Incarnation, HashEntry Entry)> orphans)
    {
        try
        {
            foreach (var group in orphans.GroupBy(static orphan => orphan.Incarnation))
            {
                metrics.Swept(await scripts.SweepAsync(group.Key, room, [.. group.Select(static orphan => orphan.Entry)], _end.Token) ?? 0);
            }
        }
        catch (Exception exception)
        {
            Tell(exception);
        }
    }

    private void Tell(Exception exception)
    {
        // Redis is away, which others tell; or the node stops. What is not swept is seen again.
        if (exception is not (ClusterNotReachableException or OperationCanceledException))
        {
            LastCatch.Tell(exception, logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.PeerDead, LogLevel.Warning, "Peer {Peer} is dead: {Members} members swept")]
        public static partial void Swept(ILogger logger, string peer, int members);
    }
}
