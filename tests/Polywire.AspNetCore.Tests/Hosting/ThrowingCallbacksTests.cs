#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>What the application's code throws on a timer ends neither the timer nor the process.</summary>
public sealed class ThrowingCallbacksTests
{
    [Fact]
    public async Task HeartbeatsGoOn_WhenTheClockFailsForAWhile()
    {
        var clock = new BrokenClock();
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.PostConfigure<WebSocketServerOptions>(options => options.PingInterval = TimeSpan.FromSeconds(8));
        });
        host.ExpectedErrors = log => log.Message.StartsWith("Code of the application failed", StringComparison.Ordinal);
        await using var client = await WebSocketClient.ConnectAsync(host, "/primus?_primuscb=1");

        clock.IsBroken = true;
        clock.Advance(TimeSpan.FromSeconds(1));
        clock.IsBroken = false;
        clock.Advance(TimeSpan.FromSeconds(8));

        var (_, payload) = await client.ReadFrameAsync();
        Encoding.UTF8.GetString(payload).ShouldContain("ping");
        host.Logs.GetSnapshot().ShouldContain(log => log.Exception != null && log.Exception.Message == "thrown by the clock");
    }

    private sealed class BrokenClock : TimeProvider
    {
        private readonly ManualTimeProvider _inner = new();

        public bool IsBroken { get; set; }

        public override long TimestampFrequency => _inner.TimestampFrequency;

        public void Advance(TimeSpan time)
        {
            // In steps, as time passes.
            for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
            {
                _inner.Advance(TimeSpan.FromSeconds(1));
            }
        }

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException("thrown by the clock") : _inner.GetUtcNow();

        public override long GetTimestamp() => _inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _inner.CreateTimer(callback, state, dueTime, period);
    }
}
