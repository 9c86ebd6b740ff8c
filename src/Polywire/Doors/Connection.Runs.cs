using System.Diagnostics.CodeAnalysis;
using Polywire.Doors;

namespace Polywire;

public abstract partial class Connection
{
    private ActionContext? _runs;
    private int _pending;
    private long _total;

    /// <summary>The stage of its life, and the lock for what changes with it.</summary>
    internal ConnectionLife Life { get; } = new();

    /// <summary>A token that is cancelled when the connection closes, for whatever reason; cancelled already where it has closed.</summary>
    /// <remarks>A client that only ends its own side of a stream is still answered; the token fires when the connection ends after that.</remarks>
    public CancellationToken Closing => Life.Closing;

    /// <summary>Whether <see cref="CancelRuns"/> has anything to do.</summary>
    internal bool HasTokens => PendingActions > 0 || Life.HasToken;

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
            Life.TellIdle();
        }
    }

    /// <summary>Puts a run among those that the connection's end cancels; a closed connection cancels it at once.</summary>
    internal void Track(ActionContext context)
    {
        lock (Life)
        {
            if (!Life.IsClosed)
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
        lock (Life)
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

    /// <summary>Closes the connection for the runs that still go on: their tokens fire, and nobody is answered. For transient connections.</summary>
    [Experimental("PWX0001")]
    protected internal void Abandon()
    {
        Life.TryMove(LifeEvent.Leave);
        CancelRuns();
    }

    /// <summary>Signals the tokens of all runs, and that of the connection, which has begun to leave.</summary>
    /// <returns>The last of what callbacks of the tokens threw; null if nothing.</returns>
    internal Exception? CancelRuns()
    {
        Exception? failure = null;
        while (true)
        {
            ActionContext? run;
            lock (Life)
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
            Life.FireClosing();
            return failure;
        }
        catch (AggregateException exception)
        {
            return exception;
        }
    }
}
