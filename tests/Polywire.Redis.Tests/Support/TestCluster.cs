using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;
using StackExchange.Redis;

namespace Polywire.Redis.Tests.Support;

/// <summary>Nodes of a test on one Redis, under a prefix of their own.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestNode> _nodes = [];
    private readonly string _configuration;
    private ConnectionMultiplexer? _own;

    public TestCluster(string configuration) => _configuration = configuration;

    /// <summary>What all keys and channels of the test begin with.</summary>
    public string Prefix { get; init; } = $"t{Guid.NewGuid():N}:";

    /// <summary>Short, so that a death is seen soon.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMilliseconds(1500);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    public Action<RedisOptions>? Configure { get; init; }

    /// <summary>Makes a node; nothing of it is started.</summary>
    /// <param name="id">The node's id.</param>
    /// <param name="configuration">Where it finds Redis, such as a proxy; that of the cluster by default.</param>
    /// <param name="polywire">Adds more to it.</param>
    public TestNode Add(string id, string? configuration = null, Action<IPolywireBuilder>? polywire = null) =>
        Add(new NodeIdentity(id), configuration, polywire);

    public TestNode Add(NodeIdentity identity, string? configuration = null, Action<IPolywireBuilder>? polywire = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var logs = new FakeLogCollector();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging();
        builder.Services.AddSingleton(identity);
        var added = builder.AddPolywire(options => options.StartingRooms.Clear());
        added.AddRedis(configuration ?? _configuration, options =>
        {
            options.Prefix = Prefix;
            options.Lease = Lease;
            options.Timeout = Timeout;
            options.CallTimeout = Timeout;
            Configure?.Invoke(options);
        });
        polywire?.Invoke(added);
        var node = new TestNode(builder.Build(), identity);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A database connection of the test's own, to look into Redis.</summary>
    public async Task<IDatabase> RedisAsync() => (_own ??= await ConnectionMultiplexer.ConnectAsync($"{_configuration},allowAdmin=true")).GetDatabase();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (_own is { } own)
        {
            await own.DisposeAsync();
        }
    }
}
