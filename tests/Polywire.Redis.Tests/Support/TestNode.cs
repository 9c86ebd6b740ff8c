using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;

namespace Polywire.Redis.Tests.Support;

/// <summary>One node of a <see cref="TestCluster"/>.</summary>
public sealed class TestNode(IHost host, NodeIdentity identity) : IAsyncDisposable
{
    private bool _isStarted;

    public IServiceProvider Services => host.Services;

    public NodeIdentity Identity => identity;

    public IRooms Rooms => Services.GetRequiredService<IRooms>();

    public FakeLogCollector Logs => Services.GetRequiredService<FakeLogCollector>();

    /// <summary>Connects to Redis, without taking a lease or hearing anybody.</summary>
    public async Task<TestNode> ConnectAsync()
    {
        await Services.GetRequiredService<RedisLink>().ConnectAsync(default);
        return this;
    }

    /// <summary>Starts the whole node.</summary>
    public async Task<TestNode> StartAsync()
    {
        await host.StartAsync();
        _isStarted = true;
        return this;
    }

    public async Task StopAsync()
    {
        _isStarted = false;
        await host.StopAsync();
    }

    /// <summary>Lets it die as a process does that is killed: it does nothing more by itself, and its lease ends.</summary>
    public async Task KillAsync(TestCluster cluster)
    {
        await Services.GetRequiredService<LinkHealth>().DisposeAsync();
        await Services.GetRequiredService<NodeLease>().HaltAsync();
        await (await cluster.RedisAsync()).KeyDeleteAsync($"{cluster.Prefix}node:{identity.Id}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
        {
            await host.StopAsync();
        }

        if (host is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
    }
}
