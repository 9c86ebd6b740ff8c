using Microsoft.Extensions.DependencyInjection;
using Polywire.Redis.Bus;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Bus;

public sealed class WholeNodesTests(SharedRedis redis) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(redis.Server.Configuration);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NO8_NodesStartHearEachOtherAndLeaveNothing()
    {
        var one = await _cluster.Add("one").StartAsync().WithinLimit();
        var two = await _cluster.Add("two").StartAsync().WithinLimit();
        one.Services.GetRequiredService<IBackplane>().ShouldBeOfType<RedisBackplane>();
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var room = await two.Services.GetRequiredService<IBackplane>().SubscribeAsync(
            BackplaneChannel.Room("room"),
            (message, _) =>
            {
                heard.TrySetResult(System.Text.Encoding.UTF8.GetString(message.Body.Span));
                return default;
            },
            default);
        await one.Rooms.CreateAsync("room").AsTask().WithinLimit();

        await one.Rooms.SayAsync("room", "hello").AsTask().WithinLimit();

        (await heard.Task.WithinLimit()).ShouldContain("\"room\":\"room\"");
        await one.StopAsync().WithinLimit();
        await Until.TrueAsync(() => two.Services.GetRequiredService<IRoomStore>().Nodes is ["two"]);
        await two.StopAsync().WithinLimit();
        (await (await _cluster.RedisAsync()).SetLengthAsync($"{_cluster.Prefix}nodes")).ShouldBe(0);
    }
}
