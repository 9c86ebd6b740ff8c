using System.Runtime.CompilerServices;

namespace Polywire.TestSupport;

/// <summary>The one bound on every wait of a test.</summary>
public static class Within
{
    /// <summary>Ten seconds: far longer than anything here takes, so that it is reached only by what hangs.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Waits for a task, but not for ever.</summary>
    /// <exception cref="TimeoutException">It did not finish in time; the message is its source text.</exception>
    public static async Task WithinLimit(this Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Late(what);
        }
    }

    /// <inheritdoc cref="WithinLimit(Task,string)"/>
    public static async Task<T> WithinLimit<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Late(what);
        }
    }

    /// <inheritdoc cref="WithinLimit(Task,string)"/>
    public static Task WithinLimit(this ValueTask task, [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().WithinLimit(what);

    /// <inheritdoc cref="WithinLimit(Task,string)"/>
    public static Task<T> WithinLimit<T>(this ValueTask<T> task, [CallerArgumentExpression(nameof(task))] string what = "") =>
        task.AsTask().WithinLimit(what);

    private static TimeoutException Late(string what) => new($"Not finished within {Limit.TotalSeconds} s: {what}");
}
