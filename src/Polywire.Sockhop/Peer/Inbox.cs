using Polywire.Sockhop.Bounds;

namespace Polywire.Sockhop.Peer;

/// <summary>
/// The line between the reader and the application: what arrived waits here until one thread at a time runs it, in order.
/// </summary>
/// <remarks>
/// <para>
/// The thread that received runs what it received before it reads on: what comes meanwhile is then read, and answered, in one piece. Code of
/// the application that blocks its thread, perhaps for a reply, stands between the socket and the reply for <see cref="StallTime"/>: then
/// another thread reads on.
/// </para>
/// <para>
/// What one pass sends is written at its end in one piece, or at once when it does not get on. A pass whose thread is found waiting three
/// times in a row loses its place: another thread goes on.
/// </para>
/// </remarks>
internal sealed class Inbox : IThreadPoolWorkItem, IDisposable
{
    private const int ItemCost = 256;
    private const int MostStalledTicks = 24;

    // What a tick counts at which the thread is found waiting: three of them are enough.
    private const int WaitingTicks = 8;
    private static readonly TimeSpan StallTime = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly IInboxOwner _owner;
    private readonly long _limit;
    private readonly Queue<WorkItem> _items = new();
    private readonly ITimer _watch;
    private Queue<WorkItem>? _waiting;
    private DrainPass _pass;
    private bool _draining;
    private bool _handling;
    private bool _watching;
    private bool _disposed;
    private int _progress;
    private int _seen;
    private int _stalledTicks;
    private long _cost;

    public Inbox(TimeProvider time, long limit, IInboxOwner owner)
    {
        _owner = owner;
        _limit = limit;
        _pass = new DrainPass(owner);
        _watch = time.CreateTimer(static inbox => ((Inbox)inbox!).Watch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the reader has to pause.</summary>
    public bool IsFull => Volatile.Read(ref _cost) > _limit;

    /// <summary>What waits for handlers, in bytes.</summary>
    public long Cost => Volatile.Read(ref _cost);

    /// <summary>Whether there is something to run that no thread is at.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
            {
                return _items.Count > 0 && !_draining;
            }
        }
    }

    /// <summary>Adds something; whoever adds sees to it that <see cref="Drain"/> is called.</summary>
    public void Post(WorkItem item)
    {
        lock (_gate)
        {
            _items.Enqueue(item);
            if (item.IsHandled)
            {
                _cost += item.Cost + ItemCost;
            }

            if (_draining)
            {
                StartWatch(_progress);
            }
        }
    }

    /// <summary>Runs what waits on the thread pool; for those who must not be held up.</summary>
    public void DrainSoon() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public void Execute() => Drain();

    /// <summary>Runs what waits, unless another thread is at it.</summary>
    public void Drain()
    {
        DrainPass pass;
        lock (_gate)
        {
            if (_draining || _items.Count == 0)
            {
                return;
            }

            _draining = true;
            pass = _pass;
            pass.IsStalled = false;

            // Nothing runs yet: that the first item begins is no progress.
            StartWatch(_progress + 1);
        }

        Run(pass);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _watch.Dispose();
    }

    private void Run(DrainPass pass)
    {
        pass.Thread = Thread.CurrentThread;
        while (true)
        {
            WorkItem? item;
            bool isLast;
            lock (_gate)
            {
                if (pass != _pass)
                {
                    // Another thread has gone on in the meantime.
                    DrainPass.Current = null;
                    return;
                }

                _progress++;
                if (!_items.TryDequeue(out item))
                {
                    _draining = false;
                    pass.Thread = null;
                    break;
                }

                isLast = _items.Count == 0;
                if (item.IsHandled)
                {
                    if (_handling)
                    {
                        (_waiting ??= new Queue<WorkItem>()).Enqueue(item);
                        continue;
                    }

                    _handling = true;
                }
            }

            // The last one has nothing to wait for and is written at once.
            DrainPass.Current = isLast ? null : pass;
            if (item.IsHandled)
            {
                Handle(item);
            }
            else
            {
                item.Run();
            }
        }

        DrainPass.Current = null;
        _owner.OnPassEnded();
    }

    // Only the holder of _handling comes here.
    private void Handle(WorkItem? item)
    {
        while (item is not null)
        {
            var running = item.RunAsync();
            if (!running.IsCompletedSuccessfully)
            {
                _ = ContinueAsync(running, item);
                return;
            }

            item = Next(item);
        }
    }

    private async Task ContinueAsync(ValueTask running, WorkItem item)
    {
        await running.ConfigureAwait(false);
        Handle(Next(item));
    }

    private WorkItem? Next(WorkItem done)
    {
        WorkItem? next;
        bool isRoom;
        bool isLess;
        lock (_gate)
        {
            var wasFull = _cost > _limit;
            isLess = _cost > InputBudget.FreeBytes;
            _cost -= done.Cost + ItemCost;
            isRoom = wasFull && _cost <= _limit;
            next = _waiting is { Count: > 0 } waiting ? waiting.Dequeue() : null;
            if (next is null)
            {
                _handling = false;
            }
        }

        if (isLess)
        {
            _owner.OnLessWaits();
        }

        if (isRoom)
        {
            _owner.OnRoom();
        }

        return next;
    }

    private void StartWatch(int seen)
    {
        if (!_watching && !_disposed)
        {
            _watching = true;
            _seen = seen;
            _watch.Change(StallTime, Timeout.InfiniteTimeSpan);
        }
    }

    private void Watch()
    {
        DrainPass? successor;
        lock (_gate)
        {
            _watching = false;
            if (_disposed || !_draining)
            {
                return;
            }

            if (_progress != _seen)
            {
                _stalledTicks = 0;
                StartWatch(_progress);
                return;
            }

            _pass.IsStalled = true;
            successor = TakePlace();
            if (successor is null)
            {
                StartWatch(_progress);
            }
        }

        _owner.OnStalled();
        _owner.OnPassEnded();
        if (successor is not null)
        {
            Run(successor);
        }
    }

    // Under the gate. A thread that waits for a processor, or a moment for a lock, keeps its place, so that the order stays; one that goes on
    // waiting does not, if anything waits behind it.
    private DrainPass? TakePlace()
    {
        var isWaiting = _pass.Thread is not { } thread || (thread.ThreadState & ThreadState.WaitSleepJoin) != 0;
        _stalledTicks = _items.Count == 0 ? 0 : _stalledTicks + (isWaiting ? WaitingTicks : 1);
        if (_stalledTicks < MostStalledTicks)
        {
            return null;
        }

        _stalledTicks = 0;
        return _pass = new DrainPass(_owner);
    }
}
