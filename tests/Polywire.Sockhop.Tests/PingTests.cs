#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class PingTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task EndsASessionAtTheFourthTickWithoutAnAnswer()
    {
        var clock = new ManualTimeProvider();
        await using var pair = PingingServer(clock);
        var end = new TaskCompletionSource<SockhopDisconnect>();
        pair.Server.Disconnected += (_, value) => end.SetResult(value);
        using var peer = await ConnectAsync(pair);
        for (var i = 0; i < 4; i++)
        {
            clock.Advance(Pace);
            (await peer.NextAsync()).Type.ShouldBe("SockhopPing");
        }

        await peer.ReadToEndAsync();
        (await end.Task.WithinLimit()).Reason.ShouldBe(SockhopCloseReason.PingTimeout);
    }

    [Fact]
    public async Task EndsAClientsConnectionAfterThreePingsWithoutAnAnswer()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.TimeProvider, o.PingInterval) = (true, clock, Pace));
        using var peer = await served.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(Pace);
            (await peer.NextAsync()).Type.ShouldBe("SockhopPing");
        }

        clock.Advance(Pace);

        await Should.ThrowAsync<EndOfStreamException>(peer.NextAsync());
        served.Client.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public async Task LetsOneAnswerAmongTheLastFourKeepTheConnection()
    {
        var clock = new ManualTimeProvider();
        await using var pair = PingingServer(clock);
        var said = new TaskCompletionSource();
        pair.Server.On<string>((_, _, _) => said.TrySetResult());
        using var peer = await ConnectAsync(pair);
        clock.Advance(Pace);
        await peer.PongAsync(await peer.NextAsync());
        await peer.SendAsync("""{"type":"String","data":"the pong was read"}""");
        await said.Task.WithinLimit();

        for (var i = 0; i < 3; i++)
        {
            clock.Advance(Pace);
            await peer.NextAsync();
        }

        pair.Session.IsConnected.ShouldBeTrue();
        clock.Advance(Pace);
        await peer.NextAsync();
        await Should.ThrowAsync<EndOfStreamException>(peer.NextAsync());
    }

    [Fact]
    public async Task JudgesNobodyWhomItDoesNotRead()
    {
        var clock = new ManualTimeProvider();
        var gate = new TaskCompletionSource();
        await using var pair = PingingServer(clock);
        pair.Server.OnMessage(async (_, _, _) => await gate.Task);
        using var peer = await ConnectAsync(pair);
        await peer.SendAsync($$"""{"type":"String","data":"{{new string('x', 10_000_000)}}"}""");
        await Until.TrueAsync(() => pair.Session.Current!.IsPaused);
        for (var i = 0; i < 6; i++)
        {
            clock.Advance(Pace);
            await peer.NextAsync();
        }

        pair.Session.IsConnected.ShouldBeTrue();
        gate.SetResult();
        await Until.TrueAsync(() => !pair.Session.Current!.IsPaused);
        for (var i = 0; i < 4; i++)
        {
            pair.Session.IsConnected.ShouldBeTrue();
            clock.Advance(Pace);
            await peer.NextAsync();
        }

        await Should.ThrowAsync<EndOfStreamException>(peer.NextAsync());
    }

    [Fact]
    public async Task ForgetsWhatWasNotAnsweredWhenThePaceChanges()
    {
        var clock = new ManualTimeProvider();
        await using var pair = PingingServer(clock);
        using var peer = await ConnectAsync(pair);
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(Pace);
            await peer.NextAsync();
        }

        pair.Server.PingInterval = TimeSpan.Zero;
        clock.Advance(10 * Pace);
        pair.Server.PingInterval = Pace;
        clock.Advance(Pace);

        (await peer.NextAsync()).Type.ShouldBe("SockhopPing");
        pair.Session.IsConnected.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"type":"SockhopPing","data":{"_id":"x","_created":"then"}}""", "\"x\"", "\"then\"")]
    [InlineData("""{"type":"SockhopPing","data":{"_id":{"a" :[1, 2]}}}""", """{"a":[1,2]}""", "null")]
    [InlineData("""{"type":"SockhopPing"}""", "null", "null")]
    [InlineData("""{"type":"SockhopPing","data":null,"id":"request"}""", "null", "null")]
    public async Task AnswersEveryPingAtOnceWithWhatItHas(string ping, string id, string created)
    {
        await using var pair = new Pair(o => o.TimeProvider = new ManualTimeProvider());
        var heard = 0;
        pair.Server.OnMessage((_, _, _) =>
        {
            heard++;
            return default;
        });
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.NextAsync();

        await peer.SendAsync(ping);

        var pong = await peer.NextAsync();
        pong.ToString().ShouldBe(
            $$"""line Message SockhopPong {"_id":{{id}},"_created":{{created}},"_returned":{{RawPeer.Member(pong, "_returned").GetRawText()}},"_finished":null}""");
        heard.ShouldBe(0);
    }

    [Fact]
    public async Task AnswersPingsForAsLongAsItsAnswersAreRead()
    {
        await using var pair = new Pair(o => o.TimeProvider = new ManualTimeProvider());
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.NextAsync();
        for (var i = 0; i < 20; i++)
        {
            // Together three times what may wait for a peer that does not read.
            await peer.SendAsync($$$"""{"type":"SockhopPing","data":{"_id":"{{{new string('x', 10_000)}}}"}}""");
            (await peer.NextAsync()).Type.ShouldBe("SockhopPong");
        }
    }

    private static Pair PingingServer(ManualTimeProvider clock) =>
        new(o => (o.CompatibilityMode, o.TimeProvider, o.PingInterval) = (true, clock, Pace));

    private static async Task<RawPeer> ConnectAsync(Pair pair)
    {
        var connected = new TaskCompletionSource();
        pair.Server.Connected += _ => connected.SetResult();
        await pair.Server.StartAsync();
        var peer = await RawPeer.ConnectAsync(pair.Path);
        await connected.Task.WithinLimit();
        return peer;
    }
}
