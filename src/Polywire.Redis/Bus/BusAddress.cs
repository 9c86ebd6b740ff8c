using Polywire.Redis.Connection;
using StackExchange.Redis;

namespace Polywire.Redis.Bus;

/// <summary>Where a message between nodes goes: all nodes, those who hear a room, or one. Two are equal if they name the same.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Name">Of the room, or the id of the node; empty for all.</param>
internal readonly record struct BusAddress(BusAddressKind Kind, string Name)
{
    public static BusAddress All => new(BusAddressKind.All, string.Empty);

    public static BusAddress Node(string id) => new(BusAddressKind.Node, id);

    public static BusAddress Of(BackplaneChannel channel) => channel.RoomName is { } room ? new BusAddress(BusAddressKind.Room, room) : All;

    /// <summary>The channel in Redis.</summary>
    public RedisChannel ChannelIn(RedisKeys keys) => Kind switch
    {
        BusAddressKind.Room => keys.RoomChannel(Name),
        BusAddressKind.Node => keys.NodeChannel(Name),
        _ => keys.AllChannel,
    };
}
