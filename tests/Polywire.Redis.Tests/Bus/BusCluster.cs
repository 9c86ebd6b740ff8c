using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using StackExchange.Redis;

namespace Polywire.Redis.Tests.Bus;

/// <summary>Nodes of a test that have a lease and a bus, and nothing else of a host.</summary>
internal sealed class BusCluster(string configuration) : IAsyncDisposable
{
    private readonly List<BusNode> _nodes = [];
    private TestCluster? _cluster;

    public TimeSpan Lease { get; init; } = TimeSpan.FromMilliseconds(1500);

    public Action<RedisOptions>? Configure { get; init; }

    /// <summary>The application's, where the nodes have none of their own.</summary>
    public IConnectionMultiplexer? Multiplexer { get; init; }

    public string Prefix => Cluster.Prefix;

    private TestCluster Cluster => _cluster ??= new TestCluster(configuration) { Lease = Lease, Configure = Configure };

    /// <summary>Makes a node that holds a lease; its bus is not started.</summary>
    public async Task<BusNode> AddAsync(NodeIdentity identity, string? through = null)
    {
        var node = await Cluster.Add(identity, through, Use).ConnectAsync();
        var lease = node.Services.GetRequiredService<NodeLease>();
        await lease.RegisterAsync(default).WithinLimit();
        lease.Start();
        var added = new BusNode(node);
        _nodes.Add(added);
        return added;
    }

    /// <summary>Makes a node, and starts its bus.</summary>
    public async Task<BusNode> StartAsync(string id, string? through = null)
    {
        var node = await AddAsync(new NodeIdentity(id), through);
        await node.Bus.StartAsync(default).WithinLimit();
        return node;
    }

    public Task<IDatabase> RedisAsync() => Cluster.RedisAsync();

    /// <summary>Publishes on a channel of the cluster what a test makes up.</summary>
    /// <param name="channel">What follows <c>bus:</c>, such as <c>room:x</c>.</param>
    /// <param name="message">The whole message.</param>
    public async Task PublishAsync(string channel, string message) =>
        await (await RedisAsync()).PublishAsync(RedisChannel.Literal($"{Prefix}bus:{channel}"), message);

    private void Use(IPolywireBuilder builder)
    {
        if (Multiplexer is { } multiplexer)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(new RedisSource(_ => multiplexer)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }
    }
}
