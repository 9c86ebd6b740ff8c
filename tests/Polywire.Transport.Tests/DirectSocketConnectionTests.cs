#pragma warning disable xUnit1051 // Every wait is bounded by the patience of the fixture.
using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests;

public sealed class DirectSocketConnectionTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task AnswersAfterThePeersEndOfInput(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        client.Shutdown(SocketShutdown.Send);
        (await server.Input.ReadAsync().Soon()).IsCompleted.ShouldBeTrue();

        await server.Output.WriteAsync("late answer"u8.ToArray()).Soon();
        await server.DisposeAsync().AsTask().Soon();

        (await client.ReceiveToEndAsync()).ShouldBe(11);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task LosesNothing_WhenItClosesWithUnreadInput(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        await client.SendAsync(new byte[10_000]);
        var result = await server.Input.ReadAsync().Soon();
        server.Input.AdvanceTo(result.Buffer.Start);

        server.Output.Write(new byte[5000]);
        var disposal = server.DisposeAsync().AsTask();
        disposal.IsCompleted.ShouldBeFalse();
        await client.SendAsync(new byte[10_000]);

        (await client.ReceiveToEndAsync()).ShouldBe(5000);
        client.Dispose();
        await disposal.Soon();
        await fixture.AllReturnedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task GoesOn_WhenACallbackOnTheEndThrows(bool poller)
    {
        var logs = new FakeLogCollector();
        using var loggers = new LoggerFactory([new FakeLoggerProvider(logs)]);
        await using var fixture = await TransportFixture.StartAsync(poller, loggers: loggers);
        var (_, server) = await fixture.PairAsync();
        server.ConnectionClosed.Register(static () => throw new InvalidOperationException("thrown by a callback of the application"));

        server.Abort(new ConnectionAbortedException());

        var told = await logs.WaitForAsync(log => log.Level == LogLevel.Error, TransportFixture.Patience);
        told.Exception.ShouldBeOfType<AggregateException>().InnerException!.Message.ShouldBe("thrown by a callback of the application");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task StopsLingering_AfterItsTime(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(
            poller, configure: options => options.LingerTimeout = TimeSpan.FromMilliseconds(20));
        var (client, server) = await fixture.PairAsync();

        await server.DisposeAsync().AsTask().Soon();

        server.ConnectionClosed.IsCancellationRequested.ShouldBeTrue();
        (await client.ReceiveToEndAsync()).ShouldBe(0);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task GivesUpOnAPeerThatTakesNothing_AfterItsTime(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(
            poller, configure: options => options.DrainTimeout = TimeSpan.FromMilliseconds(20));
        var (_, server) = await fixture.PairAsync();
        server.Output.Write(new byte[20_000_000]);

        await server.DisposeAsync().AsTask().Soon();

        await fixture.AllReturnedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task AWriterCompletedWithAnException_Resets(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();

        await server.Output.CompleteAsync(new InvalidOperationException());

        var error = await Should.ThrowAsync<SocketException>(client.ReceiveExactlyAsync(1));
        error.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task MayBeDisposed_WhileAReadIsPending(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var (client, server) = await fixture.PairAsync();
        var abandoned = server.Input.ReadAsync();

        var disposal = server.DisposeAsync().AsTask();
        client.Dispose();

        await disposal.Soon();
        abandoned.IsCompleted.ShouldBeFalse();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task FiveHundredConnections_OpenedAndClosed_LeaveNoBlock(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);

        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                var (client, server) = await fixture.PairAsync();
                var answered = EchoAsync(server);
                await client.SendAsync(new byte[100 * (i + 1)]);
                await client.ReceiveExactlyAsync(100 * (i + 1));
                if (i % 3 == 0)
                {
                    client.LingerState = new LingerOption(true, 0);
                }

                client.Dispose();
                await answered.Soon();
            }));
        }

        await fixture.AllReturnedAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task EndsEveryConversation_WhateverTheTiming(bool poller)
    {
        var seed = Environment.TickCount;
        await using var fixture = await TransportFixture.StartAsync(poller);

        for (var i = 0; i < 300; i++)
        {
            var random = new Random(seed + i);
            var (client, server) = await fixture.PairAsync();
            var served = Task.Run(() => EchoAsync(server));
            var bytes = new byte[random.Next(1, 20_000)];
            for (var at = 0; at < bytes.Length;)
            {
                var size = Math.Min(random.Next(1, 9000), bytes.Length - at);
                at += await client.SendAsync(bytes.AsMemory(at, size));
                if (random.Next(3) == 0)
                {
                    await Task.Yield();
                }
            }

            client.Shutdown(SocketShutdown.Send);
            try
            {
                (await client.ReceiveToEndAsync()).ShouldBe(bytes.Length);
                await served.Soon();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed + i}: {e.Message}", e);
            }

            client.Dispose();
        }

        await fixture.AllReturnedAsync();
    }

    [Fact]
    public async Task FindsFeatures_WithoutStoringTheUsualOnes()
    {
        await using var fixture = await TransportFixture.StartAsync(poller: true);
        var (client, server) = await fixture.PairAsync();
        var features = server.Features;

        features.Get<IConnectionSocketFeature>()!.Socket.RemoteEndPoint.ShouldBe(client.LocalEndPoint);
        features.Get<IConnectionIdFeature>()!.ConnectionId.ShouldBe(server.ConnectionId);
        features.Get<IHttpActivityFeature>().ShouldBeNull();
        var own = new Lifetime();
        features.Set<IConnectionLifetimeNotificationFeature>(own);
        features.Set<IConnectionCompleteFeature>(own);
        features.Get<IConnectionCompleteFeature>().ShouldBe(own);
        features.Set<IConnectionCompleteFeature>(null);
        features.Get<IConnectionCompleteFeature>().ShouldBeNull();
        features.Get<IConnectionLifetimeNotificationFeature>().ShouldBe(own);
        features.Set<IConnectionIdFeature>(null);
        features.Get<IConnectionIdFeature>().ShouldBeNull();
        server.LocalEndPoint.ShouldBe(client.RemoteEndPoint);
        server.Abort();
        ((IPEndPoint)server.RemoteEndPoint!).Address.ShouldBe(IPAddress.Loopback);
    }

    [Fact]
    public async Task ABlockingHandler_DoesNotHoldUpItsNeighbours()
    {
        await using var fixture = await TransportFixture.StartAsync(poller: true);
        var count = Environment.ProcessorCount + 1;
        using var release = new ManualResetEventSlim();
        var blocked = new CountdownEvent(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var (client, server) = await fixture.PairAsync();
                _ = BlockAsync(server);
                await client.SendAsync(new byte[1]);
            }

            blocked.Wait(TransportFixture.Patience).ShouldBeTrue();
            for (var i = 0; i < count; i++)
            {
                var (client, server) = await fixture.PairAsync();
                var echo = EchoAsync(server);
                await client.SendAsync(new byte[10]);
                await client.ReceiveExactlyAsync(10);
                client.Dispose();
                await echo.Soon();
            }
        }
        finally
        {
            release.Set();
        }

        async Task BlockAsync(DirectSocketConnection server)
        {
            await server.Input.ReadAsync();
            blocked.Signal();
            release.Wait(TransportFixture.Patience);
        }
    }

    private static async Task EchoAsync(DirectSocketConnection server)
    {
        try
        {
            while (true)
            {
                var result = await server.Input.ReadAsync();
                foreach (var piece in result.Buffer)
                {
                    server.Output.Write(piece.Span);
                }

                server.Input.AdvanceTo(result.Buffer.End);
                await server.Output.FlushAsync();
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (ConnectionResetException)
        {
            // One of those that reset.
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private sealed class Lifetime : IConnectionLifetimeNotificationFeature, IConnectionCompleteFeature
    {
        public CancellationToken ConnectionClosedRequested { get; set; }

        public void RequestClose()
        {
        }

        public void OnCompleted(Func<object, Task> callback, object state)
        {
        }
    }
}
