#pragma warning disable xUnit1051 // Every wait is bounded by the patience of the fixture.
using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests;

public sealed class DirectSocketReaderTests
{
    private static readonly byte[] Text = Encoding.ASCII.GetBytes("first line\nsecond\r\n\nthe last one is longer\n");

    [Theory, InlineData(true), InlineData(false)]
    public async Task ReadsTheSameLines_HoweverTheBytesAreSplit(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();

        for (var split = 0; split <= Text.Length; split++)
        {
            var lines = ReadLinesAsync(server, 4);
            await client.SendAsync(Text.AsMemory(0, split));
            await client.SendAsync(Text.AsMemory(split));
            (await lines).ShouldBe(["first line", "second\r", "", "the last one is longer"], $"split at {split}");
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ReadsTheSameLines_ByteByByte(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();

        var lines = ReadLinesAsync(server, 4);
        foreach (var one in Text)
        {
            await client.SendAsync(new[] { one });
        }

        (await lines).ShouldBe(["first line", "second\r", "", "the last one is longer"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task KeepsWhatIsNotConsumed_OverManyBlocks(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var sent = new byte[1_000_000];
        new Random(7).NextBytes(sent);

        var sending = SendAllAsync(client, sent);
        var result = await server.Input.ReadAsync().Soon();
        while (result.Buffer.Length < sent.Length)
        {
            server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await server.Input.ReadAsync().Soon();
        }

        result.Buffer.ToArray().ShouldBe(sent);
        await sending;

        // Off in uneven pieces, each seen again from its start.
        for (var at = 0; at < sent.Length;)
        {
            var step = Math.Min(4095, sent.Length - at);
            server.Input.AdvanceTo(result.Buffer.GetPosition(step), result.Buffer.GetPosition(step));
            at += step;
            if (at < sent.Length)
            {
                server.Input.TryRead(out result).ShouldBeTrue();
                result.Buffer.Length.ShouldBe(sent.Length - at);
                result.Buffer.FirstSpan[0].ShouldBe(sent[at]);
            }
        }

        server.Input.TryRead(out _).ShouldBeFalse();
        fixture.Pool.Rented.ShouldBe(0);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task WaitsForMore_OnlyWhenAllIsExamined(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        await client.SendAsync("abc"u8.ToArray());

        var result = await server.Input.ReadAsync().Soon();
        server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.GetPosition(2));
        var again = server.Input.ReadAsync();
        again.IsCompletedSuccessfully.ShouldBeTrue();
        result = await again;
        result.Buffer.Length.ShouldBe(3);

        server.Input.AdvanceTo(result.Buffer.GetPosition(1), result.Buffer.End);
        var waiting = server.Input.ReadAsync();
        waiting.IsCompleted.ShouldBeFalse();
        await client.SendAsync("d"u8.ToArray());
        result = await waiting.Soon();
        Encoding.ASCII.GetString(result.Buffer).ShouldBe("bcd");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task AppendsOneReceiveToWhatWasLeft(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();

        await client.SendAsync("half a line"u8.ToArray());
        var result = await server.Input.ReadAsync().Soon();
        result.Buffer.Length.ShouldBe(11);
        server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);

        await client.SendAsync(new byte[] { 4 });
        result = await server.Input.ReadAsync().Soon();
        result.Buffer.Length.ShouldBe(12);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task GoesOnBehindUrgentData(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();

        await client.SendAsync("before"u8.ToArray());
        client.Send([0xf2], SocketFlags.OutOfBand);
        await client.SendAsync("after\n"u8.ToArray());

        (await ReadLinesAsync(server, 1)).ShouldBe(["beforeafter"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task CompletesWithTheRest_AtTheEndOfInputInMidMessage(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        await client.SendAsync("no end"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);

        var result = await server.Input.ReadAsync().Soon();
        while (!result.IsCompleted)
        {
            server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await server.Input.ReadAsync().Soon();
        }

        Encoding.ASCII.GetString(result.Buffer).ShouldBe("no end");
        server.Input.AdvanceTo(result.Buffer.End);
        (await server.Input.ReadAsync().Soon()).IsCompleted.ShouldBeTrue();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ThrowsConnectionReset_WhenThePeerResets(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var reading = server.Input.ReadAsync().Soon();
        var closed = new TaskCompletionSource();
        server.ConnectionClosed.Register(closed.SetResult);

        client.LingerState = new LingerOption(true, 0);
        client.Dispose();

        await Should.ThrowAsync<ConnectionResetException>(reading);
        await closed.Task.Soon();
        (await server.Output.WriteAsync(Text).Soon()).IsCompleted.ShouldBeTrue();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task CancelPendingRead_EndsOneRead_AndLosesNothing(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();

        for (var i = 0; i < 50; i++)
        {
            var reading = server.Input.ReadAsync();
            server.Input.CancelPendingRead();
            var result = await reading.Soon();
            result.IsCanceled.ShouldBeTrue();
            server.Input.AdvanceTo(result.Buffer.End);
        }

        server.Input.CancelPendingRead();
        (await server.Input.ReadAsync().Soon()).IsCanceled.ShouldBeTrue();

        await client.SendAsync("x\n"u8.ToArray());
        (await ReadLinesAsync(server, 1)).ShouldBe(["x"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ACanceledToken_EndsOneRead_AndLosesNothing(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        using var cancellation = new CancellationTokenSource();

        var reading = server.Input.ReadAsync(cancellation.Token).Soon();
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
        await client.SendAsync("x\n"u8.ToArray());
        (await ReadLinesAsync(server, 1)).ShouldBe(["x"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Abort_WakesAPendingRead_AndResets(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var reading = server.Input.ReadAsync().Soon();

        server.Abort(new ConnectionAbortedException("enough"));

        (await Should.ThrowAsync<ConnectionAbortedException>(reading)).Message.ShouldBe("enough");
        server.ConnectionClosed.IsCancellationRequested.ShouldBeTrue();
        var error = await Should.ThrowAsync<SocketException>(client.ReceiveExactlyAsync(1));
        error.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task HoldsNoMemory_AndAllocatesNothing_FromReadToRead()
    {
        await using var fixture = await TransportFixture.StartAsync(poller: true);
        var (client, server) = await fixture.PairAsync();
        var message = new byte[100];
        long before = 0;

        // Data is there before each read, so that all of it happens on this thread.
        for (var i = 0; i < 1200; i++)
        {
            client.Send(message);
            if (i == 200)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            server.Input.AdvanceTo(ReadOnThisThread(server.Input).Buffer.End);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000 * 8);
        fixture.Pool.Rented.ShouldBe(0);
    }

    private static ReadResult ReadOnThisThread(PipeReader input)
    {
        var reading = input.ReadAsync();
        while (!reading.IsCompleted)
        {
            Thread.Yield();
        }

        return reading.GetAwaiter().GetResult();
    }

    private static async Task SendAllAsync(Socket client, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes).Soon()..];
        }
    }

    private static async Task<List<string>> ReadLinesAsync(DirectSocketConnection server, int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            var result = await server.Input.ReadAsync().Soon();
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                lines.Add(Encoding.ASCII.GetString(buffer.Slice(0, end)));
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            server.Input.AdvanceTo(buffer.Start, buffer.End);
        }

        return lines;
    }
}
