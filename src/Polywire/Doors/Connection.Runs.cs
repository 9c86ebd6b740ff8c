namespace Polywire;

public abstract partial class Connection
{
    private readonly Lock _runsLock = new();
    private ActionContext? _runs;
    private int _pending;
    private long _total;
    private bool _closed;
    private int _welcomes;
    private CancellationTokenSource? _closing;

    /// <summary>Fires when the connection closes, for whatever reason; not when the client only ends its own side.</summary>
    /// <remarks>Made when it is first asked for: most connections need none.</remarks>
    internal CancellationToken Closing
    {
        get
        {
            lock (_runsLock)
            {
                return _closed ? new CancellationToken(canceled: true) : (_closing ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>Whether <see cref="CancelRuns"/> has anything to do.</summary>
    internal bool HasTokens => PendingActions > 0 || Volatile.Read(ref _closing) is not null;

    /// <summary>Counts a run in; the value decides exactly whether it is one too many (core.md P-20).</summary>
    internal int BeginAction()
    {
        Interlocked.Increment(ref _total);
        return Interlocked.Increment(ref _pending);
    }

    internal void EndAction()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            OnIdle();
        }
    }

    /// <summary>Called whenever the last pending action has been answered.</summary>
    private protected virtual void OnIdle()
    {
    }

    /// <summary>Puts a run among those that the connection's end cancels; a closed connection cancels it at once.</summary>
    internal void Track(ActionContext context)
    {
        lock (_runsLock)
        {
            if (!_closed)
            {
                context.Next = _runs;
                if (_runs is not null)
                {
                    _runs.Previous = context;
                }

                _runs = context;
                return;
            }

            context.IsAbandoned = true;
        }

        context.Cancel();
    }

    internal void Untrack(ActionContext context)
    {
        lock (_runsLock)
        {
            if (context.Previous is not null)
            {
                context.Previous.Next = context.Next;
            }
            else if (_runs == context)
            {
                _runs = context.Next;
            }

            if (context.Next is not null)
            {
                context.Next.Previous = context.Previous;
            }

            context.Previous = context.Next = null;
        }
    }

    /// <summary>Marks the connection closed.</summary>
    /// <returns>Whether this call did it.</returns>
    internal bool MarkClosed()
    {
        lock (_runsLock)
        {
            return !_closed && (_closed = true);
        }
    }

    /// <summary>Notes that one more middleware has let the connection in.</summary>
    /// <param name="before">How many had before.</param>
    /// <returns>False where the connection has ended meanwhile, without that middleware hearing of it.</returns>
    internal bool Welcomed(int before) => Interlocked.CompareExchange(ref _welcomes, before + 1, before) == before;

    /// <summary>Ends the welcome.</summary>
    /// <returns>How many middleware had let the connection in.</returns>
    internal int EndWelcome() => Interlocked.Exchange(ref _welcomes, -1);

    /// <summary>Signals the tokens of all runs, and that of the connection, which has been marked closed.</summary>
    /// <returns>The last of what callbacks of the tokens threw; null if nothing.</returns>
    internal Exception? CancelRuns()
    {
        Exception? failure = null;
        while (true)
        {
            ActionContext? run;
            lock (_runsLock)
            {
                run = _runs;
                if (run is null)
                {
                    break;
                }

                _runs = run.Next;
                if (_runs is not null)
                {
                    _runs.Previous = null;
                }

                run.Next = null;

                // Set under the lock that Untrack takes, so a run that ends meanwhile does not give the context to another.
                run.IsAbandoned = true;
            }

            failure = run.Cancel() ?? failure;
        }

        try
        {
            // Nobody makes one after the connection has been marked closed.
            _closing?.Cancel();
            return failure;
        }
        catch (AggregateException exception)
        {
            return exception;
        }
    }
}
