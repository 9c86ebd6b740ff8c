#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Runtime.CompilerServices;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class LegacyRequestTests
{
    [Fact]
    public async Task AnswersWithAPacketForEachValueAndAnEnd()
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        var requests = SockhopLegacyRequests.AddTo(pair.Server);
        requests.OnRequest<Job, Done>((job, _, _) => CountAsync(job.Id));
        requests.OnRequest<string, string>((text, _, _) => new ValueTask<string>(text + "!"));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync("""{"type":"SockhopRequest","data":{"uuid":"u1","data":{"Id":2},"type":"Job"}}""");
        (await NextAsync()).ShouldBe("""{"uuid":"u1","type":"Finished","data":{"Id":1},"last":false}""");
        (await NextAsync()).ShouldBe("""{"uuid":"u1","type":"Finished","data":{"Id":2},"last":false}""");
        (await NextAsync()).ShouldBe("""{"uuid":"u1","type":"Object","data":{},"last":true}""");
        await peer.SendAsync("""{"type":"SockhopRequest","data":{"uuid":"u2","data":"hi","type":"String"}}""");
        await peer.SendAsync("""{"type":"SockhopRequest","data":{"uuid":"u3","data":"ho"}}""");
        (await NextAsync()).ShouldBe("""{"uuid":"u2","type":"String","data":"hi!","last":true}""");
        (await NextAsync()).ShouldBe("""{"uuid":"u3","type":"String","data":"ho!","last":true}""");

        async Task<string> NextAsync()
        {
            var message = await peer.NextAsync();
            message.Type.ShouldBe("SockhopResponsePacket");
            return message.Data;
        }
    }

    [Theory]
    [InlineData("""{"uuid":"U","type":"Object","data":{},"last":true}""")]
    [InlineData("""{"uuid":"U","last":true}""")]
    [InlineData("""{"uuid":"U","type":"Finished","data":{"Id":3},"last":true}""", 3)]
    [InlineData("""{"uuid":"U","type":"Finished","data":{},"last":true}""", 0)]
    public async Task AsksAndEnumeratesWhatComes(string last, params int[] more)
    {
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.Types) = (true, Pair.Types()));
        var requests = SockhopLegacyRequests.AddTo(served.Client);
        using var peer = await served.ConnectAsync();
        var answers = requests.RequestAsync<Done>(served.Client, new Job(7)).Select(done => done.Id).ToArrayAsync();
        var question = await peer.NextAsync();
        var uuid = RawPeer.Member(question, "uuid").GetString()!;
        foreach (var packet in new[]
        {
            """{"uuid":"unknown","type":"Finished","data":{"Id":9},"last":true}""",
            """{"uuid":null,"type":"Finished","data":{"Id":9},"last":true}""",
            """{"uuid":"U","type":"Finished","data":{"Id":1},"last":false}""",
            """{"uuid":"U","type":"Finished","data":{"Id":2}}""",
            last,
            """{"uuid":"U","type":"Finished","data":{"Id":9},"last":true}""",
        })
        {
            await peer.SendAsync($$"""{"type":"SockhopResponsePacket","data":{{packet.Replace("\"U\"", $"\"{uuid}\"")}}}""");
        }

        (await answers.AsTask().WithinLimit()).ShouldBe([1, 2, .. more]);
        question.ToString().ShouldBe($$"""line Message SockhopRequest {"uuid":"{{uuid}}","data":{"Id":7,"Note":null},"type":"Job"}""");
    }

    [Fact]
    public async Task OvertakesAHandlerThatAsks()
    {
        await using var pair = await new Pair().StartAsync();
        var asked = SockhopLegacyRequests.AddTo(pair.Client);
        var asking = SockhopLegacyRequests.AddTo(pair.Server);
        asked.OnRequest<Job, Done>((job, _, _) => CountAsync(job.Id));
        pair.Server.OnRequest<int, int>(async (count, session, token) =>
            await asking.RequestAsync<Done>(session, new Job(count), cancellationToken: token).Select(done => done.Id).SumAsync(token));

        (await pair.Client.RequestAsync<int>(100).WithinLimit()).ShouldBe(5050);
    }

    [Fact]
    public async Task GivesAResponseToNobodyButTheSessionThatWasAsked()
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        var requests = SockhopLegacyRequests.AddTo(pair.Server);
        await pair.Server.StartAsync();
        using var asked = await RawPeer.ConnectAsync(pair.Path);
        await Until.TrueAsync(() => pair.Server.Sessions.Count == 1);
        var answers = requests.RequestAsync<string>(pair.Session, "who?").ToArrayAsync();
        var uuid = RawPeer.Member(await asked.NextAsync(), "uuid").GetString();
        using var other = await RawPeer.ConnectAsync(pair.Path);

        await AnswerAsync(other, "other");
        await other.SendAsync("""{"type":"SockhopPing","data":{"_id":1}}""");
        await other.NextAsync();
        await AnswerAsync(asked, "asked");

        (await answers.AsTask().WithinLimit()).ShouldBe(["asked"]);

        Task AnswerAsync(RawPeer peer, string name) =>
            peer.SendAsync($$$"""{"type":"SockhopResponsePacket","data":{"uuid":"{{{uuid}}}","type":"String","data":"{{{name}}}","last":true}}""");
    }

    [Fact]
    public async Task EndsWithTheConnectionOrTheTimeOrTheToken()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.TimeProvider, o.MaxPendingRequests) = (true, clock, 1));
        var requests = SockhopLegacyRequests.AddTo(served.Client);
        using var cancel = new CancellationTokenSource();
        foreach (var (end, code) in new (Func<RawPeer, Task>, string?)[]
        {
            (_ => Task.Run(() => clock.Advance(TimeSpan.FromSeconds(30))), SockhopErrorCodes.ResponseTimeout),
            (peer => Task.Run(peer.End), SockhopErrorCodes.SocketDestroyed),
            (_ => cancel.CancelAsync(), null),
        })
        {
            using var peer = await served.ConnectAsync();
            var answer = requests.RequestAsync<string>(served.Client, "?", cancellationToken: cancel.Token).ToArrayAsync().AsTask();
            await peer.NextAsync();
            (await Should.ThrowAsync<SockhopException>(requests.RequestAsync<string>(served.Client, "one more").ToArrayAsync().AsTask()))
                .Code.ShouldBe(SockhopErrorCodes.TooManyRequests);

            await end(peer).WithinLimit();

            if (code is null)
            {
                await Should.ThrowAsync<OperationCanceledException>(answer.WithinLimit());
            }
            else
            {
                (await Should.ThrowAsync<SockhopException>(answer.WithinLimit())).Code.ShouldBe(code);
            }

            await served.Client.DisconnectAsync().WithinLimit();
        }
    }

    [Fact]
    public async Task FailsAResponseOfWhichTooMuchWaits()
    {
        await using var pair = await new Pair(null, o => o.ReceiveQueueLimit = 50_000).StartAsync();
        var asked = SockhopLegacyRequests.AddTo(pair.Server);
        var asking = SockhopLegacyRequests.AddTo(pair.Client);
        var all = new TaskCompletionSource();
        asked.OnRequest<int, string>((_, _, _) => ManyAsync());
        pair.Client.OnRequest<Done, Done>((done, _, _) => new ValueTask<Done>(done));
        await using var answers = asking.RequestAsync<string>(pair.Client, 1).GetAsyncEnumerator();
        (await answers.MoveNextAsync().AsTask().WithinLimit()).ShouldBeTrue();
        await all.Task.WithinLimit();
        var read = 1;

        var error = await Should.ThrowAsync<SockhopException>(async () =>
        {
            for (; await answers.MoveNextAsync().AsTask().WithinLimit(); read++)
            {
            }
        });

        (error.Code, read is > 10 and < 60).ShouldBe((SockhopErrorCodes.MessageTooLarge, true));
        pair.Client.IsConnected.ShouldBeTrue();

        async IAsyncEnumerable<string> ManyAsync()
        {
            for (var i = 0; i < 100; i++)
            {
                yield return new string('x', 1000);
            }

            // It came behind them all.
            await pair.Session.RequestAsync<Done>(new Done(1));
            all.SetResult();
        }
    }

    [Fact]
    public async Task RunsNoMoreThanAHundredHandlersOfAPeerAtOnce()
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        var requests = SockhopLegacyRequests.AddTo(pair.Server);
        var gate = new TaskCompletionSource();
        var running = 0;
        var most = 0;
        requests.OnRequest<int, int>(async (number, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await gate.Task;
            Interlocked.Decrement(ref running);
            return number;
        });
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        for (var i = 0; i < 150; i++)
        {
            await peer.SendAsync($$$"""{"type":"SockhopRequest","data":{"uuid":"{{{i}}}","data":{{{i}}},"type":"Number"}}""");
        }

        await Until.TrueAsync(() => Volatile.Read(ref running) == 100);
        gate.SetResult();
        var answered = new HashSet<int>();
        while (answered.Count < 150)
        {
            answered.Add(RawPeer.Member(await peer.NextAsync(), "data").GetInt32());
        }

        most.ShouldBe(100);
    }

    [Fact]
    public async Task TellsOfAHandlerThatFails()
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        var requests = SockhopLegacyRequests.AddTo(pair.Server);
        var failed = new TaskCompletionSource<Exception>();
        pair.Server.HandlerFailed += (_, exception) => failed.TrySetResult(exception);
        requests.OnRequest<string, byte[]>((_, _, _) => new ValueTask<byte[]>([1]));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync("""{"type":"SockhopRequest","data":{"uuid":"u","data":"x","type":"String"}}""");

        (await failed.Task.WithinLimit()).ShouldBeOfType<SockhopException>().Code.ShouldBe(SockhopErrorCodes.SerializeFailed);
        Should.Throw<InvalidOperationException>(() => requests.OnRequest<string, int>((_, _, _) => new ValueTask<int>(1)));
        Should.Throw<InvalidOperationException>(() => SockhopLegacyRequests.AddTo(pair.Server));
    }

    private static async IAsyncEnumerable<Done> CountAsync(int last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 1; i <= last; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Done(i);
        }
    }
}
