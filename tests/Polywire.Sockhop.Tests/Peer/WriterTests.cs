using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Peer;

public class WriterTests
{
    private const string Envelope = """{"type":"Object","data":""";

    [Fact]
    public void WritesAtOnce_AndInOnePieceWhatComesMeanwhile()
    {
        var parts = Slow();

        parts.Send("1");
        parts.Send("2");
        parts.Send("3");
        parts.Wire.EndWrite();

        parts.Wire.Written.ShouldBe([Line("1"), Line("2") + Line("3")]);
        parts.Wire.EndWrite();
        parts.Writer.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public void CollectsWhatAPassOfItsOwnerSends_UntilThePassFlushes()
    {
        var parts = new PeerParts();
        DrainPass.Current = new DrainPass(parts);
        try
        {
            parts.Send("1");
            parts.Send("2");
            parts.Wire.Written.ShouldBeEmpty();

            parts.Writer.Flush();
        }
        finally
        {
            DrainPass.Current = null;
        }

        parts.Wire.Written.ShouldBe([Line("1") + Line("2")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WritesAtOnce_WhatAPassSendsThatStalls_OrOfAnotherConnection(bool isStalled)
    {
        var parts = new PeerParts();
        DrainPass.Current = new DrainPass(isStalled ? parts : new object()) { IsStalled = isStalled };
        try
        {
            parts.Send("1");
        }
        finally
        {
            DrainPass.Current = null;
        }

        parts.Wire.Written.ShouldBe([Line("1")]);
    }

    [Fact]
    public async Task LetsASenderWait_WhileThereIsNoRoom_AndTheNextBehindIt()
    {
        var parts = Slow(limit: 50);
        var first = parts.Send("1");

        var large = parts.Send($"\"{new string('x', 40)}\"");
        var small = parts.Send("2");

        (first, large!.Task.IsCompleted, small!.Task.IsCompleted).ShouldBe((null, false, false));
        parts.Wire.EndWrite();
        await large.Task.WithinLimit();
        small.Task.IsCompleted.ShouldBeFalse();
        parts.Wire.EndWrite();
        await small.Task.WithinLimit();
        parts.Wire.Written.Count.ShouldBe(3);
    }

    [Fact]
    public async Task LetsTheNextIn_OnceTheLargeOneBeforeItIsGivenUp()
    {
        var parts = Slow(limit: 50);
        parts.Send("1");
        var large = parts.Send($"\"{new string('x', 40)}\"");
        var small = parts.Send("2");

        large!.GiveUp(new CancellationToken(canceled: true));

        large.Task.IsCanceled.ShouldBeTrue();
        await small!.Task.WithinLimit();
        parts.Wire.EndWrite();
        parts.Wire.Text.ShouldBe(Line("1") + Line("2"));
    }

    [Fact]
    public void LeavesOutAnswersThatPileUp_AndTakesThemAgainOnceTheyAreWritten()
    {
        var parts = Slow(limit: 1);
        var answer = new byte[1000];
        for (var i = 0; i < 200; i++)
        {
            parts.Writer.SendControl(FrameKind.Message, WireType.Pong, answer);
        }

        parts.Writer.QueuedBytes.ShouldBeInRange(60_000, 70_000);
        while (parts.Writer.QueuedBytes > 0)
        {
            parts.Wire.EndWrite();
        }

        parts.Writer.SendControl(FrameKind.Message, WireType.Pong, answer);
        parts.Writer.QueuedBytes.ShouldBeInRange(1000, 1100);
    }

    [Fact]
    public void ALargeAnswerIsNoPile()
    {
        var parts = Slow();

        parts.Writer.SendControl(FrameKind.Message, WireType.Pong, new byte[100_000]);

        parts.Writer.QueuedBytes.ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public void SwitchesAtAPointOfTheQueue_AndWritesNothingMoreWithTheLine()
    {
        var parts = Slow();
        parts.Send("1");
        parts.Send("2");

        Switch(parts, withBarrier: false);
        parts.Send("3");
        parts.Wire.EndWrite();
        parts.Wire.EndWrite();

        parts.Wire.Written[1].ShouldBe(Line("2") + Transition);
        parts.Wire.Written[2].ShouldBe("\u000c\0\0\0\u000a\u0006Object\u0001\0\0\u00003");
    }

    [Fact]
    public void HoldsMessagesBackBehindTheBarrier_ButNoPongs()
    {
        var parts = new PeerParts();
        Switch(parts, withBarrier: true);
        parts.Send("1");

        parts.Writer.SendControl(FrameKind.Message, WireType.Pong, "2"u8);
        parts.Writer.SendControl(FrameKind.Message, WireType.Object, "3"u8, passesBarrier: false);

        parts.Wire.Text.ShouldEndWith("SockhopPong\u0001\0\0\u00002");
        parts.Writer.IsAllWritten.ShouldBeFalse();
        lock (parts.Gate)
        {
            parts.Writer.Release();
        }

        parts.Writer.Flush();
        parts.Wire.Text.ShouldEndWith("Object\u0001\0\0\u00001\u000c\0\0\0\u000a\u0006Object\u0001\0\0\u00003");
        parts.Writer.IsAllWritten.ShouldBeTrue();
    }

    [Fact]
    public async Task TellsOfAWriteThatFails_AndFailsWhoseMemoryItWas()
    {
        var parts = Slow();
        Switch(parts, withBarrier: false);
        parts.Wire.EndWrite();
        var sending = parts.Writer.Enqueue(
            new OutboundFrame { Type = WireType.Buffer, Bytes = new byte[10], IsBytes = true }, out _).AsTask();
        parts.Wire.EndWrite(new IOException("cut"));

        (await Should.ThrowAsync<SockhopException>(sending)).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
        parts.Told.ShouldBe(["failed: cut"]);
    }

    [Fact]
    public async Task TakesNothingMoreWhileItCloses_AndTellsWhenAllIsWritten()
    {
        var parts = Slow();
        parts.Send("1");
        parts.Send("2");

        var closing = parts.Life.CloseAsync(SockhopCloseReason.Closed, null);
        Should.Throw<SockhopException>(() => parts.Send("3")).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
        parts.Writer.SendControl(FrameKind.Message, WireType.Pong, "4"u8);
        parts.Wire.EndWrite();
        parts.Told.ShouldBeEmpty();
        parts.Wire.EndWrite();

        await closing.WithinLimit();
        parts.Told.ShouldBe(["all written", "closed"]);
        parts.Wire.Text.ShouldBe(Line("1") + Line("2"));
    }

    [Fact]
    public async Task FailsEverybodyWhoWaits_AtTheEnd()
    {
        var parts = Slow(limit: 50);
        parts.Send("1");
        var held = parts.Send($"\"{new string('x', 40)}\"");

        parts.Life.Abort(SockhopCloseReason.Closed, null);

        (await Should.ThrowAsync<SockhopException>(held!.Task)).Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
    }

    private static string Transition => """{"type":"SockhopBinaryModeTransition","data":{}}""" + "\n";

    private static string Line(string data) => Envelope + data + "}\n";

    private static PeerParts Slow(long limit = 1 << 20)
    {
        var parts = new PeerParts(options => options.SendQueueLimit = limit);
        parts.Wire.IsSlow = true;
        return parts;
    }

    private static void Switch(PeerParts parts, bool withBarrier)
    {
        lock (parts.Gate)
        {
            parts.Writer.SwitchToBinary(withBarrier);
        }

        parts.Writer.Flush();
    }
}
