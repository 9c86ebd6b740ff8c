#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.Security;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class ClientTests
{
    [Fact]
    public async Task ConnectsAgainAfterEachLossWithPausesThatGrow()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o =>
        {
            o.CompatibilityMode = true;
            o.Reconnect = SockhopReconnectMode.Connect;
            o.MaxReconnectInterval = TimeSpan.FromSeconds(5);
            o.TimeProvider = clock;
        });
        var client = served.Client;
        var failures = 0;
        client.ReconnectFailed += (_, exception) =>
        {
            exception.ShouldBeAssignableTo<System.Net.Sockets.SocketException>();
            Interlocked.Increment(ref failures);
        };
        var lost = new TaskCompletionSource();
        client.Disconnected += (_, _) => lost.SetResult();
        using (await served.ConnectAsync())
        {
            served.Listener.Dispose();
        }

        await lost.Task.WithinLimit();
        var attempts = 0;
        foreach (var pause in new[] { 2, 4, 5, 5 })
        {
            // The one timer is the pause.
            await Until.TrueAsync(() => Volatile.Read(ref failures) == attempts && clock.PendingTimers == 1);
            clock.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromTicks(1));
            Volatile.Read(ref failures).ShouldBe(attempts++);
            clock.Advance(TimeSpan.FromTicks(1));
            await Until.TrueAsync(() => Volatile.Read(ref failures) == attempts);
        }
    }

    [Fact]
    public async Task ShakesHandsAgainAndDropsConnectionsOnWhichThatFails()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o => (o.AllowBinaryMode, o.Reconnect, o.TimeProvider) = (false, SockhopReconnectMode.Handshake, clock));
        var client = served.Client;
        var failure = new TaskCompletionSource<Exception>();
        client.ReconnectFailed += (_, exception) => failure.SetResult(exception);
        (await Should.ThrowAsync<SockhopException>(client.ConnectAsync())).Code.ShouldBe(SockhopErrorCodes.AutoRehandshakeConnect);
        var starting = client.StartAsync();
        using (var peer = await served.Listener.AcceptAsync())
        {
            await peer.ShakeHandsAsync(binary: false);
            await starting.WithinLimit();
        }

        using (var silent = await NextAttemptAsync())
        {
            await silent.NextAsync();
            await Until.TrueAsync(() => client.IsConnected);
            clock.Advance(TimeSpan.FromSeconds(3));
            await Should.ThrowAsync<EndOfStreamException>(silent.NextAsync());
        }

        ((SockhopException)await failure.Task.WithinLimit()).Code.ShouldBe(SockhopErrorCodes.HandshakeTimeout);
        using var last = await NextAttemptAsync();
        await last.ShakeHandsAsync(binary: false);
        await Until.TrueAsync(() => client.IsHandshaked);

        // Time goes on while nothing is tried: when the wait begins, nobody tells.
        async Task<RawPeer> NextAttemptAsync()
        {
            var accepting = served.Listener.AcceptAsync();
            await Until.TrueAsync(() =>
            {
                if (client.State == SockhopState.Disconnected)
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                }

                return accepting.IsCompleted;
            });
            return await accepting;
        }
    }

    [Fact]
    public async Task FailsKeptRequestsOnceNobodyWillSendThem()
    {
        await using var pair = await new Pair(null, o =>
        {
            o.Reconnect = SockhopReconnectMode.Handshake;
            o.RehandshakeInterval = TimeSpan.FromMinutes(5);
            o.ResendRequests = true;
        }).StartAsync();
        var asked = new TaskCompletionSource();
        pair.Server.On<Job>((_, _, _) => asked.TrySetResult());
        var before = pair.Client.RequestAsync<Done>(new Job(1), Timeout.InfiniteTimeSpan);
        await asked.Task.WithinLimit();
        await pair.Server.StopAsync().WithinLimit();
        await Until.TrueAsync(() => !pair.Client.IsConnected);
        Task[] between =
        [
            pair.Client.RequestAsync<Done>(new Job(2), Timeout.InfiniteTimeSpan),
            pair.Client.RequestAsync("Job", System.Text.Json.JsonElement.Parse("{}"), Timeout.InfiniteTimeSpan),
            pair.Client.RequestTypedBufferAsync("T", new byte[1], Timeout.InfiniteTimeSpan),
        ];
        between.ShouldAllBe(request => !request.IsCompleted);

        await pair.Client.DisconnectAsync().WithinLimit();

        foreach (var request in between.Append(before).Append(pair.Client.RequestAsync<Done>(new Job(3), Timeout.InfiniteTimeSpan)))
        {
            (await Should.ThrowAsync<SockhopException>(request.WithinLimit())).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
        }
    }

    [Fact]
    public async Task SendsNothingForATokenThatIsCancelled()
    {
        await using var pair = await new Pair().StartAsync();
        var heard = new List<int>();
        var last = new TaskCompletionSource();
        pair.Server.On<Job>((job, _, _) =>
        {
            heard.Add(job.Id);
            if (job.Id == 5)
            {
                last.SetResult();
            }
        });
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(pair.Client.SendAsync(new Job(1), cancel.Token).AsTask());
        await Should.ThrowAsync<OperationCanceledException>(pair.Client.RequestAsync<Done>(new Job(2), cancellationToken: cancel.Token));
        await Should.ThrowAsync<OperationCanceledException>(pair.Client.SendBufferAsync(new byte[1], cancel.Token).AsTask());
        await Should.ThrowAsync<OperationCanceledException>(pair.Server.BroadcastAsync(new Job(3), cancel.Token));
        await Should.ThrowAsync<OperationCanceledException>(new SockhopClient(new SockhopClientOptions()).StartAsync(cancel.Token));
        await pair.Client.SendAsync(new Job(5));
        await last.Task.WithinLimit();

        heard.ShouldBe([5]);
    }

    [Fact]
    public async Task GivesUpWaitingForRoomOrAHandshakeWhenCancelled()
    {
        await using var served = new ServedClient(o => o.SendQueueLimit = 1000);
        var client = served.Client;
        using var giveUp = new CancellationTokenSource();
        var starting = client.StartAsync(giveUp.Token);
        using (var peer = await served.Listener.AcceptAsync())
        {
            await peer.NextAsync();
            await giveUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(starting.WithinLimit());
            await Should.ThrowAsync<EndOfStreamException>(peer.NextAsync());
        }

        using var silent = await served.ConnectAsync();

        // As text, it is copied and soon in the queue, which it fills.
        await client.SendBufferAsync(new byte[8 << 20]).AsTask().WithinLimit();
        using var cancel = new CancellationTokenSource();
        var waiting = client.SendAsync(new byte[1000], cancel.Token).AsTask();
        var asking = client.RequestAsync<Done>(new byte[1000], cancellationToken: cancel.Token);
        (waiting.IsCompleted, asking.IsCompleted).ShouldBe((false, false));

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting.WithinLimit());
        await Should.ThrowAsync<OperationCanceledException>(asking.WithinLimit());
        client.IsConnected.ShouldBeTrue();
    }

    [Fact]
    public async Task EndsAnAttemptWhenDisconnectedOrOutOfTime()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o => (o.TimeProvider, o.Tls) = (clock, new SslClientAuthenticationOptions { TargetHost = "localhost" }));
        foreach (var (end, code) in new (Func<Task>, string)[]
        {
            (() => served.Client.DisconnectAsync(), SockhopErrorCodes.SocketDestroyed),
            (() => Task.Run(() => clock.Advance(TimeSpan.FromSeconds(5))), SockhopErrorCodes.ConnectTimeout),
            (() => served.Client.DisposeAsync().AsTask(), SockhopErrorCodes.SocketDestroyed),
        })
        {
            // Nobody answers with TLS.
            var connecting = served.Client.ConnectAsync();
            using var silent = await served.Listener.AcceptAsync();

            await end().WithinLimit();

            (await Should.ThrowAsync<SockhopException>(connecting.WithinLimit())).Code.ShouldBe(code);
            served.Client.State.ShouldBe(SockhopState.Disconnected);
        }
    }

    [Fact]
    public async Task StaysDisconnectedHoweverFarAnAttemptHasCome()
    {
        var clock = new ManualTimeProvider();
        await using var server = new SockhopServer(new SockhopServerOptions { Port = 0 });
        await server.StartAsync();
        await using var client = new SockhopClient(new SockhopClientOptions
        {
            Port = ((IPEndPoint)server.LocalEndPoint!).Port,
            CompatibilityMode = true,
            Reconnect = SockhopReconnectMode.Connect,
            TimeProvider = clock,
        });
        for (var i = 0; i < 300; i++)
        {
            var connecting = Task.Run(() => client.ConnectAsync());
            await Until.TrueAsync(() => client.State != SockhopState.Disconnected || connecting.IsCompleted);
            await client.DisconnectAsync().WithinLimit();
            await connecting.ContinueWith(static _ => { }, TaskScheduler.Default).WithinLimit();

            client.IsConnected.ShouldBeFalse();
        }

        // Nobody waits to connect again.
        await Until.TrueAsync(() => clock.PendingTimers == 0);
    }

    [Fact]
    public async Task CannotBeStartedOnceItIsDisposedOf()
    {
        await using var pair = await new Pair().StartAsync();
        await pair.Client.DisposeAsync();
        await pair.Client.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(pair.Client.StartAsync());
    }

    [Fact]
    public async Task GivesWhatNoHandlerTakesToAReader()
    {
        await using var pair = await new Pair(null, o => o.ReceiveQueueLimit = 20_000).StartAsync();
        await using var reader = pair.Client.ReadAllAsync().GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        var sending = SendAsync();

        // Nobody reads any further, so the server has to wait.
        await Until.TrueAsync(() => pair.Client.Current!.IsPaused);
        sending.IsCompleted.ShouldBeFalse();
        for (var i = 0; i < 3000; i++, next = reader.MoveNextAsync())
        {
            (await next.AsTask().WithinLimit()).ShouldBeTrue();
            (reader.Current.Memory.Length, reader.Current.Memory.Span[0]).ShouldBe((4000, (byte)i));
        }

        await sending.WithinLimit();
        await pair.Client.DisposeAsync();
        (await next.AsTask().WithinLimit()).ShouldBeFalse();

        async Task SendAsync()
        {
            for (var i = 0; i < 3000; i++)
            {
                await pair.Session.SendAsync(Enumerable.Repeat((byte)i, 4000).ToArray());
            }
        }
    }
}
