namespace Polywire.Doors;

/// <summary>Middleware of an ending, which may fail and be late but not keep a connection from leaving (core.md R-25).</summary>
internal static class EndingStep
{
    /// <summary>Twice what an ending connection is given: its goodbye is not late by a step, and a step not cut off by the goodbye.</summary>
    public static TimeSpan LimitOf(PolywireOptions options) => options.PendingShutdownWaitLimit * 2;

    /// <summary>Waits for a step.</summary>
    /// <exception cref="TimeoutException">It takes longer; it goes on without anybody waiting.</exception>
    public static ValueTask WithinAsync(this ValueTask step, TimeSpan limit, TimeProvider time) =>
        step.IsCompleted ? step : new ValueTask(step.AsTask().WaitAsync(limit, time));
}
