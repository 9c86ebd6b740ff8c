using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Cluster;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.TestSupport.Contracts;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Cluster;

public sealed class InProcessBackplaneTests : BackplaneContract
{
    private readonly ManualTimeProvider _time = new();
    private readonly InProcessBus _bus = new();

    [Theory]
    [InlineData("fails")]
    [InlineData("refuses")]
    [InlineData("answers")]
    public async Task NO49_WhoEndsBecauseTheTimeIsUpIsSilent(string how)
    {
        var one = await CreateBackplaneAsync(new NodeIdentity("one"));
        var two = await CreateBackplaneAsync(new NodeIdentity("two"));
        var gate = new TaskCompletionSource();
        var hears = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var responder = await two.RespondAsync(
            "who",
            async (_, token) =>
            {
                await gate.Task;
                var ended = new TaskCompletionSource();
                await using var registration = token.Register(ended.SetResult);
                hears.SetResult();
                await ended.Task;
                return how switch
                {
                    "answers" => "1"u8.ToArray(),
                    "refuses" => throw new ActionException("no more time"),
                    _ => throw new IOException("no more time"),
                };
            },
            default);

        // It is waited for by the time that the call returns, so the responder hears of the end of the time first.
        var question = one.AskAsync(
            new BackplaneQuestion { Method = "who", Arguments = "1"u8.ToArray(), Timeout = TimeSpan.FromSeconds(5) }, default).AsTask();
        gate.SetResult();
        await hears.Task.WithinLimit();
        await AdvanceAsync(TimeSpan.FromSeconds(6));

        var reply = await question.WithinLimit();
        reply.Answers.ShouldBeEmpty();
        reply.Silent.ShouldBe(["two"]);
    }

    protected override ValueTask<IBackplane> CreateBackplaneAsync(NodeIdentity node) =>
        new(new InProcessBackplane(_bus, node, _time, NullLogger<InProcessBackplane>.Instance));

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
