namespace Polywire.Redis.Connection;

/// <summary>For tasks whose outcome is nobody's concern any more.</summary>
internal static class Unawaited
{
    /// <summary>Sees to it that nobody hears that nobody waited.</summary>
    public static void Forget(this Task task) =>
        task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
