using Polywire.Doors;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Doors;

public class ConnectionLifeTests
{
    // Stage, and what each event makes of it, in the order of the events; a dash where it changes nothing.
    public static TheoryData<string, string> Table => new()
    {
        { nameof(LifeStage.Opening), "Open Ending Leaving - -" },
        { nameof(LifeStage.Open), "- Ending Leaving - -" },
        { nameof(LifeStage.Ending), "- - Leaving - -" },
        { nameof(LifeStage.Leaving), "- - - Goodbye Closed" },
        { nameof(LifeStage.Goodbye), "- - - - Closed" },
        { nameof(LifeStage.Closed), "- - - - -" },
    };

    [Theory, MemberData(nameof(Table))]
    public void EveryEventInEveryStage(string stage, string following)
    {
        var found = Enum.GetValues<LifeEvent>().Select(
            what => LifeTable.TryFollow(Enum.Parse<LifeStage>(stage), what, out var next) ? next.ToString() : "-");

        string.Join(' ', found).ShouldBe(following);
    }

    [Fact]
    public void EveryStageIsInTheTable()
    {
        Table.Count.ShouldBe(Enum.GetValues<LifeStage>().Length);
    }

    [Fact]
    public void NothingLeadsBack()
    {
        foreach (var stage in Enum.GetValues<LifeStage>())
        {
            foreach (var what in Enum.GetValues<LifeEvent>())
            {
                if (LifeTable.TryFollow(stage, what, out var next))
                {
                    ((int)next).ShouldBeGreaterThan((int)stage);
                }
            }
        }
    }

    [Fact]
    public void IsClosedForTheApplicationFromLeavingOn()
    {
        var life = new ConnectionLife();
        life.Welcome();
        life.IsClosed.ShouldBeFalse();
        _ = life.End(isHurried: false, 0, _ => Task.CompletedTask);
        (life.Stage, life.IsClosed).ShouldBe((LifeStage.Ending, false));

        life.TryMove(LifeEvent.Leave).ShouldBeTrue();

        (life.Stage, life.IsClosed, life.IsWelcomed).ShouldBe((LifeStage.Leaving, true, true));
        life.TryMove(LifeEvent.Leave).ShouldBeFalse();
    }

    [Fact]
    public void BeginsTheEndOnce_HoweverManyDecideOnIt()
    {
        var life = new ConnectionLife();
        var begun = 0;

        Parallel.For(0, 100, _ => life.End(isHurried: false, 0, _ => Task.FromResult(Interlocked.Increment(ref begun))));

        begun.ShouldBe(1);
        life.Stage.ShouldBe(LifeStage.Ending);
    }

    [Fact]
    public void AWelcomeThatComesBehindTheEndIsKnown_AndChangesNoStage()
    {
        var life = new ConnectionLife();
        life.TryMove(LifeEvent.Leave);

        life.Welcome();

        (life.Stage, life.IsWelcomed).ShouldBe((LifeStage.Leaving, true));
    }

    [Fact]
    public void GivesAFiredTokenToWhoAsksTooLate()
    {
        var life = new ConnectionLife();
        life.HasToken.ShouldBeFalse();
        var early = life.Closing;
        life.TryMove(LifeEvent.Leave);
        early.IsCancellationRequested.ShouldBeFalse();

        life.FireClosing();

        early.IsCancellationRequested.ShouldBeTrue();
        life.Closing.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task TellsThoseThatWaitForTheLeaving_BeforeAndAfter()
    {
        var life = new ConnectionLife();
        var early = life.WhenLeft();
        early.IsCompleted.ShouldBeFalse();

        life.TellLeft();

        await early;
        life.WhenLeft().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void CountsMiddlewareUntilItIsTaken()
    {
        var life = new ConnectionLife();
        life.TryCountMiddleware(0).ShouldBeTrue();
        life.TryCountMiddleware(1).ShouldBeTrue();

        life.TakeMiddleware().ShouldBe(2);

        life.TryCountMiddleware(2).ShouldBeFalse();
        life.TakeMiddleware().ShouldBe(0);
    }
}
