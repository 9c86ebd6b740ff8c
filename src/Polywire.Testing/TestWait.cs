namespace Polywire.Testing;

/// <summary>Bounds the waits of a test, in real time.</summary>
internal static class TestWait
{
    public static async Task<T> WithinAsync<T>(this Task<T> task, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException(
                $"Within {limit.TotalSeconds} s, {what}. If it waits for time to pass: the host's clock moves only when the test advances it.");
        }
    }
}
