#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Text;
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
    public async Task ResolvesTheNameOfItsHostAndTriesEveryAddress()
    {
        // Where the system has ::1 for the name too, nobody listens there.
        await using var server = new SockhopServer(new SockhopServerOptions { Address = IPAddress.Loopback, Port = 0 });
        await server.StartAsync();
        var port = ((IPEndPoint)server.LocalEndPoint!).Port;

        await using var client = await SockhopClient.ConnectAsync(
            new SockhopClientOptions { Host = "localhost", Address = IPAddress.None, Port = port, HandshakeTimeout = Within.Limit }).WithinLimit();

        client.RemoteEndPoint.ShouldBe(new IPEndPoint(IPAddress.Loopback, port));
        await server.DisposeAsync();
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(
            SockhopClient.ConnectAsync(new SockhopClientOptions { Host = "localhost", Port = port }).WithinLimit());
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
    public async Task GivesAReaderWhatWaitedWhenTheConnectionEnded()
    {
        await using var pair = await new Pair().StartAsync();
        await using var reader = pair.Client.ReadAllAsync().GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        for (var i = 0; i < 10; i++)
        {
            await pair.Session.SendAsync(i);
        }

        await pair.Session.CloseAsync().AsTask().WithinLimit();
        await Until.TrueAsync(() => !pair.Client.IsConnected);

        for (var i = 0; i < 10; i++, next = reader.MoveNextAsync())
        {
            (await next.AsTask().WithinLimit()).ShouldBeTrue();
            reader.Current.Deserialize<int>().ShouldBe(i);
        }

        await pair.Client.DisposeAsync();
        (await next.AsTask().WithinLimit()).ShouldBeFalse();
    }

    [Fact]
    public async Task KeepsTheLatestForAReaderOverManyConnections()
    {
        const int PerConnection = 20;
        const int Last = (6 * PerConnection) - 1;
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.ReceiveQueueLimit) = (true, 10_000));
        await using var reader = served.Client.ReadAllAsync().GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        for (var i = 0; i <= Last;)
        {
            using (var peer = await served.ConnectAsync())
            {
                for (var end = i + PerConnection; i < end; i++)
                {
                    await peer.SendAsync($$"""{"type":"Number","data":{{i}}}""");
                }

                // Once that is answered, everything before it has arrived.
                await peer.SendAsync("""{"type":"SockhopPing","data":{}}""");
                await peer.NextAsync();
            }

            await Until.TrueAsync(() => served.Client.State == SockhopState.Disconnected);
        }

        var heard = new List<int>();
        for (; heard.LastOrDefault() != Last; next = reader.MoveNextAsync().AsTask())
        {
            (await next.WithinLimit()).ShouldBeTrue();
            heard.Add(reader.Current.Deserialize<int>());
        }

        await served.Client.DisposeAsync();
        (await next.WithinLimit()).ShouldBeFalse();

        // The bound has room for 37; the last connection's may wait elsewhere while it ends.
        heard.ShouldBeInOrder();
        heard.Count.ShouldBeInRange(PerConnection, 3 * PerConnection);
    }

    [Fact]
    public async Task RefusesAReaderWhereThereIsAHandlerHoweverOftenItIsAsked()
    {
        await using var pair = new Pair();
        pair.Client.OnMessage((_, _, _) => default);
        for (var i = 0; i < 2; i++)
        {
            await using var reader = pair.Client.ReadAllAsync().GetAsyncEnumerator();
            await Should.ThrowAsync<InvalidOperationException>(reader.MoveNextAsync().AsTask().WithinLimit());
        }
    }

    [Fact]
    public async Task TellsTheEventsOfOneConnectionBeforeThoseOfTheNext()
    {
        const int Connections = 100;
        await using var pair = new Pair();
        var told = new StringBuilder();
        void Tell(char what)
        {
            lock (told)
            {
                told.Append(what);
            }
        }

        pair.Client.Connected += _ => Tell('c');
        pair.Client.HandshakeCompleted += (_, result) => Tell(result.Success ? 'h' : 'f');
        pair.Client.BinaryModeChanged += (_, change) => Tell(change.IsOn ? '1' : '0');
        pair.Client.Disconnected += (_, end) => Tell(end.WasHandshaked ? 'D' : 'd');
        pair.Client.HandshakeLost += _ => Tell('l');
        await pair.Server.StartAsync();
        for (var i = 0; i < Connections; i++)
        {
            await (i % 3 == 0 ? pair.Client.StartAsync() : pair.Client.ConnectAsync()).WithinLimit();
            if (i % 2 == 0)
            {
                await pair.Client.DisconnectAsync().WithinLimit();
                told[^1].ShouldBeOneOf('d', 'l');
            }
            else
            {
                // As if it were lost: nobody waits until that is told.
                pair.Client.Current!.Abort(SockhopCloseReason.TransportError);
            }
        }

        await pair.Client.DisconnectAsync().WithinLimit();
        var all = told.ToString();
        all.ShouldMatch($"^(c[1h]*0*(Dl|d)){{{Connections}}}$");
        all.Count(what => what == '0').ShouldBe(all.Count(what => what == '1'));
        all.Count(what => what == 'D').ShouldBe(all.Count(what => what == 'h'));
    }

    [Theory]
    [InlineData(SockhopReconnectMode.Connect)]
    [InlineData(SockhopReconnectMode.Handshake)]
    public async Task StaysDisconnectedWhenAnEventsHandlerDisconnects(SockhopReconnectMode mode)
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(null, o => (o.Reconnect, o.TimeProvider) = (mode, clock));
        await pair.Server.StartAsync();
        var ending = new TaskCompletionSource<Task>();
        if (mode == SockhopReconnectMode.Connect)
        {
            pair.Client.Connected += client => ending.SetResult(client.DisconnectAsync());
        }
        else
        {
            pair.Client.HandshakeCompleted += (client, _) => ending.SetResult(client.DisconnectAsync());
        }

        var connecting = mode == SockhopReconnectMode.Connect ? pair.Client.ConnectAsync() : pair.Client.StartAsync();
        await connecting.ContinueWith(static _ => { }, TaskScheduler.Default).WithinLimit();
        await (await ending.Task.WithinLimit()).WithinLimit();

        pair.Client.IsConnected.ShouldBeFalse();
        await Until.TrueAsync(() => clock.PendingTimers == 0);
    }

    [Fact]
    public async Task AnswersNoEarlyRequestOfAConnectionThatHasEnded()
    {
        await using var served = new ServedClient(o => o.CompatibilityMode = true);
        using (var gone = await served.ConnectAsync())
        {
            await gone.SendAsync("""{"type":"String","data":"asked","id":"1"}""");
            await gone.SendAsync("""{"type":"String","data":"said"}""");
            await gone.SendAsync("""{"type":"SockhopPing","data":{}}""");
            await gone.NextAsync();
        }

        await Until.TrueAsync(() => served.Client.State == SockhopState.Disconnected);
        using var peer = await served.ConnectAsync();
        await peer.SendAsync("""{"type":"String","data":"asked again","id":"2"}""");
        await peer.SendAsync("""{"type":"SockhopPing","data":{}}""");
        await peer.NextAsync();
        var heard = new ConcurrentQueue<string>();
        served.Client.OnMessage(async (message, _, _) =>
        {
            heard.Enqueue(message.Deserialize<string>()!);
            if (message.IsRequest)
            {
                await message.ReplyAsync("!");
            }
        });

        (await peer.NextAsync()).Id.ShouldBe("\"2\"");
        await Until.TrueAsync(() => heard.Count == 2);
        heard.ShouldBe(["said", "asked again"], ignoreOrder: true);
    }

    [Fact]
    public async Task GivesAReaderAMessageThatIsLargerThanWhatMayWait()
    {
        await using var pair = await new Pair(null, o => o.ReceiveQueueLimit = 20_000).StartAsync();
        await using var reader = pair.Client.ReadAllAsync().GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        foreach (var length in new[] { 10, 50_000, 20, 30 })
        {
            await pair.Session.SendAsync(new byte[length]);
        }

        foreach (var length in new[] { 10, 50_000, 20, 30 })
        {
            (await next.AsTask().WithinLimit()).ShouldBeTrue();
            reader.Current.Memory.Length.ShouldBe(length);
            next = reader.MoveNextAsync();
        }

        await pair.Client.DisposeAsync();
        (await next.AsTask().WithinLimit()).ShouldBeFalse();
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
