#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Claims;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class ServerTests
{
    [Fact]
    public async Task ReplacesASocketThatNobodyListensOnAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(folder["elsewhere"]));
            File.Move(folder["elsewhere"], folder["stale"]);
        }

        await File.WriteAllTextAsync(folder["full"], "precious");
        await File.WriteAllTextAsync(folder["empty"], "");
        await using var stale = new SockhopServer(new SockhopServerOptions { UnixSocketPath = folder["stale"] });
        await using var full = new SockhopServer(new SockhopServerOptions { UnixSocketPath = folder["full"] });
        await using var empty = new SockhopServer(new SockhopServerOptions { UnixSocketPath = folder["empty"] });
        await using var second = new SockhopServer(new SockhopServerOptions { UnixSocketPath = folder["stale"] });

        await stale.StartAsync();
        await Should.ThrowAsync<SocketException>(full.StartAsync());
        await Should.ThrowAsync<SocketException>(empty.StartAsync());
        await Should.ThrowAsync<SocketException>(second.StartAsync());

        (await File.ReadAllTextAsync(folder["full"])).ShouldBe("precious");
        File.Exists(folder["empty"]).ShouldBeTrue();
        new FileInfo(folder["stale"]).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var peer = await RawPeer.ConnectAsync(folder["stale"]);
        (await peer.NextAsync()).Type.ShouldBe("SockhopHandshake");
    }

    [Fact]
    public async Task LeavesAPathToWhoeverTookItMeanwhile()
    {
        using var folder = new TemporaryFolder();
        var server = new SockhopServer(new SockhopServerOptions { UnixSocketPath = folder["s"] });
        await server.StartAsync();
        var madeAt = File.GetLastWriteTimeUtc(folder["s"]);
        RawListener? other = null;
        while (other is null || File.GetLastWriteTimeUtc(folder["s"]) == madeAt)
        {
            // Times of files have their grain.
            other?.Dispose();
            File.Delete(folder["s"]);
            other = new RawListener(folder["s"]);
        }

        using (other)
        {
            await server.DisposeAsync();

            using var peer = await RawPeer.ConnectAsync(folder["s"]);
            using var accepted = await other.AcceptAsync();
        }
    }

    [Fact]
    public async Task StopsListeningAndKeepsThoseThatAreConnected()
    {
        using var folder = new TemporaryFolder();
        await using var server = new SockhopServer(new SockhopServerOptions { UnixSocketPath = folder["s"] });
        server.OnMessage((message, _, _) => message.ReplyAsync("heard"));
        await server.StopListeningAsync().WithinLimit();
        await server.StartAsync();
        await using var client = await SockhopClient.ConnectAsync(new SockhopClientOptions { UnixSocketPath = folder["s"] }).WithinLimit();

        await server.StopListeningAsync().WithinLimit();
        await server.StopListeningAsync().WithinLimit();

        server.LocalEndPoint.ShouldBeNull();
        File.Exists(folder["s"]).ShouldBeFalse();
        await Should.ThrowAsync<SocketException>(RawPeer.ConnectAsync(folder["s"]));
        (await client.RequestAsync("words").WithinLimit()).Json.GetString().ShouldBe("heard");
        server.Sessions.Count.ShouldBe(1);

        await server.StartAsync();
        using var late = await RawPeer.ConnectAsync(folder["s"]);
        (await late.NextAsync()).Type.ShouldBe("SockhopHandshake");
        await server.StopListeningAsync().WithinLimit();
        await server.StopAsync().WithinLimit();
        server.Sessions.ShouldBeEmpty();
        await Until.TrueAsync(() => !client.IsConnected);
    }

    [Fact]
    public async Task CountsTlsHandshakesThatGoOnAsConnections()
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned();
        await using var server = new SockhopServer(new SockhopServerOptions
        {
            UnixSocketPath = folder["s"],
            MaxConnections = 1,
            Tls = new SslServerAuthenticationOptions { ServerCertificate = certificate.Certificate },
            TimeProvider = new ManualTimeProvider(),
        });
        var refused = new ConcurrentQueue<Exception>();
        server.ConnectionRefused += (_, exception) => refused.Enqueue(exception);
        await server.StartAsync();
        using (await RawPeer.ConnectAsync(folder["s"]))
        using (await RawPeer.ConnectAsync(folder["s"]))
        {
            await Until.TrueAsync(() => !refused.IsEmpty);
            refused.ShouldHaveSingleItem().ShouldBeOfType<SockhopException>().Code.ShouldBe(SockhopErrorCodes.TooManyConnections);
        }

        // The other one went away in the middle of its handshake, and its place is free.
        await Until.TrueAsync(() => refused.Count == 2);
        await using var client = await SockhopClient.ConnectAsync(new SockhopClientOptions
        {
            UnixSocketPath = folder["s"],
            Tls = new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.Equals(certificate.Certificate),
            },
        }).WithinLimit();
        client.IsHandshaked.ShouldBeTrue();
    }

    [Fact]
    public async Task ServesAPipeWhateverThePiecesOfItsMemory()
    {
        var options = new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 100);
        var toServer = new Pipe(options);
        var toPeer = new Pipe(options);
        await using var server = new SockhopServer(new SockhopServerOptions { CompatibilityMode = true });
        server.OnRequest<string, int>((text, _, _) => new ValueTask<int>(text.Length));
        var text = new string('x', 300_000);
        var line = System.Text.Encoding.ASCII.GetBytes($$"""{"type":"String","data":"{{text}}","id":"1"}""" + "\n");
        foreach (var piece in line.Chunk(100))
        {
            await toServer.Writer.WriteAsync(piece);
        }

        var serving = server.ServeAsync(new DuplexPipe(toServer.Reader, toPeer.Writer));
        var answer = await new StreamReader(toPeer.Reader.AsStream()).ReadLineAsync().WithinLimit();
        await toServer.Writer.CompleteAsync();
        await serving.WithinLimit();

        answer.ShouldBe("""{"type":"Number","data":300000,"callback_id":"1"}""");
    }

    [Fact]
    public async Task ReadsFromATransportOfOthersUntilThePeerHasEnded()
    {
        var (input, output) = (new Pipe(), new Pipe());
        await using var server = new SockhopServer(new SockhopServerOptions { CompatibilityMode = true, TimeProvider = new ManualTimeProvider() });
        server.Connected += session => _ = session.CloseAsync().AsTask();
        var ended = new TaskCompletionSource();
        server.Disconnected += (_, _) => ended.SetResult();
        var serving = server.ServeAsync(new DuplexPipe(input.Reader, output.Writer));
        await ended.Task.WithinLimit();
        (await output.Reader.ReadAsync().AsTask().WithinLimit()).IsCompleted.ShouldBeTrue();

        await input.Writer.WriteAsync("too late\n"u8.ToArray()).AsTask().WithinLimit();
        serving.IsCompleted.ShouldBeFalse();
        await input.Writer.CompleteAsync();

        await serving.WithinLimit();
    }

    [Fact]
    public async Task TellsOfAConnectionThatBecameNoSession()
    {
        using var folder = new TemporaryFolder();
        var first = true;
        await using var server = new SockhopServer<SockhopSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"], MaxConnections = 1 },
            () => first ? throw new InvalidOperationException("no session today") : new SockhopSession());
        var refused = new TaskCompletionSource<Exception>();
        server.ConnectionRefused += (_, exception) => refused.TrySetResult(exception);
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);

        await Should.ThrowAsync<EndOfStreamException>(peer.NextAsync());
        (await refused.Task.WithinLimit()).Message.ShouldBe("no session today");

        // Its place is free again.
        first = false;
        using var next = await RawPeer.ConnectAsync(folder["s"]);
        (await next.NextAsync()).Type.ShouldBe("SockhopHandshake");
    }

    [Fact]
    public async Task TellsOfTlsThatFailed()
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned();
        await using var server = new SockhopServer(new SockhopServerOptions
        {
            UnixSocketPath = folder["s"],
            Tls = new SslServerAuthenticationOptions { ServerCertificate = certificate.Certificate },
        });
        var refused = new TaskCompletionSource<Exception>();
        server.ConnectionRefused += (_, exception) => refused.TrySetResult(exception);
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);
        await peer.SendAsync("""{"type":"String","data":"no TLS"}""");

        await peer.ReadToEndAsync();

        await refused.Task.WithinLimit();
        server.Sessions.ShouldBeEmpty();
    }

    [Fact]
    public async Task ClosesAConnectionWhoseStartHookThrowsAndAnnouncesNothing()
    {
        using var folder = new TemporaryFolder();
        var told = new ConcurrentQueue<string>();
        await using var server = new SockhopServer<HookedSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"] },
            () => new HookedSession(told, _ => throw new InvalidOperationException("not you")));
        var ended = new TaskCompletionSource();
        server.Connected += _ => told.Enqueue("connected");
        server.Disconnected += (_, _) => told.Enqueue("disconnected");
        server.HandlerFailed += (_, exception) =>
        {
            told.Enqueue(exception.Message);
            ended.SetResult();
        };
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);

        await Should.ThrowAsync<EndOfStreamException>(peer.NextAsync());

        await ended.Task.WithinLimit();
        await server.StopAsync().WithinLimit();
        await Until.TrueAsync(() => told.Contains("end"));

        told.ShouldBe(["start", "not you", "end"]);
    }

    [Fact]
    public async Task LetsAStartHookFinishBeforeTheEndHookRuns()
    {
        using var folder = new TemporaryFolder();
        var told = new ConcurrentQueue<string>();
        var begun = new TaskCompletionSource();
        await using var server = new SockhopServer<HookedSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"] },
            () => new HookedSession(told, async token =>
            {
                begun.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    told.Enqueue("interrupted");
                }
            }));
        server.HandlerFailed += (_, exception) => told.Enqueue(exception.Message);
        server.Disconnected += (_, _) => told.Enqueue("disconnected");
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);
        await begun.Task.WithinLimit();

        await server.StopAsync().WithinLimit();
        await peer.ReadToEndAsync();
        await Until.TrueAsync(() => told.Contains("end"));

        told.ShouldBe(["start", "interrupted", "end"]);
    }

    [Theory]
    [InlineData("Secret", "open sesame", true)]
    [InlineData("Secret", "wrong", false)]
    [InlineData("String", "anything", false)]
    public async Task GivesMessagesToHandlersOnlyOfThoseItKnows(string type, string word, bool isKnown)
    {
        using var folder = new TemporaryFolder();
        await using var server = new SockhopServer<GuardedSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"], RequireAuthentication = true }, () => new GuardedSession());
        var heard = new TaskCompletionSource<string?>();
        var end = new TaskCompletionSource<SockhopDisconnect>();
        server.On<string>((text, session, _) => heard.SetResult($"{session.User!.Identity!.Name}: {text}"));
        server.Disconnected += (_, value) => end.SetResult(value);
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);

        await peer.SendAsync($$"""{"type":"{{type}}","data":"{{word}}"}""" + "\n" + """{"type":"String","data":"hello"}""");

        if (isKnown)
        {
            (await heard.Task.WithinLimit()).ShouldBe("ali: hello");
        }
        else
        {
            await peer.ReadToEndAsync();
            (await end.Task.WithinLimit()).Reason.ShouldBe(SockhopCloseReason.NotAuthenticated);
            heard.Task.IsCompleted.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task BroadcastsOnlyToThoseItKnows()
    {
        using var folder = new TemporaryFolder();
        await using var server = new SockhopServer<GuardedSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"], RequireAuthentication = true, CompatibilityMode = true }, () => new GuardedSession());
        await server.StartAsync();
        using var known = await RawPeer.ConnectAsync(folder["s"]);
        using var unknown = await RawPeer.ConnectAsync(folder["s"]);
        await known.SendAsync("""{"type":"Secret","data":"open sesame"}""");
        await Until.TrueAsync(() => server.Sessions.Count == 2 && server.Sessions.Any(session => session.User is not null));

        await server.BroadcastAsync("for members").WithinLimit();
        await unknown.SendAsync("""{"type":"SockhopPing","data":{"_id":1}}""");

        (await known.NextAsync()).Data.ShouldBe("\"for members\"");
        (await unknown.NextAsync()).Type.ShouldBe("SockhopPong");
    }

    [Fact]
    public async Task EndsSessionsThatDoNotSayWhoTheyAreOrShakeNoHands()
    {
        var clock = new ManualTimeProvider();
        await using var silent = new Pair(o => (o.RequireAuthentication, o.TimeProvider) = (true, clock));
        await using var rude = new Pair(o => (o.RequireHandshake, o.TimeProvider) = (true, clock));
        foreach (var (pair, limit, reason) in new[]
        {
            (silent, TimeSpan.FromSeconds(10), SockhopCloseReason.NotAuthenticated),
            (rude, TimeSpan.FromSeconds(3), SockhopCloseReason.HandshakeFailed),
        })
        {
            var end = new TaskCompletionSource<SockhopDisconnect>();
            pair.Server.Disconnected += (_, value) => end.SetResult(value);
            await pair.Server.StartAsync();
            using var peer = await RawPeer.ConnectAsync(pair.Path);
            await peer.NextAsync();

            clock.Advance(limit);

            await peer.ReadToEndAsync();
            (await end.Task.WithinLimit()).Reason.ShouldBe(reason);
        }
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class HookedSession(ConcurrentQueue<string> told, Func<CancellationToken, Task> start) : SockhopSession
    {
        protected override async ValueTask OnStartAsync(CancellationToken cancellationToken)
        {
            told.Enqueue("start");
            await start(cancellationToken);
        }

        protected override ValueTask OnEndAsync(SockhopCloseReason reason)
        {
            told.Enqueue("end");
            return default;
        }
    }

    [Fact]
    public async Task TakesAResponseThatCameTogetherWithTheProof()
    {
        using var folder = new TemporaryFolder();
        await using var server = new SockhopServer<GuardedSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"], RequireAuthentication = true, CompatibilityMode = true }, () => new GuardedSession());
        var requests = SockhopLegacyRequests.AddTo(server);
        var answer = new TaskCompletionSource<Task<string>>();
        server.Connected += session => answer.SetResult(requests.RequestAsync<string>(session, "who?").FirstAsync().AsTask());
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);
        var uuid = RawPeer.Member(await peer.NextAsync(), "uuid").GetString();

        await peer.SendAsync(
            """{"type":"Secret","data":"open sesame"}""" + "\n"
            + $$$"""{"type":"SockhopResponsePacket","data":{"uuid":"{{{uuid}}}","type":"String","data":"me","last":true}}""");

        (await (await answer.Task.WithinLimit()).WithinLimit()).ShouldBe("me");
    }

    private sealed class GuardedSession : SockhopSession
    {
        protected override ValueTask<ClaimsPrincipal?> AuthenticateAsync(SockhopMessage message, CancellationToken cancellationToken) =>
            new(message.Type == "Secret" && message.Deserialize<string>() == "open sesame"
                ? new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ali")], "word"))
                : null);
    }
}
