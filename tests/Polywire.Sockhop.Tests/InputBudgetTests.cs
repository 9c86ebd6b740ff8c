#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.Sockets;
using Polywire.Sockhop.Bounds;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>What all peers of a server together make it hold.</summary>
public class InputBudgetTests
{
    private const int Budget = 256 * 1024;

    [Fact]
    public async Task EndsThePeerThatHoldsMost()
    {
        await using var pair = new Pair(server => (server.MaxBufferedInput, server.CompatibilityMode) = (Budget, true));
        var budget = (InputBudget)pair.Server.Settings.Budget!;
        var errors = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var got = new TaskCompletionSource<string>();
        pair.Server.ProtocolError += (_, error) => errors.Enqueue(error.Code);
        pair.Server.On<string>((text, _, _) => got.TrySetResult(text));
        await pair.Server.StartAsync();
        using var modest = await RawPeer.ConnectAsync(pair.Path);
        await modest.SendAsync(Half(60_000));
        await UntilAsync(() => budget.ChargedBytes > 0);
        using var greedy = await RawPeer.ConnectAsync(pair.Path);
        try
        {
            await greedy.SendAsync(Half(2 * Budget));
        }
        catch (IOException)
        {
            // Ended in the middle of it.
        }

        await greedy.ReadToEndAsync();
        await modest.SendAsync("\"}");

        (await got.Task.WithinLimit()).Length.ShouldBe(60_000);

        // Told by another thread than the one that ends the connection.
        await UntilAsync(() => !errors.IsEmpty);
        errors.ShouldBe([SockhopErrorCodes.TooMuchInput]);
        modest.Dispose();
        await UntilAsync(() => budget.Accounts == 0);
        budget.ChargedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task CountsMessagesThatWaitForTheirHandlers_UntilTheyAreTaken()
    {
        await using var pair = new Pair(server => (server.MaxBufferedInput, server.CompatibilityMode) = (64 << 20, true));
        var budget = (InputBudget)pair.Server.Settings.Budget!;
        var gate = new TaskCompletionSource();
        var taken = 0;
        pair.Server.On<string>(async (_, _, _) =>
        {
            await gate.Task;
            taken++;
        });
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        for (var i = 0; i < 40; i++)
        {
            await peer.SendAsync(Line(50_000));
        }

        await UntilAsync(() => budget.ChargedBytes > 39 * 50_000);
        gate.SetResult();
        await UntilAsync(() => Volatile.Read(ref taken) == 40);

        // But for the block that the next message is received into.
        await UntilAsync(() => budget.ChargedBytes < 300_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task APeerThatWaits_HoldsNothingOfItsLastLargeMessage(int messages)
    {
        await using var pair = new Pair(server => (server.MaxBufferedInput, server.CompatibilityMode) = (64 << 20, true));
        var budget = (InputBudget)pair.Server.Settings.Budget!;
        var taken = 0;
        pair.Server.On<string>((_, _, _) => Interlocked.Increment(ref taken));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        for (var i = 1; i <= messages; i++)
        {
            await peer.SendAsync(Line(3 << 20));
            await UntilAsync(() => Volatile.Read(ref taken) == i);
        }

        await UntilAsync(() => budget.ChargedBytes is > 0 and <= 144 * 1024);
        budget.Accounts.ShouldBe(1);
    }

    [Fact]
    public async Task EndsAPeerThatLeavesAMessageHalfSent()
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(server => (server.TimeProvider, server.CompatibilityMode) = (clock, true));
        var budget = (InputBudget)pair.Server.Settings.Budget!;
        var error = new TaskCompletionSource<string>();
        pair.Server.ProtocolError += (_, e) => error.TrySetResult(e.Code);
        await pair.Server.StartAsync();
        using var silent = await RawPeer.ConnectAsync(pair.Path);
        using var half = await RawPeer.ConnectAsync(pair.Path);
        await half.SendAsync("{\"type\":"u8.ToArray());
        await UntilAsync(() => budget.Accounts == 1);
        for (var second = 0; second < 40; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await error.Task.WithinLimit()).ShouldBe(SockhopErrorCodes.MessageTimeout);
        await half.ReadToEndAsync();
        pair.Server.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task TurnsAwayOneTooManyOfAnAddress()
    {
        await using var server = new SockhopServer(new SockhopServerOptions { Port = 0, MaxConnectionsPerAddress = 1 });
        var refused = new TaskCompletionSource<Exception>();
        server.ConnectionRefused += (_, exception) => refused.TrySetResult(exception);
        await server.StartAsync();
        var port = ((IPEndPoint)server.LocalEndPoint!).Port;
        using (var first = new TcpClient())
        {
            await first.ConnectAsync(IPAddress.Loopback, port).WithinLimit();
            await UntilAsync(() => server.Sessions.Count == 1);
            using var second = new TcpClient();
            await second.ConnectAsync(IPAddress.Loopback, port).WithinLimit();
            (await refused.Task.WithinLimit()).Message.ShouldContain("MaxConnectionsPerAddress (1)");
        }

        await UntilAsync(() => server.Sessions.Count == 0);
        using var third = new TcpClient();
        await third.ConnectAsync(IPAddress.Loopback, port).WithinLimit();
        await UntilAsync(() => server.Sessions.Count == 1);
    }

    private static byte[] Half(int length) => System.Text.Encoding.ASCII.GetBytes($$"""{"type":"String","data":"{{new string('x', length)}}""");

    private static string Line(int length) => $$"""{"type":"String","data":"{{new string('x', length)}}"}""";

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Within.Limit);
            await Task.Delay(5);
        }
    }
}
