#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>What a peer can make this side keep.</summary>
public class BoundsTests
{
    // More than the system keeps for a peer that does not read.
    private const int KernelBuffers = 1 << 20;

    [Theory]
    [InlineData("""{"type":"SockhopPing","data":{"_id":"01234567-89ab-4cde-8f01-23456789abcd"}}""")]
    [InlineData("""{"type":"SockhopHandshake","data":{"request_binary_mode":true},"id":"01234567-89ab-4cde-8f01-23456789abcd"}""")]
    public async Task LeavesAnswersOutThatAPeerDoesNotRead(string question)
    {
        await using var pair = new Pair();
        var reached = new TaskCompletionSource();
        pair.Server.On<string>((_, _, _) => reached.SetResult());
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        var line = question + "\n";
        var many = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, 1000)));
        var sent = 0;
        for (; sent < 3 * KernelBuffers; sent += many.Length)
        {
            await peer.SendAsync(many);
        }

        await peer.SendAsync("""{"type":"String","data":"the last"}""");
        await reached.Task.WithinLimit();

        // The answers are longer than two thirds of the questions.
        pair.Session.QueuedBytes.ShouldBeLessThan(200_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EndsARequestInTimeThatWaitsForRoomAndDoesNotSendIt(bool isCancelled)
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.SendQueueLimit, o.TimeProvider) = (true, 1000, clock));
        var client = served.Client;
        using var silent = await served.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        await client.SendAsync(new string('x', 8 * KernelBuffers)).AsTask().WithinLimit();
        var request = client.RequestAsync("never sent", TimeSpan.FromSeconds(1), cancel.Token);
        var behind = client.SendAsync("sent").AsTask();
        behind.IsCompleted.ShouldBeFalse();

        if (isCancelled)
        {
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(request.WithinLimit());
        }
        else
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            (await Should.ThrowAsync<SockhopException>(request.WithinLimit())).Code.ShouldBe(SockhopErrorCodes.ReplyTimeout);
        }

        (await silent.SkipLineAsync()).ShouldBeGreaterThan(8 * KernelBuffers);
        (await silent.NextAsync()).Data.ShouldBe("\"sent\"");
        await behind.WithinLimit();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SaysWhyARequestEndsThatWaitsForRoomWhileTheClientDisconnects(bool isCancelled)
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o =>
        {
            (o.CompatibilityMode, o.SendQueueLimit, o.TimeProvider) = (true, 1000, clock);
            (o.Reconnect, o.ResendRequests) = (SockhopReconnectMode.Connect, true);
        });
        using var silent = await served.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        await served.Client.SendAsync(new string('x', 8 * KernelBuffers)).AsTask().WithinLimit();
        var request = served.Client.RequestAsync("never sent", TimeSpan.FromSeconds(1), cancel.Token);
        var disconnecting = served.Client.DisconnectAsync();

        if (isCancelled)
        {
            await cancel.CancelAsync();
            (await Should.ThrowAsync<OperationCanceledException>(request.WithinLimit())).CancellationToken.ShouldBe(cancel.Token);
        }
        else
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            (await Should.ThrowAsync<SockhopException>(request.WithinLimit())).Code.ShouldBe(SockhopErrorCodes.ReplyTimeout);
        }

        (await silent.SkipLineAsync()).ShouldBeGreaterThan(8 * KernelBuffers);
        await disconnecting.WithinLimit();
    }

    [Fact]
    public async Task LetsGoOfWhatIsCancelledWhileItWaitsForRoom()
    {
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.SendQueueLimit) = (true, 1000));
        using var silent = await served.ConnectAsync();
        await served.Client.SendAsync(new string('x', 8 * KernelBuffers)).AsTask().WithinLimit();

        var sent = await SendAndCancelAsync(served.Client);

        await Until.TrueAsync(() =>
        {
            GC.Collect();
            return !sent.IsAlive;
        });
        served.Client.IsConnected.ShouldBeTrue();

        static async Task<WeakReference> SendAndCancelAsync(SockhopClient client)
        {
            using var cancel = new CancellationTokenSource();
            var bytes = new byte[KernelBuffers];
            var sending = client.SendBufferAsync(bytes, cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(sending.WithinLimit());
            return new WeakReference(bytes);
        }
    }

    [Fact]
    public async Task SendsWhatIsSmallOnceTheLargeOneBeforeItIsGivenUp()
    {
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.SendQueueLimit) = (true, 9 * KernelBuffers));
        using var silent = await served.ConnectAsync();
        await served.Client.SendAsync(new string('x', 8 * KernelBuffers)).AsTask().WithinLimit();
        using var cancel = new CancellationTokenSource();
        var large = served.Client.SendAsync(new string('y', KernelBuffers), cancel.Token).AsTask();
        var small = served.Client.SendAsync("small").AsTask();
        small.IsCompleted.ShouldBeFalse();

        await cancel.CancelAsync();

        await small.WithinLimit();
        await Should.ThrowAsync<OperationCanceledException>(large.WithinLimit());
    }

    [Fact]
    public async Task DoesNotCallSentWhatWaitsForRoomWhenTheEndTakesTooLong()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.SendQueueLimit, o.TimeProvider) = (true, 1000, clock));
        using var silent = await served.ConnectAsync();
        await served.Client.SendAsync(new string('x', 8 * KernelBuffers)).AsTask().WithinLimit();
        var waiting = served.Client.SendAsync("waits").AsTask();
        var closing = served.Client.DisconnectAsync();
        await Until.TrueAsync(() => !served.Client.IsConnected);

        clock.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<SockhopException>(waiting.WithinLimit())).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
        await closing.WithinLimit();
    }

    [Fact]
    public async Task CountsABufferAsLongAsItIsAsText()
    {
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.SendQueueLimit) = (true, 12 * KernelBuffers));
        using var silent = await served.ConnectAsync();
        await served.Client.SendAsync(new string('x', 8 * KernelBuffers)).AsTask().WithinLimit();

        var waiting = served.Client.SendAsync(new byte[3 * KernelBuffers]).AsTask();

        waiting.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task LetsErrorRepliesWaitForRoomToo()
    {
        await using var pair = new Pair(o => (o.ReplyErrors, o.SendQueueLimit, o.ReceiveQueueLimit) = (true, 10_000, 10_000));
        var handled = 0;
        var error = new InvalidOperationException(new string('x', 5000));
        pair.Server.OnRequest<string, string>((_, _, _) =>
        {
            Interlocked.Increment(ref handled);
            throw error;
        });
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.NextAsync();
        var asking = AskAsync();
        await Until.TrueAsync(() => pair.Session.Current!.IsPaused);
        pair.Session.QueuedBytes.ShouldBeLessThan(40_000);
        for (var i = 0; i < 5000; i++)
        {
            (await peer.NextAsync()).Type.ShouldBe("Error");
        }

        await asking.WithinLimit();
        handled.ShouldBe(5000);

        async Task AskAsync()
        {
            for (var i = 0; i < 5000; i++)
            {
                await peer.SendAsync($$"""{"type":"String","data":"q","id":"{{i}}"}""");
            }
        }
    }

    [Fact]
    public async Task CountsNamesAndIdsOfWhatWaits()
    {
        await using var pair = new Pair(o => o.ReceiveQueueLimit = 100_000);
        var gate = new TaskCompletionSource();
        pair.Server.OnMessage(async (_, _, _) => await gate.Task);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        var line = $$"""{"type":"{{new string('t', 5000)}}","data":1,"id":"{{new string('i', 5000)}}"}""";
        var sent = 0;
        var sending = SendAsync();
        await Until.TrueAsync(() => pair.Server.Sessions.Any(session => session.Current!.IsPaused));

        // Ten of them, what one read brings, and what the system keeps.
        Volatile.Read(ref sent).ShouldBeLessThan(200);
        gate.SetResult();
        await sending.WithinLimit();

        async Task SendAsync()
        {
            for (var i = 0; i < 1000; i++)
            {
                await peer.SendAsync(line);
                Interlocked.Increment(ref sent);
            }
        }
    }

    [Fact]
    public async Task LooksAtNothingMoreAfterAMessageThatIsTooLarge()
    {
        await using var pair = new Pair(o => o.MaxMessageSize = 2000);
        var errors = new List<string>();
        var end = new TaskCompletionSource<SockhopDisconnect>();
        pair.Server.ProtocolError += (_, error) => errors.Add(error.Code);
        pair.Server.Disconnected += (_, value) => end.SetResult(value);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.NextAsync();

        // So that the end has to wait for it.
        var last = pair.Session.SendAsync(new byte[8 * KernelBuffers]).AsTask();
        for (var i = 0; i < 100; i++)
        {
            await peer.SendAsync(new string('x', 3000));
        }

        await peer.ReadToEndAsync();

        (await end.Task.WithinLimit()).Reason.ShouldBe(SockhopCloseReason.ProtocolError);
        await last.WithinLimit();
        errors.ShouldBe([SockhopErrorCodes.MessageTooLarge]);
    }

    [Fact]
    public async Task KeepsTheLatestOfWhatComesBeforeThereIsAHandler()
    {
        await using var pair = await new Pair(o => o.ReceiveQueueLimit = 10_000).StartAsync();
        for (var i = 0; i < 1000; i++)
        {
            await pair.Client.SendAsync(i);
        }

        // The reply to the server's question comes behind them.
        pair.Client.OnRequest<string, string>((text, _, _) => new ValueTask<string>(text));
        await pair.Session.RequestAsync<string>("?").WithinLimit();
        var heard = new List<int>();
        var all = new TaskCompletionSource();
        pair.Server.On<int>((number, _, _) =>
        {
            heard.Add(number);
            if (number == 1000)
            {
                all.SetResult();
            }
        });
        await pair.Client.SendAsync(1000);
        await all.Task.WithinLimit();

        heard.Count.ShouldBeInRange(2, 100);
        heard.ShouldBe(Enumerable.Range(1001 - heard.Count, heard.Count));
    }

    [Fact]
    public async Task TakesNoMoreConnectionsThanAllowed()
    {
        await using var pair = new Pair(o => o.MaxConnections = 1);
        var refused = new TaskCompletionSource<Exception>();
        pair.Server.ConnectionRefused += (_, exception) => refused.TrySetResult(exception);
        await pair.StartAsync();
        using var second = await RawPeer.ConnectAsync(pair.Path);

        await Should.ThrowAsync<EndOfStreamException>(second.NextAsync());

        ((SockhopException)await refused.Task.WithinLimit()).Code.ShouldBe(SockhopErrorCodes.TooManyConnections);
        await pair.Client.DisposeAsync();
        await Until.TrueAsync(() => pair.Server.Sessions.Count == 0);

        using var third = await RawPeer.ConnectAsync(pair.Path);
        (await third.NextAsync()).Type.ShouldBe("SockhopHandshake");
    }
}
