using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Polywire.TestSupport.Contracts;
using StackExchange.Redis;

namespace Polywire.Redis.Tests.Rooms;

/// <summary>The rooms of one node, without anything that listens or speaks to others.</summary>
internal sealed class StoreNode(TestNode node, FakeLocalRooms local)
{
    public TestNode Node => node;

    public FakeLocalRooms Local => local;

    public string Incarnation => node.Identity.Incarnation;

    public IRoomStore Store => node.Services.GetRequiredService<IRoomStore>();

    public NodeLease Lease => node.Services.GetRequiredService<NodeLease>();

    public LinkHealth Health => node.Services.GetRequiredService<LinkHealth>();

    /// <summary>Makes and starts one.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="id">Its id.</param>
    /// <param name="configuration">Where it finds Redis, such as a proxy.</param>
    /// <param name="startingRooms">Its starting rooms, which are not created.</param>
    public static async Task<StoreNode> StartAsync(TestCluster cluster, string id, string? configuration = null, params string[] startingRooms)
    {
        var node = new StoreNode(cluster.Add(id, configuration), new FakeLocalRooms { StartingRooms = startingRooms });
        await node.Store.StartAsync(node.Local, default).WithinLimit();

        // As the bus does it, which has subscriptions to make besides.
        node.Health.Start(node.Lease.BeatAsync, static comeUp => comeUp());
        return node;
    }

    /// <summary>As the rooms do it: here first, then in the store.</summary>
    public async Task<JoinOutcome> JoinAsync(string room, string id)
    {
        var member = Member(id);
        local.Add(room, member, null);
        var outcome = await Store.JoinAsync(room, member, default);
        if (outcome.IsJoined)
        {
            local.Add(room, member, outcome.Generation);
        }
        else
        {
            local.Remove(room, id);
        }

        return outcome;
    }

    public Task LeaveAsync(string room, params string[] ids)
    {
        foreach (var id in ids)
        {
            local.Remove(room, id);
        }

        return Store.LeaveAsync([new RoomLeave { Room = room, Members = ids }], default).AsTask();
    }

    public static RoomMember Member(string id) => new() { Id = id, JoinedAt = DateTimeOffset.UnixEpoch.AddDays(1) };

    /// <summary>Looks again and again, also while Redis is away.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsSoAsync(condition))
        {
            if (TimeProvider.System.GetElapsedTime(started) > (limit ?? Within.Limit))
            {
                throw new TimeoutException("It was not so in time.");
            }

            await Task.Yield();
        }
    }

    private static async Task<bool> IsSoAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (Exception exception) when (exception is RedisException or ClusterNotReachableException or TimeoutException)
        {
            return false;
        }
    }
}
