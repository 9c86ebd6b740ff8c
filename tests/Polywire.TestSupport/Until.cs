using System.Runtime.CompilerServices;

namespace Polywire.TestSupport;

/// <summary>Waits for what no event tells.</summary>
public static class Until
{
    /// <summary>Looks again and again, but not for ever: when it gives up, it looks no more.</summary>
    /// <exception cref="TimeoutException">It was not so in time; the message is its source text.</exception>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(condition, Within.Limit, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static Task TrueAsync(Func<bool> condition, TimeSpan limit, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Task.Run(async () =>
        {
            var started = TimeProvider.System.GetTimestamp();
            while (!condition())
            {
                if (TimeProvider.System.GetElapsedTime(started) > limit)
                {
                    throw new TimeoutException($"Not so within {limit.TotalSeconds} s: {what}");
                }

                await Task.Yield();
            }
        });
}
