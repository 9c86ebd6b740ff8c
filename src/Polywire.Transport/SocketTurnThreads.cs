namespace Polywire.Transport;

/// <summary>Threads that run turns at once while handlers block; they end when they have had nothing to do for some seconds.</summary>
/// <remarks>
/// The thread pool would do the same, but it grows by one or two threads in a second, and everybody would wait for that. It helps with
/// what is too much for these threads, so that even then nothing waits for ever. Safe to use concurrently.
/// </remarks>
/// <param name="most">How many threads there may be; protects memory.</param>
internal sealed class SocketTurnThreads(int most) : IThreadPoolWorkItem
{
    /// <summary>The bound of <see cref="Default"/>.</summary>
    public const int DefaultMost = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // A monitor, because its wait takes a limit.
    private readonly object _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _turns = new();
    private int _idle;
    private int _threads;

    /// <summary>Gets the threads of the process.</summary>
    public static SocketTurnThreads Default { get; } = new(DefaultMost);

    /// <summary>Runs a turn on an idle thread or a new one, or on the first that is free, one of the pool included.</summary>
    /// <param name="turn">May block.</param>
    /// <returns>Whether there was a thread for it at once.</returns>
    public bool Run(IThreadPoolWorkItem turn)
    {
        lock (_gate)
        {
            if (_idle > _turns.Count)
            {
                _turns.Enqueue(turn);
                Monitor.Pulse(_gate);
                return true;
            }

            if (_threads < most && TryStart(turn))
            {
                _threads++;
                return true;
            }

            _turns.Enqueue(turn);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return false;
    }

    /// <inheritdoc/>
    /// <remarks>Runs a turn that still waits, if any does.</remarks>
    void IThreadPoolWorkItem.Execute()
    {
        IThreadPoolWorkItem? turn;
        lock (_gate)
        {
            _turns.TryDequeue(out turn);
        }

        turn?.Execute();
    }

    private bool TryStart(IThreadPoolWorkItem turn)
    {
        try
        {
            new Thread(() => RunAll(turn)) { IsBackground = true, Name = "Polywire turn" }.UnsafeStart();
            return true;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // The system gives no more threads.
            return false;
        }
    }

    private void RunAll(IThreadPoolWorkItem? turn)
    {
        while (turn is not null)
        {
            turn.Execute();
            turn = Next();
        }
    }

    private IThreadPoolWorkItem? Next()
    {
        lock (_gate)
        {
            _idle++;
            IThreadPoolWorkItem? turn;
            while (!_turns.TryDequeue(out turn))
            {
                if (!Monitor.Wait(_gate, Patience) && _turns.Count == 0)
                {
                    _threads--;
                    break;
                }
            }

            _idle--;
            return turn;
        }
    }
}
