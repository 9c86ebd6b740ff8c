using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Nodes;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport.Contracts;

namespace Polywire.Redis.Tests.Rooms;

public sealed class RedisRoomStoreTests(SharedRedis redis) : RoomStoreContract
{
    // What is asked of one room at once shares one timeout, on a machine that is busy with other tests.
    private readonly TestCluster _cluster = new(redis.Server.Configuration) { Lease = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromSeconds(3) };
    private readonly Dictionary<NodeIdentity, TestNode> _nodes = [];

    public override async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<IRoomStore> CreateStoreAsync(NodeIdentity node)
    {
        _nodes[node] = _cluster.Add(node);
        return new ValueTask<IRoomStore>(_nodes[node].Services.GetRequiredService<IRoomStore>());
    }

    protected override async ValueTask KillAsync(NodeIdentity node)
    {
        await _nodes[node].KillAsync(_cluster);
        foreach (var other in _nodes.Where(other => other.Key != node))
        {
            // As each of them does a third of a lease later.
            await other.Value.Services.GetRequiredService<Peers>().RefreshAsync(default);
        }
    }
}
