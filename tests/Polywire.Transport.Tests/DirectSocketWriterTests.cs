#pragma warning disable xUnit1051 // Every wait is bounded by the patience of the fixture.
using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests;

public sealed class DirectSocketWriterTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task SendsWhatWasWrittenInPieces_AsOne(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var bytes = new byte[100_000];
        new Random(3).NextBytes(bytes);

        for (var at = 0; at < bytes.Length; at += 1000)
        {
            server.Output.Write(bytes.AsSpan(at, 1000));
        }

        server.Output.UnflushedBytes.ShouldBe(bytes.Length);
        var flush = server.Output.FlushAsync().Soon();

        (await client.ReceiveExactlyAsync(bytes.Length)).ShouldBe(bytes);
        (await flush).IsCompleted.ShouldBeFalse();
        await fixture.AllReturnedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Sends50MegabytesWhole_FromItsOwnMemory(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        const int Size = 50 * 1024 * 1024;

        var received = client.ReceiveToEndAsync();
        for (var left = Size; left > 0;)
        {
            var span = server.Output.GetMemory(1)[..Math.Min(left, 1)];
            span.Span.Fill(1);
            var piece = server.Output.GetMemory(32 * 1024);
            var bytes = Math.Min(left, piece.Length);
            server.Output.Advance(bytes);
            left -= bytes;
            (await server.Output.FlushAsync().Soon()).IsCompleted.ShouldBeFalse();
        }

        await server.Output.CompleteAsync();

        (await received).ShouldBe(Size);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Sends50MegabytesWhole_InOneFlush(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var bytes = new byte[50 * 1024 * 1024];
        new Random(5).NextBytes(bytes);

        var received = client.ReceiveExactlyAsync(bytes.Length);
        server.Output.Write(bytes);
        await server.Output.FlushAsync().Soon();

        (await received).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task SendsTheCallersMemory_WithoutTakingAny(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var bytes = new byte[50 * 1024 * 1024];
        new Random(5).NextBytes(bytes);

        var writing = server.Output.WriteAsync(bytes);
        writing.IsCompleted.ShouldBeFalse();
        fixture.Pool.Rented.ShouldBe(0);
        var received = await client.ReceiveExactlyAsync(bytes.Length);

        (await writing.Soon()).IsCompleted.ShouldBeFalse();
        received.AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        await fixture.AllReturnedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task SendsTheCallersMemory_BehindWhatWaits(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var bytes = new byte[50 * 1024 * 1024];
        new Random(7).NextBytes(bytes);

        server.Output.Write(bytes.AsSpan(0, 100));
        var writing = server.Output.WriteAsync(bytes.AsMemory(100));

        // What was written before is out, and nothing of the rest was copied.
        await fixture.AllReturnedAsync();
        writing.IsCompleted.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => server.Output.FlushAsync().AsTask()).Message.ShouldContain("pending");
        var received = await client.ReceiveExactlyAsync(bytes.Length);

        (await writing.Soon()).IsCompleted.ShouldBeFalse();
        received.AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task LetsTheCallersMemoryGo_WhenItIsAbortedBehindWhatWaits(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (_, server) = await fixture.PairAsync();

        server.Output.Write(new byte[8 * 1024 * 1024]);
        var writing = server.Output.WriteAsync(new byte[8 * 1024 * 1024]);
        server.Output.CancelPendingFlush();
        writing.IsCompleted.ShouldBeFalse();
        server.Abort(new ConnectionAbortedException());

        (await writing.Soon()).IsCompleted.ShouldBeTrue();
        await fixture.AllReturnedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task KeepsTheOrder_OfCopiesAndCallersMemory(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var random = new Random(11);
        var expected = new byte[3_000_000];
        random.NextBytes(expected);

        var received = client.ReceiveExactlyAsync(expected.Length);
        for (var at = 0; at < expected.Length;)
        {
            var size = Math.Min(random.Next(1, random.Next(2) == 0 ? 300 : 200_000), expected.Length - at);
            if (random.Next(2) == 0)
            {
                server.Output.Write(expected.AsSpan(at, size));
                await server.Output.FlushAsync().Soon();
            }
            else
            {
                await server.Output.WriteAsync(expected.AsMemory(at, size)).Soon();
            }

            at += size;
        }

        (await received).AsSpan().SequenceEqual(expected).ShouldBeTrue();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task MayBeWritten_WhileAFlushIsPending(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var pending = await FillAsync(server.Output);

        var memory = server.Output.GetMemory(10);
        "0123456789"u8.CopyTo(memory.Span);
        var drained = client.ReceiveToEndAsync();
        await pending.Flush.Soon();
        server.Output.Advance(10);
        await server.Output.FlushAsync().Soon();
        await server.Output.CompleteAsync();

        (await drained).ShouldBe(pending.Written + 10);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task AFlushPends_WhileThePeerDoesNotRead_UntilAbort(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (_, server) = await fixture.PairAsync();
        var pending = await FillAsync(server.Output);

        pending.Flush.IsCompleted.ShouldBeFalse();
        server.Abort(new ConnectionAbortedException("does not read"));

        (await pending.Flush.Soon()).IsCompleted.ShouldBeTrue();
        await server.DisposeAsync().AsTask().Soon();
        await fixture.AllReturnedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task AWriteOfTheCallersMemory_EndsWithAbort(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (_, server) = await fixture.PairAsync();

        var writing = server.Output.WriteAsync(new byte[50 * 1024 * 1024]);
        writing.IsCompleted.ShouldBeFalse();
        server.Abort(new ConnectionAbortedException());

        (await writing.Soon()).IsCompleted.ShouldBeTrue();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task CancelPendingFlush_EndsTheFlush_AndLosesNothing(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var pending = await FillAsync(server.Output);

        server.Output.CancelPendingFlush();
        (await pending.Flush.Soon()).IsCanceled.ShouldBeTrue();
        var drained = client.ReceiveToEndAsync();
        await server.Output.CompleteAsync();

        (await drained).ShouldBe(pending.Written);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task IsSafe_WhenManyFlushAndOneReads(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var gate = new Lock();
        Task<FlushResult> flush = server.Output.FlushAsync().AsTask();
        const int Each = 2000;
        var message = new byte[100];

        var received = client.ReceiveExactlyAsync(4 * Each * message.Length);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                lock (gate)
                {
                    server.Output.Write(message);
                    flush = flush.IsCompleted ? server.Output.FlushAsync().AsTask() : flush;
                }
            }
        }))).Soon();
        await flush.Soon();
        await server.Output.FlushAsync().Soon();

        await received;
    }

    // Writes until the system takes no more.
    private static async Task<(Task<FlushResult> Source, long Written, ValueTask<FlushResult> Flush)> FillAsync(PipeWriter output)
    {
        for (long written = 0; ; )
        {
            output.Write(new byte[60_000]);
            written += 60_000;
            var flush = output.FlushAsync();
            if (flush.IsCompleted)
            {
                continue;
            }

            // Pending for want of a turn only, where the peer's buffer still has room.
            var task = flush.AsTask();
            var first = await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(200)));
            if (first != task)
            {
                return (task, written, new ValueTask<FlushResult>(task));
            }
        }
    }
}
