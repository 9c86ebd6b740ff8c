namespace Polywire.TestSupport.Faults;

/// <summary>A call that hangs until a test lets it go on.</summary>
public sealed class Hang
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a call hangs here.</summary>
    public Task Reached => _reached.Task.WithinLimit();

    /// <summary>Lets it go on.</summary>
    public void Release() => _released.TrySetResult();

    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
