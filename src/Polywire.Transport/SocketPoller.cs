using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Polywire.Transport;

/// <summary>Waits for the sockets of many connections on Linux, and runs what they wait for on the same thread.</summary>
/// <remarks>
/// <para>
/// A request then costs one receive, one send and its share of one wait, without a change of thread. There are as many pollers as
/// processors; a connection stays with one of them.
/// </para>
/// <para>
/// User code may run here, so it may block here. A watch looks every <see cref="SocketPollerWatch.Interval"/> whether a poller is
/// still with the same event as before; then another thread takes over the rest of the events and the waiting, and the blocked one
/// ends after what it does. So a blocking handler delays its neighbours by one or two intervals, not for as long as it blocks.
/// </para>
/// <para>
/// One after the other, many blocking handlers would still add up. So from the fourth on that blocks at the same time the poller runs
/// nothing itself: it hands each turn to a thread of <see cref="SocketTurnThreads"/>, until none of those turns is under way and fewer
/// are blocked. Beyond the bound of these threads turns wait for one of them, or of the pool.
/// </para>
/// <para>
/// Flushes from outside a connection's own turn collect in a queue, which is emptied between two waits: messages that come close
/// together leave together.
/// </para>
/// </remarks>
internal sealed class SocketPoller
{
    // More would only delay the flushes that collect meanwhile.
    private const int Events = 256;

    // With so many leaders blocked at a time turns run elsewhere. Each cost everybody else a take-over, some fifteen milliseconds.
    private const int Crowd = 4;

    // A blocked leader keeps its thread; beyond so many of them no other takes over, so that threads are bounded. More than a crowd can
    // only come of what is no turn.
    private const int MostBlocked = 16;

    private static readonly Lock TableLock = new();

    // By the number of the socket. An event of a closed socket may find its successor there, which takes it for a false alarm.
    private static DirectSocketConnection?[] Table = new DirectSocketConnection?[256];

    private static int LastChosen = -1;

    private readonly int _queue = LinuxSocket.CreateQueue();
    private readonly int _counter = LinuxSocket.CreateCounter();
    private readonly byte[] _events = GC.AllocateArray<byte>(Events * LinuxSocket.EventSize, pinned: true);
    private readonly ConcurrentQueue<DirectSocketWriter> _flushes = new();

    // In the place of an index: the leader waits, or prepares to; it can not be replaced.
    private const uint Waiting = int.MaxValue;

    // Leader in the upper half, index of the next event in the lower: who raises it owns that event.
    private long _claim;
    private int _count;
    private int _leaderThread;
    private int _woken;
    private int _blocked;
    private int _done;
    private int _doneAtLastCheck = -1;
    private int _handedOver;

    // The leader's.
    private bool _isCrowded;

    private SocketPoller()
    {
        LinuxSocket.Watch(_queue, _counter);
        Lead(0);
    }

    /// <summary>Gets all pollers of the process, started on first use.</summary>
    public static SocketPoller[] All => Pollers.All;

    /// <summary>Gets whether the poller is working through events rather than waiting.</summary>
    public bool IsBusy => (uint)Volatile.Read(ref _claim) != Waiting;

    /// <summary>Chooses a poller for a new connection.</summary>
    /// <returns>Each in turn.</returns>
    public static SocketPoller Choose() => All[(int)((uint)Interlocked.Increment(ref LastChosen) % (uint)All.Length)];

    /// <summary>Begins to watch a connection.</summary>
    /// <param name="connection">Told by <see cref="DirectSocketConnection.OnEvents"/>.</param>
    /// <param name="handle">Its socket.</param>
    /// <exception cref="SocketException">The system has no room for it.</exception>
    public void Add(DirectSocketConnection connection, SafeSocketHandle handle)
    {
        var number = (int)handle.DangerousGetHandle();
        lock (TableLock)
        {
            if (number >= Table.Length)
            {
                var larger = new DirectSocketConnection?[Math.Max(Table.Length * 2, number + 1)];
                Table.CopyTo(larger, 0);
                Volatile.Write(ref Table, larger);
            }

            Volatile.Write(ref Table[number], connection);
        }

        try
        {
            LinuxSocket.Watch(_queue, number);
        }
        catch (SocketException)
        {
            Remove(connection, handle);
            throw;
        }
    }

    /// <summary>Ends watching; to be called before the socket is closed.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="handle">Its socket.</param>
    public static void Remove(DirectSocketConnection connection, SafeSocketHandle handle)
    {
        var number = (int)handle.DangerousGetHandle();
        lock (TableLock)
        {
            if (number >= 0 && number < Table.Length && Table[number] == connection)
            {
                Table[number] = null;
            }
        }
    }

    /// <summary>Has a writer send soon, behind what is going on at present.</summary>
    /// <param name="writer">Not queued already.</param>
    public void Enqueue(DirectSocketWriter writer)
    {
        _flushes.Enqueue(writer);
        if (Environment.CurrentManagedThreadId != Volatile.Read(ref _leaderThread) && Interlocked.Exchange(ref _woken, 1) == 0)
        {
            LinuxSocket.Raise(_counter);
        }
    }

    /// <summary>Runs a connection's turn on another thread.</summary>
    /// <param name="connection">Calls <see cref="TakeBack"/> when it is over.</param>
    public void HandOver(DirectSocketConnection connection)
    {
        Interlocked.Increment(ref _handedOver);
        if (!SocketTurnThreads.Default.Run(connection))
        {
            connection.OnThreadsExhausted();
        }
    }

    /// <summary>Takes note that a turn that was handed over has ended.</summary>
    public void TakeBack() => Interlocked.Decrement(ref _handedOver);

    /// <summary>Replaces a leader that does not come back from one event; called by the watch alone.</summary>
    public void Check()
    {
        var done = Volatile.Read(ref _done);
        var claim = Volatile.Read(ref _claim);
        if ((uint)claim == Waiting || done != _doneAtLastCheck)
        {
            _doneAtLastCheck = done;
            return;
        }

        var leader = (int)(claim >> 32) + 1;
        if (Volatile.Read(ref _blocked) < MostBlocked
            && Interlocked.CompareExchange(ref _claim, ((long)leader << 32) | (uint)claim, claim) == claim)
        {
            Interlocked.Increment(ref _blocked);
            Lead(leader);
        }
    }

    private void Lead(int leader) => new Thread(() => Run(leader)) { IsBackground = true, Name = "Polywire sockets" }.UnsafeStart();

    private void Run(int leader)
    {
        Volatile.Write(ref _leaderThread, Environment.CurrentManagedThreadId);
        while (RunEvents(leader) && RunFlushes(leader) && StopClaims(leader))
        {
            _count = LinuxSocket.Wait(_queue, _events, _flushes.IsEmpty ? -1 : 0);
            Volatile.Write(ref _woken, 0);
            Volatile.Write(ref _done, _done + 1);
            Interlocked.Exchange(ref _claim, (long)leader << 32);
            SocketPollerWatch.Notice();
        }

        Interlocked.Decrement(ref _blocked);
    }

    private bool StopClaims(int leader)
    {
        var claim = Volatile.Read(ref _claim);
        return (int)(claim >> 32) == leader
            && Interlocked.CompareExchange(ref _claim, ((long)leader << 32) | Waiting, claim) == claim;
    }

    // Returns whether this thread still leads.
    private bool RunEvents(int leader)
    {
        while (true)
        {
            var claim = Volatile.Read(ref _claim);
            if ((int)(claim >> 32) != leader)
            {
                return false;
            }

            var index = (int)claim;
            if (index >= _count)
            {
                return true;
            }

            // Read before it is claimed: as long as the claim succeeds nobody has refilled the buffer.
            var (flags, number) = LinuxSocket.Event(_events, index);
            if (Interlocked.CompareExchange(ref _claim, claim + 1, claim) != claim)
            {
                return false;
            }

            var table = Volatile.Read(ref Table);
            if ((uint)number < (uint)table.Length)
            {
                Volatile.Read(ref table[number])?.OnEvents(flags, IsCrowded());
            }

            Volatile.Write(ref _done, _done + 1);
        }
    }

    private bool IsCrowded() =>
        _isCrowded = Volatile.Read(ref _blocked) >= Crowd || (_isCrowded && Volatile.Read(ref _handedOver) > 0);

    private bool RunFlushes(int leader)
    {
        // Only those that are there now: new ones shall not keep the events waiting.
        for (var left = _flushes.Count; left > 0 && _flushes.TryDequeue(out var writer); left--)
        {
            writer.SendQueued();
            Volatile.Write(ref _done, _done + 1);
            if ((int)(Volatile.Read(ref _claim) >> 32) != leader)
            {
                return false;
            }
        }

        return true;
    }

    private static class Pollers
    {
        public static readonly SocketPoller[] All = Make();

        private static SocketPoller[] Make()
        {
            var all = new SocketPoller[Environment.ProcessorCount];
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = new SocketPoller();
            }

            return all;
        }
    }
}
