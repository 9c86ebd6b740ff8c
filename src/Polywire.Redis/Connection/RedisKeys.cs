using System.Globalization;
using StackExchange.Redis;

namespace Polywire.Redis.Connection;

/// <summary>The names of keys and channels (cluster.md NO-12, NO-14). Immutable.</summary>
/// <param name="prefix">What all begin with; with its hash tag on a Redis Cluster.</param>
/// <param name="database">The number of the database, which channels do not know of.</param>
/// <param name="isSharded">Whether the server is a Redis Cluster.</param>
internal sealed class RedisKeys(string prefix, int database, bool isSharded)
{
    private readonly string _bus = database == 0 ? $"{prefix}bus:" : string.Create(CultureInfo.InvariantCulture, $"{prefix}{database}:bus:");

    /// <summary>The set of all rooms.</summary>
    public RedisKey Rooms { get; } = $"{prefix}chatRoom:rooms";

    /// <summary>The set of incarnations that may have left something.</summary>
    public RedisKey Nodes { get; } = $"{prefix}nodes";

    /// <summary>Names the data set; another value is other data.</summary>
    public RedisKey Epoch { get; } = $"{prefix}epoch";

    /// <summary>Counts creations and removals of rooms.</summary>
    public RedisKey Generation { get; } = $"{prefix}generation";

    /// <summary>The hash of rooms and the generations of their creation.</summary>
    public RedisKey Made { get; } = $"{prefix}made";

    /// <summary>The hash of requests since the data began, by transport.</summary>
    public RedisKey Stats { get; } = $"{prefix}stats";

    /// <summary>The channel of all nodes.</summary>
    public RedisChannel AllChannel => RedisChannel.Literal($"{_bus}all");

    /// <summary>The hash of a room's members.</summary>
    public RedisKey Members(string room) => $"{prefix}chatRoom:members:{room}";

    /// <summary>The lease of a node.</summary>
    public RedisKey Node(string id) => $"{prefix}node:{id}";

    /// <summary>The set of rooms in which an incarnation may have members.</summary>
    public RedisKey NodeRooms(string incarnation) => $"{prefix}noderooms:{incarnation}";

    /// <summary>Who sweeps what an incarnation left.</summary>
    public RedisKey Sweep(string incarnation) => $"{prefix}sweep:{incarnation}";

    /// <summary>The channel of a room; sharded on a Redis Cluster.</summary>
    public RedisChannel RoomChannel(string room) =>
        isSharded ? RedisChannel.Sharded($"{_bus}room:{room}") : RedisChannel.Literal($"{_bus}room:{room}");

    /// <summary>The channel of one node.</summary>
    public RedisChannel NodeChannel(string id) => RedisChannel.Literal($"{_bus}node:{id}");
}
