using Polywire.Cluster;
using Polywire.TestSupport.Contracts;

namespace Polywire.Tests.Cluster;

public sealed class InProcessRoomStoreTests : RoomStoreContract
{
    private readonly InProcessRooms _rooms = new();

    protected override ValueTask<IRoomStore> CreateStoreAsync(NodeIdentity node) => new(new InProcessRoomStore(_rooms, node));

    protected override ValueTask KillAsync(NodeIdentity node)
    {
        _rooms.End(node);
        return default;
    }
}
