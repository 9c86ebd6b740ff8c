using System.Collections.Immutable;
using Polywire.Cluster;
using Polywire.Redis.Connection;
using StackExchange.Redis;

namespace Polywire.Redis.Bus;

/// <summary>What this node hears of one channel: one subscription in Redis, however many listen to it here (cluster.md NO-30).</summary>
/// <remarks>What concerns the subscription in Redis is done in <see cref="Turn"/>; what comes is passed on under <see cref="Gate"/>.</remarks>
/// <param name="address">The channel.</param>
/// <param name="link">The way to Redis.</param>
/// <param name="receive">Gets what comes, one by one.</param>
/// <param name="time">The clock.</param>
internal sealed class BusSubscription(BusAddress address, RedisLink link, Action<BusSubscription, ReadOnlyMemory<byte>> receive, TimeProvider time)
{
    private ImmutableArray<SerialQueue<BackplaneMessage>> _listeners = [];
    private ChannelMessageQueue? _queue;

    public BusAddress Address => address;

    /// <summary>One at a time subscribes, unsubscribes, or subscribes again.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Guards <see cref="Sequence"/>, and with it the order of what is passed on.</summary>
    public Lock Gate { get; } = new();

    public BusSequence Sequence { get; } = new();

    /// <summary>How many hold on to this object; under the lock of the table.</summary>
    public int Users { get; set; }

    /// <summary>Whether it is the node's own, which it hears for as long as it runs.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether Redis has confirmed it.</summary>
    public bool IsSubscribed => _queue is not null;

    /// <summary>Whether anybody listens.</summary>
    public bool IsWanted => IsKept || !_listeners.IsEmpty;

    public void Add(SerialQueue<BackplaneMessage> listener) => ImmutableInterlocked.Update(ref _listeners, static (those, added) => those.Add(added), listener);

    public void Remove(SerialQueue<BackplaneMessage> listener) => ImmutableInterlocked.Update(ref _listeners, static (those, gone) => those.Remove(gone), listener);

    /// <summary>Hands a message to all who listen; each has a queue of its own.</summary>
    public void Deliver(in BackplaneMessage message)
    {
        foreach (var listener in _listeners)
        {
            listener.Add(message);
        }
    }

    /// <summary>Subscribes, again where it did before; completes when Redis has confirmed it. In turn.</summary>
    /// <exception cref="ClusterNotReachableException">It is not confirmed, and is not made later either.</exception>
    public async Task SubscribeAsync()
    {
        Unsubscribe();
        var (subscriber, channel) = (link.Subscriber, address.ChannelIn(link.Keys));
        var subscribing = BeginAsync(subscriber, channel);
        try
        {
            var queue = await subscribing.WaitAsync(link.Options.Timeout, time);
            queue.OnMessage(message => receive(this, message.Message));
            _queue = queue;
        }
        catch (Exception exception) when (exception is RedisException || RedisLink.IsAway(exception))
        {
            // The multiplexer keeps it in mind and would carry it out when the link is back (cluster.md NO-67).
            subscribing.Forget();
            EndAsync(() => subscriber.UnsubscribeAsync(channel)).Forget();
            throw new ClusterNotReachableException(exception);
        }
    }

    /// <summary>Hears no more; Redis is told and not waited for. In turn.</summary>
    public void Unsubscribe()
    {
        if (_queue is { } queue)
        {
            _queue = null;
            EndAsync(() => queue.UnsubscribeAsync()).Forget();
        }
    }

    private static async Task<ChannelMessageQueue> BeginAsync(ISubscriber subscriber, RedisChannel channel) => await subscriber.SubscribeAsync(channel);

    private static async Task EndAsync(Func<Task> unsubscribe) => await unsubscribe();
}
