using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Polywire.Cluster;

/// <summary>What the backplanes of one process have in common: who hears what, and who answers what. Safe to use concurrently.</summary>
/// <remarks>A host has one of its own, and so hears nobody; two hosts in one process that are given the same one are two nodes.</remarks>
internal sealed class InProcessBus
{
    private readonly ConcurrentDictionary<BackplaneChannel, ImmutableArray<Subscription>> _subscriptions = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<Responder>> _responders = new(StringComparer.Ordinal);

    public ImmutableArray<Subscription> Of(BackplaneChannel channel) =>
        _subscriptions.TryGetValue(channel, out var those) ? those : [];

    public ImmutableArray<Responder> Of(string method) => _responders.TryGetValue(method, out var those) ? those : [];

    public IAsyncDisposable Add(Subscription subscription) => new Entry<BackplaneChannel, Subscription>(_subscriptions, subscription.Channel, subscription);

    public IAsyncDisposable Add(Responder responder) => new Entry<string, Responder>(_responders, responder.Method, responder);

    /// <summary>What one node hears of a channel.</summary>
    internal sealed record Subscription(NodeIdentity Node, BackplaneChannel Channel, SerialQueue<BackplaneMessage> Queue) : IStoppable
    {
        public void Stop() => Queue.Stop();
    }

    /// <summary>What one node answers.</summary>
    internal sealed record Responder(
        NodeIdentity Node, string Method, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> Answer) : IStoppable
    {
        public void Stop()
        {
        }
    }

    private interface IStoppable
    {
        void Stop();
    }

    private sealed class Entry<TKey, T> : IAsyncDisposable
        where TKey : notnull
        where T : IStoppable
    {
        private readonly ConcurrentDictionary<TKey, ImmutableArray<T>> _table;
        private readonly TKey _key;
        private readonly T _value;

        public Entry(ConcurrentDictionary<TKey, ImmutableArray<T>> table, TKey key, T value)
        {
            (_table, _key, _value) = (table, key, value);
            table.AddOrUpdate(key, _ => [value], (_, others) => others.Add(value));
        }

        public ValueTask DisposeAsync()
        {
            _value.Stop();
            while (_table.TryGetValue(_key, out var others))
            {
                var rest = others.Remove(_value);
                if (rest.IsEmpty
                    ? _table.TryRemove(new KeyValuePair<TKey, ImmutableArray<T>>(_key, others))
                    : _table.TryUpdate(_key, rest, others))
                {
                    break;
                }
            }

            return default;
        }
    }
}
