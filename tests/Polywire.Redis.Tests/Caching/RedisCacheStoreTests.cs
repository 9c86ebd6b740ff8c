using Microsoft.Extensions.DependencyInjection;
using Polywire.Caching;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Polywire.TestSupport.Contracts;
using Xunit;

namespace Polywire.Redis.Tests.Caching;

public sealed class RedisCacheStoreTests(SharedRedis redis) : CacheStoreContract, IAsyncLifetime
{
    // A database of its own: the contract has a prefix of its own, and begins with nothing.
    private readonly TestCluster _cluster = new($"{redis.Server.Configuration},defaultDatabase=9") { Prefix = "test:" };
    private ICacheStore? _store;

    protected override ICacheStore Store => _store!;

    protected override DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    public async ValueTask InitializeAsync()
    {
        var node = await _cluster.Add("one").ConnectAsync();
        _store = node.Services.GetRequiredService<ICacheStore>();
        await (await _cluster.RedisAsync()).ExecuteAsync("FLUSHDB");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    // Redis lets time pass by its own clock, and no other.
    protected override async ValueTask PassAsync(TimeSpan time)
    {
        var database = await _cluster.RedisAsync();
        var end = await TimeOfAsync(database) + (long)time.TotalMicroseconds;
        while (await TimeOfAsync(database) < end)
        {
            await Task.Yield();
        }

        static async Task<long> TimeOfAsync(StackExchange.Redis.IDatabase database)
        {
            var parts = (long[])(await database.ExecuteAsync("TIME"))!;
            return (parts[0] * 1_000_000) + parts[1];
        }
    }
}
