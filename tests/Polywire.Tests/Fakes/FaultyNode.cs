using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Cluster;
using Polywire.TestSupport.Faults;

namespace Polywire.Tests.Fakes;

/// <summary>What the nodes of one process share.</summary>
internal sealed class SharedCluster
{
    public InProcessRooms Rooms { get; } = new();

    public InProcessBus Bus { get; } = new();

    public InProcessRoomLog Log { get; } = new(TimeProvider.System, NullLogger<InProcessRoomLog>.Instance);
}

/// <summary>The seams of one host, each of which fails on order. One host for each object.</summary>
internal sealed class FaultyNode(SharedCluster? cluster = null)
{
    private readonly SharedCluster _cluster = cluster ?? new SharedCluster();
    private FaultyRoomStore? _store;
    private FaultyBackplane? _backplane;

    public FaultyRoomStore Store => _store ?? throw new InvalidOperationException("The host has not started.");

    public FaultyBackplane Backplane => _backplane ?? throw new InvalidOperationException("The host has not started.");

    public FaultyRoomLog Log => field ??= new FaultyRoomLog(_cluster.Log);

    /// <summary>The node as the others know it.</summary>
    public NodeIdentity Identity { get; private set; } = null!;

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(_cluster.Rooms);
        services.AddSingleton(_cluster.Bus);
        services.AddSingleton<IRoomLog>(Log);
        services.AddSingleton<IRoomStore>(provider =>
        {
            Identity = provider.GetRequiredService<NodeIdentity>();
            return _store = new FaultyRoomStore(ActivatorUtilities.CreateInstance<InProcessRoomStore>(provider));
        });
        services.AddSingleton<IBackplane>(provider =>
            _backplane = new FaultyBackplane(ActivatorUtilities.CreateInstance<InProcessBackplane>(provider)));
    }

    /// <summary>Lets the node die for the others: its lease ends, and nothing of it comes through any more.</summary>
    public void Kill()
    {
        Backplane.TakeDown();
        Store.Faults.IsAway = true;
        _cluster.Rooms.End(Identity);
    }
}
