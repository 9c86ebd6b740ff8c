using Polywire.Redis.Tests.Support;
using Polywire.TestSupport.Contracts;

namespace Polywire.Redis.Tests.Bus;

public sealed class RedisBackplaneTests(SharedRedis redis) : BackplaneContract
{
    private readonly BusCluster _cluster = new(redis.Server.Configuration) { Lease = TimeSpan.FromMinutes(1) };

    protected override TimeSpan Patience => TimeSpan.FromSeconds(2);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    protected override async ValueTask<IBackplane> CreateBackplaneAsync(NodeIdentity node) => (await _cluster.AddAsync(node)).Bus;

    protected override Task AdvanceAsync(TimeSpan time) => Task.CompletedTask;
}
