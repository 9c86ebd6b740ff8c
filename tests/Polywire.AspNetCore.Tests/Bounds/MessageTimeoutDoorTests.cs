#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>Messages that have begun and do not get on.</summary>
public sealed class MessageTimeoutDoorTests
{
    [Theory]
    [InlineData(Door.Socket, false)]
    [InlineData(Door.Socket, true)]
    [InlineData(Door.WebSocket, false)]
    [InlineData(Door.Sockhop, false)]
    public async Task EndsAConnectionThatLeavesAMessageHalfSent(Door door, bool tls)
    {
        var time = new ManualTimeProvider();
        await using var host = await DoorHost.StartAsync(time: time, tls: tls);
        await using var silent = await host.OpenAsync(door);
        (await silent.AskAsync()).ShouldContain("\"v\"");
        await using var half = await host.OpenAsync(door);
        var accounts = host.Budget.Accounts;
        await half.BeginAsync(100);
        await DoorHost.UntilAsync(() => host.Budget.Accounts > accounts, "half a message is noticed");

        Advance(time, 25);
        host.Host.Connections.All.Count().ShouldBe(2);

        // No further than to the end: the goodbye has a limit of its own, by the same clock.
        for (var i = 0; i < 15 && !HasEnded(); i++)
        {
            Advance(time, 1);
        }

        var end = await half.ReadEndAsync();
        if (door == Door.Socket)
        {
            end.ShouldBe($$"""{"error":"the message did not arrive in time (MessageTimeout)","context":"api"}{{"\r\n"}}{{Wire.Goodbye}}{{"\r\n"}}""");
        }
        else if (door == Door.WebSocket)
        {
            end.ShouldBe("the message did not arrive in time (MessageTimeout)");
        }

        HasEnded().ShouldBeTrue();

        // Whoever says nothing at all may stay.
        Advance(time, 300);
        (await silent.AskAsync()).ShouldContain("\"v\"");

        bool HasEnded() => host.Host.Logs.GetSnapshot().Any(entry => entry.Message.Contains("Polywire:MessageTimeout", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Door.Socket)]
    [InlineData(Door.WebSocket)]
    [InlineData(Door.Sockhop)]
    public async Task BearsALongMessageThatComesSlowly(Door door)
    {
        var time = new ManualTimeProvider();
        await using var host = await DoorHost.StartAsync(time: time);
        await using var slow = await host.OpenAsync(door);
        var sent = 20_000;
        await slow.BeginAsync(sent);
        for (var i = 0; i < 4; i++)
        {
            // Buffers double: one that holds four times as much has received most of it, and the clock is not ahead of the bytes.
            await slow.GoOnAsync(3 * sent);
            sent *= 4;
            await DoorHost.UntilAsync(() => host.Budget.ChargedBytes >= sent, "what was sent has come");
            Advance(time, 25);
        }

        (await slow.FinishAsync()).ShouldContain("\"v\"");
    }

    [Theory]
    [InlineData(Door.Socket)]
    [InlineData(Door.WebSocket)]
    [InlineData(Door.Sockhop)]
    public async Task AMessageAfterAPauseHasItsOwnTime(Door door)
    {
        var time = new ManualTimeProvider();
        await using var host = await DoorHost.StartAsync(time: time);
        await using var client = await host.OpenAsync(door);
        for (var round = 0; round < 3; round++)
        {
            await client.BeginAsync(6000);
            await DoorHost.UntilAsync(() => host.Budget.ChargedBytes > 0, "half a message is counted");
            Advance(time, 15);
            (await client.FinishAsync()).ShouldContain("\"v\"");
            Advance(time, 100);
        }
    }

    [Theory]
    [InlineData(Door.Socket)]
    [InlineData(Door.WebSocket)]
    [InlineData(Door.Sockhop)]
    public async Task ZeroWaitsForEver(Door door)
    {
        var time = new ManualTimeProvider();
        await using var host = await DoorHost.StartAsync(options => options.MessageTimeout = TimeSpan.Zero, time);
        await using var half = await host.OpenAsync(door);
        await half.BeginAsync(100);
        await DoorHost.UntilAsync(() => host.Budget.Accounts > 0, "half a message is noticed");
        Advance(time, 1000);
        (await half.FinishAsync()).ShouldContain("\"v\"");
    }

    private static void Advance(ManualTimeProvider time, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
