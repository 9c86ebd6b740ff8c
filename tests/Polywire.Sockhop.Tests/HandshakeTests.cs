#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using Polywire.Sockhop.Protocol;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class HandshakeTests
{
    private static readonly TimeSpan FirstProbe = TimeSpan.FromMilliseconds(15);

    [Fact]
    public async Task SpeaksFirstAsTextOnceTheStartHookHasRun()
    {
        using var folder = new TemporaryFolder();
        var gate = new TaskCompletionSource();
        await using var server = new SockhopServer<SlowSession>(new SockhopServerOptions { UnixSocketPath = folder["s"] }, () => new SlowSession(gate.Task));
        var early = new List<string>();
        var heard = new TaskCompletionSource();
        server.OnMessage((message, _, _) =>
        {
            early.Add(message.Type);
            heard.SetResult();
            return default;
        });
        server.Connected += _ => early.Add("connected");
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);
        await peer.SendAsync("""{"type":"Early","data":1}""");
        early.ShouldBeEmpty();
        gate.SetResult();

        var first = await peer.NextAsync();
        await heard.Task.WithinLimit();

        first.ToString().ShouldStartWith("line Request SockhopHandshake {\"protocol_version\":2,\"library_version\":\"polywire/");
        RawPeer.Member(first, "request_binary_mode").GetBoolean().ShouldBeTrue();
        Guid.TryParseExact(first.Id.Trim('"'), "D", out _).ShouldBeTrue();
        early.ShouldBe(["connected", "Early"]);
    }

    [Theory]
    [InlineData("""{"request_binary_mode":true}""", true, """{"allow_binary_mode":true}""")]
    [InlineData("""{"request_binary_mode":true}""", false, """{"allow_binary_mode":false}""")]
    [InlineData("""{"request_binary_mode":false,"more":[1]}""", true, """{"allow_binary_mode":false}""")]
    [InlineData("""{"request_binary_mode":0.0}""", true, """{"allow_binary_mode":false}""")]
    [InlineData("""{"request_binary_mode":"0"}""", true, """{"allow_binary_mode":true}""")]
    [InlineData("""{}""", true, """{}""")]
    [InlineData("""null""", true, """{}""")]
    [InlineData("""[1]""", true, """{}""")]
    public async Task AnswersEveryHandshakeThatHasAnId(string data, bool allow, string answer)
    {
        await using var pair = new Pair(o => o.AllowBinaryMode = allow);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.NextAsync();
        await peer.SendAsync($$"""{"type":"SockhopHandshake","data":{{data}}}""");
        for (var i = 1; i <= 2; i++)
        {
            await peer.SendAsync($$"""{"id":"\u0061{{i}}","type":"SockhopHandshake","data":{{data}}}""");

            (await peer.NextAsync()).ShouldBeEquivalentTo(new RawMessage(false, FrameKind.Response, "Object", answer, [], $"\"\\u0061{i}\""));
        }
    }

    [Fact]
    public async Task HoldsMessagesBackUntilANodePeerProvesThatItReadsBinary()
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(o => o.TimeProvider = clock);
        var shaken = new TaskCompletionSource<SockhopHandshakeResult>();
        var switched = new TaskCompletionSource();
        pair.Server.HandshakeCompleted += (_, result) => shaken.SetResult(result);
        pair.Server.BinaryModeChanged += (_, change) => (change.Receiving ? new TaskCompletionSource() : switched).TrySetResult();
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.ShakeHandsAsync();
        (await peer.NextAsync()).Type.ShouldBe("SockhopBinaryModeTransition");
        await switched.Task.WithinLimit();
        await pair.Session.SendAsync("one");
        await pair.Session.SendTypedBufferAsync("two", new byte[] { 2 });

        // What answers the peer may pass.
        await peer.SendAsync("""{"type":"SockhopPing","data":{"_id":"their"}}""");
        (await peer.NextAsync()).ToString().ShouldStartWith("frame Message SockhopPong {\"_id\":\"their\"");
        var pings = new List<RawMessage>();
        foreach (var pause in new[] { FirstProbe, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(75), TimeSpan.FromMilliseconds(100) })
        {
            clock.Advance(pause);
            pings.Add(await peer.NextAsync());
        }

        shaken.Task.IsCompleted.ShouldBeFalse();
        await peer.PongAsync(pings[1]);

        pings.ShouldAllBe(ping => ping.IsBinary && ping.Type == "SockhopPing");
        pings.Select(ping => RawPeer.Member(ping, "_id").GetString()).Distinct().Count().ShouldBe(pings.Count);
        (await peer.NextAsync()).ToString().ShouldBe("frame Message String \"one\"");
        (await peer.NextAsync()).Bytes.ShouldBe([2]);
        (await shaken.Task.WithinLimit()).Success.ShouldBeTrue();
    }

    [Theory]
    [InlineData(1000, 3000)]
    [InlineData(3000, 1000)]
    public async Task ReleasesThemWithoutProofInTheEnd(int probeTimeout, int handshakeTimeout)
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(o =>
        {
            o.TimeProvider = clock;
            o.BinaryProbeTimeout = TimeSpan.FromMilliseconds(probeTimeout);
            o.HandshakeTimeout = TimeSpan.FromMilliseconds(handshakeTimeout);
        });
        var shaken = new TaskCompletionSource<SockhopHandshakeResult>();
        var switched = new TaskCompletionSource();
        pair.Server.HandshakeCompleted += (_, result) => shaken.SetResult(result);
        pair.Server.BinaryModeChanged += (_, _) => switched.TrySetResult();
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.ShakeHandsAsync();
        (await peer.NextAsync()).Type.ShouldBe("SockhopBinaryModeTransition");
        await switched.Task.WithinLimit();
        await pair.Session.SendAsync("one");
        clock.Advance(TimeSpan.FromMilliseconds(1000));

        RawMessage message;
        while ((message = await peer.NextAsync()).Type == "SockhopPing")
        {
        }

        message.ToString().ShouldBe("frame Message String \"one\"");
        (await shaken.Task.WithinLimit()).Success.ShouldBeTrue();
    }

    [Theory]
    [InlineData("a pong", 15)]
    [InlineData("nothing", 1000)]
    [InlineData("the end", 0)]
    public async Task HoldsThemBackAtTheEndOfTheConnectionToo(string proof, int milliseconds)
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(o => o.TimeProvider = clock);
        var switched = new TaskCompletionSource();
        pair.Server.BinaryModeChanged += (_, change) => (change.Receiving ? new TaskCompletionSource() : switched).TrySetResult();
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.ShakeHandsAsync();
        (await peer.NextAsync()).Type.ShouldBe("SockhopBinaryModeTransition");
        await switched.Task.WithinLimit();
        await pair.Session.SendAsync("one");
        await pair.Session.SendAsync("two");

        var closing = pair.Session.CloseAsync().AsTask();
        closing.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var message = await NextAsync();

        message.ToString().ShouldBe("frame Message String \"one\"");
        (await peer.NextAsync()).ToString().ShouldBe("frame Message String \"two\"");
        await Should.ThrowAsync<EndOfStreamException>(peer.NextAsync());
        await closing.WithinLimit();

        async Task<RawMessage> NextAsync()
        {
            if (proof == "the end")
            {
                peer.End();
            }

            RawMessage next;
            while ((next = await peer.NextAsync()).Type == "SockhopPing")
            {
                await (proof == "a pong" ? peer.PongAsync(next) : Task.CompletedTask);
            }

            return next;
        }
    }

    [Fact]
    public async Task LeavesTimeAtTheEndForWhatItHeldBack()
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(o => (o.TimeProvider, o.CloseTimeout) = (clock, TimeSpan.FromMilliseconds(600)));
        var switched = new TaskCompletionSource();
        pair.Server.BinaryModeChanged += (_, change) => (change.Receiving ? new TaskCompletionSource() : switched).TrySetResult();
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.ShakeHandsAsync();
        await switched.Task.WithinLimit();
        await pair.Session.SendAsync("one");

        var closing = pair.Session.CloseAsync().AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(300));

        RawMessage message;
        while ((message = await peer.NextAsync()).Type.StartsWith("Sockhop", StringComparison.Ordinal))
        {
        }

        message.Data.ShouldBe("\"one\"");
        await closing.WithinLimit();
    }

    [Fact]
    public async Task NeedsNoProofFromItsOwnKind()
    {
        await using var pair = new Pair(o => o.TimeProvider = new ManualTimeProvider());
        var shaken = new TaskCompletionSource<SockhopHandshakeResult>();
        pair.Server.HandshakeCompleted += (_, result) => shaken.SetResult(result);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.ShakeHandsAsync(version: """polywire\/9""");

        (await shaken.Task.WithinLimit()).Success.ShouldBeTrue();
    }

    [Fact]
    public async Task HoldsItsAnswerBackWhereTheOtherAnswersBeforeItAsks()
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(o => o.TimeProvider = clock);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await AllowBinaryAsync(peer);
        await peer.SendAsync(RawPeer.Handshake());

        // A ping is answered at once; by then the handshake has been looked at.
        await peer.SendAsync("""{"type":"SockhopPing","data":{"_id":"their"}}""");
        (await peer.NextAsync()).ToString().ShouldStartWith("frame Message SockhopPong {\"_id\":\"their\"");
        clock.Advance(FirstProbe);
        await peer.PongAsync(await peer.NextAsync());

        (await peer.NextAsync()).ToString().ShouldBe("frame Response Object {\"allow_binary_mode\":true}");
        await Until.TrueAsync(() => pair.Session.IsHandshaked);
    }

    [Fact]
    public async Task AnswersItsOwnKindAtOnceEvenThen()
    {
        await using var pair = new Pair(o => o.TimeProvider = new ManualTimeProvider());
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await AllowBinaryAsync(peer);
        await pair.Session.SendAsync("held back");
        await peer.SendAsync(RawPeer.Handshake(version: "polywire/9"));

        (await peer.NextAsync()).ToString().ShouldBe("frame Message String \"held back\"");
        (await peer.NextAsync()).ToString().ShouldBe("frame Response Object {\"allow_binary_mode\":true}");
        await Until.TrueAsync(() => pair.Session.IsHandshaked);
    }

    [Fact]
    public async Task StaysWithTextThatItAskedForWhateverTheAnswer()
    {
        await using var pair = new Pair(o => (o.AllowBinaryMode, o.TimeProvider) = (false, new ManualTimeProvider()));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.ShakeHandsAsync();

        await Until.TrueAsync(() => pair.Session.IsHandshaked);
        await pair.Session.SendAsync("text");
        (await peer.NextAsync()).ToString().ShouldBe("line Message String \"text\"");
    }

    [Fact]
    public async Task GoesOnAsTextWithoutAnAnswerAndIgnoresALateOne()
    {
        var clock = new ManualTimeProvider();
        await using var pair = new Pair(o => o.TimeProvider = clock);
        var shaken = new TaskCompletionSource<SockhopHandshakeResult>();
        pair.Server.HandshakeCompleted += (_, result) => shaken.SetResult(result);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        var handshake = await peer.NextAsync();
        await pair.Session.SendAsync("during");
        (await Should.ThrowAsync<SockhopException>(pair.Session.SendTypedBufferAsync("T", new byte[1]).AsTask()))
            .Code.ShouldBe(SockhopErrorCodes.TypedBufferNeedsBinaryMode);
        pair.Session.IsInitialized.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(3));
        (await shaken.Task.WithinLimit()).Error!.Code.ShouldBe(SockhopErrorCodes.HandshakeTimeout);
        await peer.SendAsync($$"""{"type":"Object","data":{"allow_binary_mode":true},"callback_id":{{handshake.Id}}}""");
        await peer.SendAsync("""{"type":"SockhopPing","data":{"_id":1}}""");

        (await peer.NextAsync()).ToString().ShouldBe("line Message String \"during\"");
        (await peer.NextAsync()).ToString().ShouldStartWith("line Message SockhopPong");
        await pair.Session.SendAsync("after");

        (await peer.NextAsync()).ToString().ShouldBe("line Message String \"after\"");
        pair.Session.State.ShouldBe(SockhopState.Initialized);
    }

    [Fact]
    public async Task FailsAtOnceWhenTheConnectionEnds()
    {
        await using var served = new ServedClient(o => o.TimeProvider = new ManualTimeProvider());
        var starting = served.Client.StartAsync();
        using var peer = await served.Listener.AcceptAsync();
        await peer.NextAsync();
        peer.End();

        (await Should.ThrowAsync<SockhopException>(starting.WithinLimit())).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
    }

    // Answers the other's handshake, and reads the switch that follows.
    private static async Task AllowBinaryAsync(RawPeer peer)
    {
        var theirs = await peer.NextAsync();
        await peer.SendAsync($$"""{"type":"Object","data":{"allow_binary_mode":true},"callback_id":{{theirs.Id}}}""");
        (await peer.NextAsync()).Type.ShouldBe("SockhopBinaryModeTransition");
    }

    [Fact]
    public async Task FailsWhatTheStartHookAsksWhenTheServerStops()
    {
        using var folder = new TemporaryFolder();
        var session = new AskingSession();
        await using var server = new SockhopServer<AskingSession>(new SockhopServerOptions { UnixSocketPath = folder["s"] }, () => session);
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);
        await peer.NextAsync();

        await server.StopAsync().WithinLimit();

        (await session.Ended.Task.WithinLimit()).ShouldBeOfType<SockhopException>().Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
    }

    private sealed class AskingSession : SockhopSession
    {
        public TaskCompletionSource<Exception?> Ended { get; } = new();

        protected override async ValueTask OnStartAsync(CancellationToken cancellationToken) =>
            Ended.SetResult(await Record.ExceptionAsync(() => RequestAsync<string>("who is there?", Timeout.InfiniteTimeSpan, CancellationToken.None)));
    }

    private sealed class SlowSession(Task gate) : SockhopSession
    {
        protected override async ValueTask OnStartAsync(CancellationToken cancellationToken) => await gate;
    }
}
