using Polywire.TestSupport.Redis;
using Xunit;

[assembly: AssemblyFixture(typeof(Polywire.Redis.Tests.Support.SharedRedis))]

namespace Polywire.Redis.Tests.Support;

/// <summary>The Redis that those tests share which break nothing of it; each has a prefix of its own.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private RedisServer? _server;

    public RedisServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }
    }
}
