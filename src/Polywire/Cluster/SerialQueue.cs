namespace Polywire.Cluster;

/// <summary>Hands items to a handler one by one, in the order in which they came, on the thread pool. Safe to use concurrently.</summary>
/// <remarks>
/// Whoever adds waits for nothing. Nothing runs, and no thread is held, while the queue is empty. What the handler throws is told and ends nothing.
/// Over its capacity the oldest item goes.
/// </remarks>
internal sealed class SerialQueue<T>(Func<T, CancellationToken, ValueTask> handler, int capacity, Action<Exception> failed, Action<long>? lost = null)
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _waiting = new();
    private long _lost;
    private bool _runs;
    private bool _stopped;

    public void Add(T item)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            if (_waiting.Count >= capacity)
            {
                _waiting.Dequeue();
                _lost++;
            }

            _waiting.Enqueue(item);
            if (_runs)
            {
                return;
            }

            _runs = true;
        }

        // DrainAsync throws nothing; it ends with the queue.
        _ = Task.Run(DrainAsync);
    }

    /// <summary>Drops what waits and takes nothing more; a handler that runs goes on.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _waiting.Clear();
        }
    }

    private bool TryTake(out T item, out long lostMeanwhile)
    {
        lock (_gate)
        {
            (lostMeanwhile, _lost) = (_lost, 0);
            if (_waiting.TryDequeue(out item!))
            {
                return true;
            }

            _runs = false;
            return false;
        }
    }

    private async Task DrainAsync()
    {
        while (TryTake(out var item, out var lostMeanwhile))
        {
            try
            {
                if (lostMeanwhile > 0)
                {
                    lost?.Invoke(lostMeanwhile);
                }

                await handler(item, CancellationToken.None);
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }
}
