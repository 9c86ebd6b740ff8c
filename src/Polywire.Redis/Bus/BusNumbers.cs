using Polywire.Redis.Connection;
using StackExchange.Redis;

namespace Polywire.Redis.Bus;

/// <summary>Numbers what this node publishes, channel by channel (cluster.md NO-47). Not safe to use concurrently.</summary>
/// <remarks>
/// Rooms come and go, so those that have not been spoken in for long are forgotten, the older half at a time. Numbers may not go back where somebody remembers
/// them: a channel that was forgotten goes on above all that were.
/// </remarks>
/// <param name="capacity">How many channels are remembered at least.</param>
internal sealed class BusNumbers(int capacity = 50_000)
{
    private Dictionary<BusAddress, Entry> _recent = [];
    private Dictionary<BusAddress, Entry> _older = [];
    private long _floor;

    /// <summary>The next number, and the channel in Redis.</summary>
    public (RedisChannel Channel, long Sequence) Next(BusAddress address, RedisKeys keys)
    {
        if (!_recent.TryGetValue(address, out var entry))
        {
            if (_recent.Count >= capacity)
            {
                Age();
            }

            if (!_older.Remove(address, out entry))
            {
                entry = new Entry(address.ChannelIn(keys)) { Sequence = _floor };
            }

            _recent.Add(address, entry);
        }

        return (entry.Channel, ++entry.Sequence);
    }

    private void Age()
    {
        foreach (var forgotten in _older.Values)
        {
            _floor = Math.Max(_floor, forgotten.Sequence);
        }

        (_older, _recent) = (_recent, []);
    }

    private sealed class Entry(RedisChannel channel)
    {
        public RedisChannel Channel { get; } = channel;

        public long Sequence { get; set; }
    }
}
