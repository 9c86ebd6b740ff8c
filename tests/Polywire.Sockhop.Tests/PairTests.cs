#pragma warning disable xUnit1051, CA2016, CA5359 // Every wait is bounded by the fixture; the certificate is of the test's own making.
using System.Security.Cryptography;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class PairTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task SpeaksBinaryWhereBothAllowIt(bool server, bool client)
    {
        await using var pair = await new Pair(o => o.AllowBinaryMode = server, o => o.AllowBinaryMode = client).StartAsync();
        pair.Server.OnRequest<Job, Done>((job, _, _) => new ValueTask<Done>(new Done(job.Id + 1)));

        (await pair.Client.RequestAsync<Done>(new Job(1)).WithinLimit()).ShouldBe(new Done(2));

        pair.Client.BinaryMode.Tx.ShouldBe(server && client);
        pair.Client.State.ShouldBe(SockhopState.Handshaked);
    }

    [Fact]
    public async Task TalksInCompatibilityMode()
    {
        await using var pair = await new Pair(o => o.CompatibilityMode = true, o => o.CompatibilityMode = true).StartAsync();
        pair.Server.OnRequest<byte[], byte[]>((bytes, _, _) => new ValueTask<byte[]>([.. bytes, 1]));

        (await pair.Client.RequestAsync<byte[]>(new byte[] { 5 }).WithinLimit()).ShouldBe([5, 1]);

        pair.Client.State.ShouldBe(SockhopState.Initialized);
        (await Should.ThrowAsync<SockhopException>(pair.Client.SendTypedBufferAsync("T", new byte[1]).AsTask()))
            .Code.ShouldBe(SockhopErrorCodes.TypedBufferNeedsBinaryMode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 << 10)]
    [InlineData((16 << 10) + 1)]
    [InlineData(1 << 20)]
    [InlineData(20 << 20)]
    public async Task CarriesBuffersOfEverySizeBothWays(int size)
    {
        await using var pair = await new Pair().StartAsync();
        pair.Server.OnRequest<ReadOnlyMemory<byte>, byte[]>((bytes, _, _) => new ValueTask<byte[]>([.. SHA256.HashData(bytes.Span), .. bytes.Span]));
        var sent = new byte[size];
        new Random(Seed.Value).NextBytes(sent);

        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => pair.Client.RequestAsync<byte[]>(sent))).WithinLimit();

        foreach (var reply in replies)
        {
            reply.AsSpan(0, 32).SequenceEqual(SHA256.HashData(sent)).ShouldBeTrue();
            reply.AsSpan(32).SequenceEqual(sent).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendsABufferFromAStream(bool binary)
    {
        await using var pair = await new Pair(o => o.AllowBinaryMode = binary).StartAsync();
        var heard = new TaskCompletionSource<byte[]>();
        pair.Server.On<ReadOnlyMemory<byte>>((bytes, _, _) => heard.TrySetResult(bytes.ToArray()));
        var sent = new byte[1_000_003];
        new Random(Seed.Value).NextBytes(sent);
        using var stream = new MemoryStream(sent);

        await pair.Client.SendBufferAsync(stream, sent.Length).AsTask().WithinLimit();

        (await heard.Task.WithinLimit()).SequenceEqual(sent).ShouldBeTrue();
    }

    [Fact]
    public async Task ClosesTheConnectionWhenAStreamEndsTooEarly()
    {
        await using var pair = await new Pair().StartAsync();
        using var stream = new MemoryStream(new byte[10]);

        (await Should.ThrowAsync<SockhopException>(pair.Client.SendBufferAsync(stream, 11).AsTask().WithinLimit()))
            .Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);

        pair.Client.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public async Task LetsAHandlerAskBackAndAwaitTheReply()
    {
        await using var pair = await new Pair().StartAsync();
        pair.Client.OnRequest<string, string>((text, _, _) => new ValueTask<string>(text + "!"));
        pair.Server.OnRequest<Job, string>(async (job, peer, token) => await peer.RequestAsync<string>("job " + job.Id, cancellationToken: token));

        (await pair.Client.RequestAsync<string>(new Job(7)).WithinLimit()).ShouldBe("job 7!");
    }

    [Fact]
    public async Task GoesOnReadingWhileAHandlerOrAReplyBlocksItsThread()
    {
        await using var pair = await new Pair().StartAsync();
        pair.Client.OnRequest<string, string>((text, _, _) => new ValueTask<string>(text + "!"));
#pragma warning disable xUnit1031, RS0030, CA1849 // What a careless application does.
        pair.Server.OnRequest<Job, string>((job, peer, _) => new ValueTask<string>(peer.RequestAsync<string>("x").GetAwaiter().GetResult()));

        var first = await pair.Client.RequestAsync<string>(new Job(1)).WithinLimit();
        var second = pair.Client.RequestAsync<string>(new Job(2)).GetAwaiter().GetResult();
#pragma warning restore xUnit1031, RS0030, CA1849

        (first, second).ShouldBe(("x!", "x!"));
    }

    [Fact]
    public async Task RunsHandlersInOrderOneAtATime()
    {
        await using var pair = await new Pair().StartAsync();
        var seen = new List<int>();
        var all = new TaskCompletionSource();
        pair.Server.On<Job>(async (job, _, _) =>
        {
            if (job.Id % 7 == 0)
            {
                await Task.Yield();
            }

            seen.Add(job.Id);
            if (seen.Count == 500)
            {
                all.SetResult();
            }
        });

        for (var i = 0; i < 500; i++)
        {
            await pair.Client.SendAsync(new Job(i));
        }

        await all.Task.WithinLimit();
        seen.ShouldBe(Enumerable.Range(0, 500));
    }

    [Fact]
    public async Task AnswersManyRequestsInOrder()
    {
        await using var pair = await new Pair().StartAsync();
        pair.Server.OnRequest<Job, Done>((job, _, _) => new ValueTask<Done>(new Done(job.Id)));

        var replies = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => pair.Client.RequestAsync<Job, Done>(new Job(i)))).WithinLimit();

        replies.Select(reply => reply.Id).ShouldBe(Enumerable.Range(0, 2000));
    }

    [Fact]
    public async Task KeepsWhatComesBeforeThereIsAHandler()
    {
        await using var pair = await new Pair().StartAsync();
        await pair.Client.SendAsync("early");
        await pair.Client.SendAsync(new byte[] { 1 });
        var heard = new List<string>();
        var late = new TaskCompletionSource();

        pair.Server.OnMessage((message, _, _) =>
        {
            heard.Add(message.Type);
            if (heard.Count == 3)
            {
                late.SetResult();
            }

            return default;
        });
        await pair.Client.SendAsync(5);

        await late.Task.WithinLimit();
        heard.ShouldBe(["String", "Buffer", "Number"]);
    }

    [Fact]
    public async Task FailsWhatWaitsWhenTheConnectionEnds()
    {
        await using var pair = await new Pair().StartAsync();
        pair.Server.On<Job>((_, session, _) => session.Abort());

        (await Should.ThrowAsync<SockhopException>(pair.Client.RequestAsync<Done>(new Job(1)).WithinLimit())).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
        (await Should.ThrowAsync<SockhopException>(pair.Client.SendAsync("x").AsTask())).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
    }

    [Fact]
    public async Task EndsARequestThatIsCancelledOrNotAnsweredInTime()
    {
        await using var pair = await new Pair(null, o => o.MaxPendingRequests = 1).StartAsync();
        pair.Server.On<Job>((_, _, _) => { });
        using var cancel = new CancellationTokenSource();

        var cancelled = pair.Client.RequestAsync<Done>(new Job(1), cancellationToken: cancel.Token);
        (await Should.ThrowAsync<SockhopException>(pair.Client.RequestAsync<Done>(new Job(2)))).Code.ShouldBe(SockhopErrorCodes.TooManyRequests);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled.WithinLimit());
        (await Should.ThrowAsync<SockhopException>(pair.Client.RequestAsync<Done>(new Job(3), TimeSpan.FromMilliseconds(1)).WithinLimit()))
            .Code.ShouldBe(SockhopErrorCodes.ReplyTimeout);
    }

    [Fact]
    public async Task EndsEachRequestInItsOwnTime()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.TimeProvider) = (true, clock));
        using var silent = await served.ConnectAsync();
        var late = served.Client.RequestAsync("late", TimeSpan.FromSeconds(3));
        var early = served.Client.RequestAsync("early", TimeSpan.FromSeconds(1));
        var middle = served.Client.RequestAsync("middle", TimeSpan.FromSeconds(2));

        foreach (var (request, next) in new[] { (early, middle), (middle, late), (late, null) })
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            (await Should.ThrowAsync<SockhopException>(request.WithinLimit())).Code.ShouldBe(SockhopErrorCodes.ReplyTimeout);
            (next?.IsCompleted ?? false).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task TellsTheAskerOfAFailedHandlerWhereBothWishIt()
    {
        await using var pair = await new Pair(o => o.ReplyErrors = true, o => o.ReplyErrors = true).StartAsync();
        pair.Server.OnRequest<Job, Done>((_, _, _) => throw new InvalidOperationException("no such job"));

        var error = await Should.ThrowAsync<SockhopException>(pair.Client.RequestAsync<Done>(new Job(1)).WithinLimit());

        (error.Code, error.Message).ShouldBe((SockhopErrorCodes.RemoteError, "no such job"));
    }

    [Fact]
    public async Task RefusesNullReservedNamesAndSecondReplies()
    {
        await using var pair = await new Pair().StartAsync();
        var twice = new TaskCompletionSource<Exception>();
        pair.Server.OnMessage(async (message, _, _) =>
        {
            await message.ReplyAsync("one");
            try
            {
                await message.ReplyAsync("two");
            }
            catch (InvalidOperationException exception)
            {
                twice.SetResult(exception);
            }
        });

        (await Should.ThrowAsync<SockhopException>(pair.Client.SendAsync<string>(null!).AsTask())).Code.ShouldBe(SockhopErrorCodes.BadData);
        (await Should.ThrowAsync<SockhopException>(pair.Client.SendTypedBufferAsync("SockhopPing", new byte[1]).AsTask())).Code.ShouldBe(SockhopErrorCodes.ReservedType);
        (await pair.Client.RequestAsync<string>("?").WithinLimit()).ShouldBe("one");
        await twice.Task.WithinLimit();
    }

    [Fact]
    public async Task SendsToAllInTheModeOfEach()
    {
        await using var pair = await new Pair().StartAsync();
        await using var plain = new SockhopClient(new SockhopClientOptions { UnixSocketPath = pair.Path, CompatibilityMode = true });
        var binary = new TaskCompletionSource<byte[]>();
        var text = new TaskCompletionSource<byte[]>();
        pair.Client.On<byte[]>((bytes, _, _) => binary.SetResult(bytes));
        plain.On<byte[]>((bytes, _, _) => text.SetResult(bytes));
        var connected = new TaskCompletionSource();
        pair.Server.Connected += _ => connected.TrySetResult();
        await plain.ConnectAsync().WithinLimit();
        await connected.Task.WithinLimit();

        await pair.Server.BroadcastAsync(new byte[] { 10, 255 }).WithinLimit();

        (await binary.Task.WithinLimit()).ShouldBe([10, 255]);
        (await text.Task.WithinLimit()).ShouldBe([10, 255]);
    }

    [Fact]
    public async Task TellsTheOthersWhatOneCannotBeTold()
    {
        await using var pair = await new Pair().StartAsync();
        using var first = await RawPeer.ConnectAsync(pair.Path);
        using var last = await RawPeer.ConnectAsync(pair.Path);
        await first.NextAsync();
        await last.NextAsync();
        using var one = System.Text.Json.JsonDocument.Parse("1");

        // A frame has 255 bytes for the name of a type; a line has no limit.
        var refusal = await Should.ThrowAsync<SockhopException>(pair.Server.BroadcastAsync(new string('n', 256), one.RootElement).WithinLimit());

        refusal.Code.ShouldBe(SockhopErrorCodes.SerializeFailed);
        (await first.NextAsync()).Data.ShouldBe("1");
        (await last.NextAsync()).Data.ShouldBe("1");
    }

    [Fact]
    public async Task BroadcastsToNobodyWhoseStartHookIsAsked()
    {
        using var folder = new TemporaryFolder();
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var server = new SockhopServer<GatedSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"] }, () => new GatedSession(asked, gate.Task));
        await server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(folder["s"]);
        await asked.Task.WithinLimit();
        server.Sessions.ShouldBeEmpty();

        await server.BroadcastAsync("secret").WithinLimit();
        gate.SetResult();

        (await peer.NextAsync()).Type.ShouldBe("SockhopHandshake");
        server.Sessions.ShouldHaveSingleItem();
        await server.BroadcastAsync("public").WithinLimit();
        (await peer.NextAsync()).Data.ShouldBe("\"public\"");
    }

    [Fact]
    public async Task ListensAgainAfterAStop()
    {
        await using var pair = await new Pair().StartAsync();
        await pair.Server.StopAsync().WithinLimit();
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(Retry(pair));
        await pair.Server.StartAsync();
        await Retry(pair);
        pair.Client.IsHandshaked.ShouldBeTrue();

        static async Task Retry(Pair pair)
        {
            await pair.Client.DisconnectAsync().WithinLimit();
            await pair.Client.StartAsync().WithinLimit();
        }
    }

    [Fact]
    public async Task WaitsForAReaderThatDoesNotRead()
    {
        await using var pair = await new Pair(o => o.ReceiveQueueLimit = 10_000, o => o.SendQueueLimit = 10_000).StartAsync();
        var gate = new TaskCompletionSource();
        var received = 0;
        var all = new TaskCompletionSource();
        pair.Server.On<ReadOnlyMemory<byte>>(async (_, _, _) =>
        {
            await gate.Task;
            if (++received == 2000)
            {
                all.SetResult();
            }
        });
        var sends = Enumerable.Range(0, 2000).Select(_ => pair.Client.SendAsync(new byte[4000]).AsTask()).ToArray();

        sends.Count(send => send.IsCompleted).ShouldBeLessThan(1000);
        gate.SetResult();
        await Task.WhenAll(sends).WithinLimit();
        await all.Task.WithinLimit();
    }

    [Fact]
    public async Task SendsARequestAgainOnTheNextConnectionWhereThatIsWished()
    {
        await using var pair = await new Pair(null, o =>
        {
            o.Reconnect = SockhopReconnectMode.Handshake;
            o.RehandshakeInterval = TimeSpan.FromMilliseconds(5);
            o.ResendRequests = true;
        }).StartAsync();
        var asked = 0;
        pair.Server.OnRequest<Job, Done>((job, session, _) =>
        {
            if (Interlocked.Increment(ref asked) <= 2)
            {
                session.Abort();
            }

            return new ValueTask<Done>(new Done(job.Id));
        });

        (await pair.Client.RequestAsync<Done>(new Job(4)).WithinLimit()).ShouldBe(new Done(4));
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task SpeaksTls()
    {
        using var certificate = TestCertificates.SelfSigned();
        await using var server = new SockhopServer(new SockhopServerOptions
        {
            Port = 0,
            Tls = new System.Net.Security.SslServerAuthenticationOptions { ServerCertificate = certificate.Certificate },
        });
        server.OnRequest<string, string>((text, _, _) => new ValueTask<string>(text.ToUpperInvariant()));
        await server.StartAsync();
        await using var client = await SockhopClient.ConnectAsync(new SockhopClientOptions
        {
            Host = "localhost",
            Port = ((System.Net.IPEndPoint)server.LocalEndPoint!).Port,
            HandshakeTimeout = Within.Limit,
            Tls = new System.Net.Security.SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (stream, _, _, _) => ((System.Net.Security.SslStream)stream).TargetHostName == "localhost",
            },
        }).WithinLimit();

        (await client.RequestAsync<string>("tls").WithinLimit()).ShouldBe("TLS");
    }

    private sealed class GatedSession(TaskCompletionSource asked, Task gate) : SockhopSession
    {
        protected override async ValueTask OnStartAsync(CancellationToken cancellationToken)
        {
            asked.SetResult();
            await gate.WaitAsync(cancellationToken);
        }
    }
}
