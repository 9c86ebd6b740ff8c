using System.Diagnostics.CodeAnalysis;
using Polywire.Inputs;

namespace Polywire;

public sealed partial class ActionContext
{
    private readonly Lock _deadlineGate = new();
    private ITimer? _deadline;
    private TimeSpan _timeout;
    private bool _isHeld;

    /// <summary>Signalled by the connection's end, the deadline and a hard stop; reused while nothing has fired.</summary>
    internal CancellationTokenSource Cancellation { get; private set; } = new();

    /// <summary>Neighbours among the runs of one connection; the connection's lock guards them.</summary>
    internal ActionContext? Previous { get; set; }

    internal ActionContext? Next { get; set; }

    /// <summary>Whether the run was answered without waiting for its end, so that the context is not reused.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>Cancels the run.</summary>
    /// <returns>What callbacks of the token threw, which may not keep us from going on; null if nothing.</returns>
    internal Exception? Cancel()
    {
        try
        {
            Cancellation.Cancel();
            return null;
        }
        catch (AggregateException exception)
        {
            return exception;
        }
    }

    /// <summary>Starts the clock of a run that did not end at once.</summary>
    internal void ArmDeadline(TimeSpan timeout, TimeProvider time, TimerCallback callback, object state)
    {
        lock (_deadlineGate)
        {
            _timeout = timeout;
            _deadline = time.CreateTimer(callback, state, _isHeld ? System.Threading.Timeout.InfiniteTimeSpan : timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Stops the clock of the deadline while the run waits for something that is not its own work, such as an upload. Safe to use concurrently.</summary>
    [Experimental("PWX0001")]
    public void HoldDeadline()
    {
        lock (_deadlineGate)
        {
            _isHeld = true;
            _deadline?.Change(System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Starts the clock of the deadline again, with the whole time. Safe to use concurrently.</summary>
    [Experimental("PWX0001")]
    public void ResumeDeadline()
    {
        lock (_deadlineGate)
        {
            _isHeld = false;
            _deadline?.Change(_timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    internal void DisarmDeadline()
    {
        // Armed and disarmed by the run alone: one that ended at once has nothing to lock for.
        if (_deadline is null)
        {
            return;
        }

        lock (_deadlineGate)
        {
            _deadline?.Dispose();
            _deadline = null;
        }
    }

    internal ValueTask DisposeScopeAsync()
    {
        if (Scope is not { } scope)
        {
            return default;
        }

        Scope = null;
        return scope.DisposeAsync();
    }

    /// <summary>Makes the context ready for another run.</summary>
    /// <returns>Whether it can be used again.</returns>
    internal bool Reset()
    {
        DisarmDeadline();
        _isHeld = false;
        Params.Reset();
        _action = null;
        _connection = null;
        _response?.Clear();
        _items?.Clear();
        Http = null;
        AskedAs = null;
        Result = null;
        Error = null;
        ToRender = true;
        ToProcess = true;
        InputErrors.Clear();
        ScopeFactory = null;
        Scope = null;
        Previous = null;
        Next = null;
        return !IsAbandoned && Cancellation.TryReset();
    }
}
