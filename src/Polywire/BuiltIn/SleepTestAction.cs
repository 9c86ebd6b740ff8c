namespace Polywire.BuiltIn;

/// <summary>Sleeps, to see that requests run side by side.</summary>
[Action("sleepTest")]
internal sealed class SleepTestAction(TimeProvider time) : IAction<SleepTestAction.Input, SleepTestAction.Output>
{
    /// <param name="SleepDuration">Milliseconds.</param>
    public sealed record Input([property: System.ComponentModel.DataAnnotations.Range(0, 3_600_000)] int SleepDuration = 1000);

    public sealed record Output(long SleepStarted, long SleepEnded, long SleepDelta, int SleepDuration);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow().ToUnixTimeMilliseconds();
        await Task.Delay(TimeSpan.FromMilliseconds(input.SleepDuration), time, cancellationToken);
        var ended = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new Output(started, ended, ended - started, input.SleepDuration);
    }
}
