namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Holds a run of the action <c>wait</c> until a test lets it go.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _entered = New();
    private readonly TaskCompletionSource _opened = New();
    private readonly TaskCompletionSource _cancelled = New();

    /// <summary>Completes when a run has come.</summary>
    public Task Entered => _entered.Task;

    /// <summary>Completes when the token of a run that waits has fired.</summary>
    public Task Cancelled => _cancelled.Task;

    public void Open() => _opened.TrySetResult();

    public async Task PassAsync(CancellationToken cancellationToken)
    {
        _entered.TrySetResult();
        try
        {
            await _opened.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult();
            throw;
        }
    }

    /// <summary>Waits for the gate whatever becomes of the run's token.</summary>
    public Task PassDeafAsync()
    {
        _entered.TrySetResult();
        return _opened.Task;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
