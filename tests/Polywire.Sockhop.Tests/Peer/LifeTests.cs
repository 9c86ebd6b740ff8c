using Polywire.Sockhop.Peer;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Peer;

public class LifeTests
{
    public enum Step
    {
        Open,
        Close,
        Abort,
        Finish,
    }

    [Theory]
    [InlineData(Step.Open, "Open")]
    [InlineData(Step.Close, "Closed")]
    [InlineData(Step.Abort, "Closed")]
    [InlineData(Step.Finish, "Closed")]
    public void FromNew(Step step, string stage) => After(step).ShouldBe(stage);

    [Theory]
    [InlineData(Step.Open, "Open")]
    [InlineData(Step.Close, "Closing")]
    [InlineData(Step.Abort, "Closed")]
    [InlineData(Step.Finish, "Closed")]
    public void FromOpen_WithSomethingUnwritten(Step step, string stage) => After(step, Step.Open).ShouldBe(stage);

    [Theory]
    [InlineData(Step.Open, "Closing")]
    [InlineData(Step.Close, "Closing")]
    [InlineData(Step.Abort, "Closed")]
    [InlineData(Step.Finish, "Closed")]
    public void FromClosing(Step step, string stage) => After(step, Step.Open, Step.Close).ShouldBe(stage);

    [Theory]
    [InlineData(Step.Open)]
    [InlineData(Step.Close)]
    [InlineData(Step.Abort)]
    [InlineData(Step.Finish)]
    public void NothingFollowsClosed(Step step) => After(step, Step.Open, Step.Abort).ShouldBe("Closed");

    [Fact]
    public async Task TheFirstReasonCounts_AndTheEndIsToldOnce()
    {
        var parts = Unwritten();
        var error = new IOException("first");

        _ = parts.Life.CloseAsync(SockhopCloseReason.PingTimeout, error);
        parts.Life.Abort(SockhopCloseReason.TransportError, new IOException("second"));
        parts.Life.Abort(SockhopCloseReason.Closed, null);

        (parts.Life.Reason, parts.Life.Error).ShouldBe((SockhopCloseReason.PingTimeout, error));
        parts.Told.ShouldBe(["closed"]);
        await parts.Life.Closed.WithinLimit();
        await parts.Life.Released.WithinLimit();
        await Until.TrueAsync(() => parts.Life.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task WhatIsNotWrittenInTimeIsGivenUp()
    {
        var parts = Unwritten();
        var closing = parts.Life.CloseAsync(SockhopCloseReason.Closed, null);

        parts.Clock.Advance(parts.Settings.CloseTimeout);

        await closing.WithinLimit();
        (parts.Wire.IsShutDown, parts.Wire.IsDisposed).ShouldBe((false, true));
    }

    [Fact]
    public void TheReaderGoesOnForAMoment()
    {
        var parts = new PeerParts();

        _ = parts.Life.CloseAsync(SockhopCloseReason.Closed, null);

        (parts.Wire.IsShutDown, parts.Wire.IsDisposed).ShouldBe((true, false));
        parts.Clock.Advance(TimeSpan.FromSeconds(1));
        parts.Wire.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void NobodyWaitsForAReaderThatHasEnded()
    {
        var parts = new PeerParts { IsReading = false };

        _ = parts.Life.CloseAsync(SockhopCloseReason.Closed, null);

        (parts.Wire.IsShutDown, parts.Wire.IsDisposed).ShouldBe((true, true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheEndIsToldAfterTheBeginning(bool announcedFirst)
    {
        var life = new PeerParts().Life;

        var told = announcedFirst ? (life.Announce(), life.MayTellEnd()) : (life.MayTellEnd(), life.Announce());

        told.ShouldBe((false, true));
    }

    private static PeerParts Unwritten()
    {
        var parts = new PeerParts();
        parts.Wire.IsSlow = true;
        parts.Send("{}");
        return parts;
    }

    private static string After(Step last, params Step[] before)
    {
        var parts = new PeerParts(open: false);
        foreach (var step in before)
        {
            Take(parts, step);
        }

        Take(parts, last);
        return parts.Life.Stage.ToString();
    }

    private static void Take(PeerParts parts, Step step)
    {
        switch (step)
        {
            case Step.Open when parts.Life.TryOpen():
                parts.Wire.IsSlow = true;
                parts.Send("{}");
                break;
            case Step.Close:
                _ = parts.Life.CloseAsync(SockhopCloseReason.Closed, null);
                break;
            case Step.Abort:
                parts.Life.Abort(SockhopCloseReason.Closed, null);
                break;
            case Step.Finish:
                parts.Life.Finish();
                break;
        }
    }
}
