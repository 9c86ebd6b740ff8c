namespace Polywire.Sockhop.Peer;

/// <summary>A value that comes once. There is no task for it until somebody asks. Safe for any thread.</summary>
internal struct Milestone<T>
    where T : notnull
{
    // Nothing, the value, or the source of a task that somebody has asked for.
    private object? _state;

    /// <summary>Ends with the value; what waits for it does not go on within <see cref="Reach"/>.</summary>
    public Task<T> Task
    {
        get
        {
            var state = Volatile.Read(ref _state);
            if (state is null)
            {
                var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
                state = Interlocked.CompareExchange(ref _state, source, null) ?? source;
            }

            return state as TaskCompletionSource<T> is { } made ? made.Task : System.Threading.Tasks.Task.FromResult((T)state);
        }
    }

    /// <summary>Sets the value; the first counts.</summary>
    public void Reach(T value)
    {
        if ((Volatile.Read(ref _state) ?? Interlocked.CompareExchange(ref _state, value, null)) is TaskCompletionSource<T> source)
        {
            source.TrySetResult(value);
        }
    }
}
