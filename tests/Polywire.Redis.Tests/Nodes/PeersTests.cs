using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Nodes;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Nodes;

public sealed class PeersTests(SharedRedis redis) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(redis.Server.Configuration) { Lease = TimeSpan.FromMinutes(1) };

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NO11_WhoHasGoneIsTold()
    {
        var one = await RegisterAsync("one");
        var two = await RegisterAsync("two");
        var peers = one.Services.GetRequiredService<Peers>();
        var told = new List<IReadOnlyList<string>>();
        peers.Gone += table => told.Add(table.Ids);
        await peers.RefreshAsync(default).WithinLimit();
        told.ShouldBeEmpty();

        await two.Services.GetRequiredService<NodeLease>().EndAsync(default).WithinLimit();
        await peers.RefreshAsync(default).WithinLimit();
        await peers.RefreshAsync(default).WithinLimit();

        told.ShouldHaveSingleItem().ShouldBe(["one"]);
    }

    [Fact]
    public async Task NO11_OfManyLooksAtOnceTheLastIsShown()
    {
        var one = await RegisterAsync("one");
        var two = await RegisterAsync("two");
        var peers = one.Services.GetRequiredService<Peers>();

        // Begun before the end, whenever they are answered.
        var looks = Enumerable.Range(0, 20).Select(_ => peers.RefreshAsync(default)).ToArray();
        await two.Services.GetRequiredService<NodeLease>().EndAsync(default).WithinLimit();
        await peers.RefreshAsync(default).WithinLimit();
        await Task.WhenAll(looks).WithinLimit();

        peers.Table.Ids.ShouldBe(["one"]);
    }

    private async Task<TestNode> RegisterAsync(string id)
    {
        var node = await _cluster.Add(id).ConnectAsync();
        await node.Services.GetRequiredService<NodeLease>().RegisterAsync(default).WithinLimit();
        return node;
    }
}
