using Microsoft.Extensions.Logging;
using Polywire.Cluster;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;

namespace Polywire.Redis.Bus;

/// <summary>All that this node hears. Safe to use concurrently.</summary>
internal sealed partial class BusSubscriptions(
    RedisLink link, LinkHealth health, BusMetrics metrics, Action<BusSubscription, ReadOnlyMemory<byte>> receive, TimeProvider time, ILogger logger)
{
    // cluster.md NO-30.
    private const int MostWaiting = 10_000;

    private const int AtOnce = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<BusAddress, BusSubscription> _all = [];

    /// <summary>Hears a channel for as long as the node runs.</summary>
    public async Task KeepAsync(BusAddress address, CancellationToken cancellationToken)
    {
        var subscription = Take(address);
        await subscription.Turn.WaitAsync(cancellationToken);
        try
        {
            subscription.IsKept = true;
            await subscription.SubscribeAsync();
        }
        finally
        {
            subscription.Turn.Release();
        }
    }

    /// <summary>Listens to a channel.</summary>
    /// <exception cref="ClusterNotReachableException">Redis has not confirmed it.</exception>
    public async ValueTask<IAsyncDisposable> AddAsync(
        BusAddress address, Func<BackplaneMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken)
    {
        var listener = new SerialQueue<BackplaneMessage>(
            handler,
            MostWaiting,
            failure => Log.HandlerFailed(logger, failure, NameOf(address)),
            lost => metrics.Dropped(BusFault.Queue, lost));
        var subscription = Take(address);
        try
        {
            await subscription.Turn.WaitAsync(cancellationToken);
            try
            {
                if (!health.IsUp)
                {
                    throw new ClusterNotReachableException();
                }

                // Before it is confirmed, so that nothing is missed that comes from then on.
                subscription.Add(listener);
                if (!subscription.IsSubscribed)
                {
                    await subscription.SubscribeAsync();
                }
            }
            finally
            {
                subscription.Turn.Release();
            }
        }
        catch
        {
            subscription.Remove(listener);
            GiveBack(subscription);
            throw;
        }

        return new Listening(this, subscription, listener);
    }

    /// <summary>Hands a message to those who listen to a channel here, as if it had come from another node.</summary>
    /// <returns>False where nobody does.</returns>
    public bool Deliver(BusAddress address, in BackplaneMessage message)
    {
        BusSubscription? subscription;
        lock (_gate)
        {
            if (!_all.TryGetValue(address, out subscription) || !subscription.IsWanted)
            {
                return false;
            }
        }

        lock (subscription.Gate)
        {
            subscription.Deliver(message);
        }

        return true;
    }

    /// <summary>Makes all subscriptions again, rather than trusting that the multiplexer has (cluster.md NO-68).</summary>
    /// <exception cref="ClusterNotReachableException">Redis has not confirmed one.</exception>
    public Task SubscribeAgainAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Snapshot(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            static async (subscription, token) =>
            {
                await subscription.Turn.WaitAsync(token);
                try
                {
                    if (subscription.IsWanted)
                    {
                        await subscription.SubscribeAsync();
                    }
                }
                finally
                {
                    subscription.Turn.Release();
                }
            });

    /// <summary>Forgets the numbers of incarnations that are gone.</summary>
    public void Forget(PeerTable now)
    {
        foreach (var subscription in Snapshot())
        {
            lock (subscription.Gate)
            {
                subscription.Sequence.Forget(incarnation => !now.IsAlive(incarnation));
            }
        }
    }

    /// <summary>Hears nothing more.</summary>
    public async Task EndAsync()
    {
        foreach (var subscription in Snapshot())
        {
            await subscription.Turn.WaitAsync();
            try
            {
                subscription.IsKept = false;
                subscription.Unsubscribe();
            }
            finally
            {
                subscription.Turn.Release();
            }
        }
    }

    // No room is named in the log (cluster.md NO-69).
    private static string NameOf(BusAddress address) => address.Kind == BusAddressKind.Room ? "the channel of a room" : "the channel of all";

    private BusSubscription[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _all.Values];
        }
    }

    private BusSubscription Take(BusAddress address)
    {
        lock (_gate)
        {
            if (!_all.TryGetValue(address, out var subscription))
            {
                _all.Add(address, subscription = new BusSubscription(address, link, receive, time));
            }

            subscription.Users++;
            return subscription;
        }
    }

    private void GiveBack(BusSubscription subscription)
    {
        lock (_gate)
        {
            if (--subscription.Users == 0)
            {
                _all.Remove(subscription.Address);
            }
        }
    }

    private async ValueTask EndAsync(BusSubscription subscription, SerialQueue<BackplaneMessage> listener)
    {
        listener.Stop();
        subscription.Remove(listener);
        await subscription.Turn.WaitAsync();
        try
        {
            if (!subscription.IsWanted)
            {
                subscription.Unsubscribe();
            }
        }
        finally
        {
            subscription.Turn.Release();
            GiveBack(subscription);
        }
    }

    private sealed class Listening(BusSubscriptions all, BusSubscription subscription, SerialQueue<BackplaneMessage> listener) : IAsyncDisposable
    {
        private bool _isDisposed;

        public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isDisposed, true) ? default : all.EndAsync(subscription, listener);
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.HandlerFailed, LogLevel.Error, "What came from another node on {Channel} could not be handled")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string channel);
    }
}
