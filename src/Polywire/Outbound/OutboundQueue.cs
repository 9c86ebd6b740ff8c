using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Polywire.Outbound;

/// <summary>What waits to be sent on one connection, and the one writer that sends it.</summary>
/// <remarks>
/// Messages are added under a lock that is never held while anything is written; whoever adds the first one starts the writer, which
/// stops when nothing is left. Small messages are joined in blocks that always end with a whole message, so that a batch reaches the
/// system in one write and is never cut inside a message (socket.md 1.3). An idle queue holds no memory. Beyond its limits the queue
/// drops everything and tells its owner, once: nobody ever waits for a slow reader.
/// </remarks>
[Experimental("PWX0001")]
public sealed partial class OutboundQueue : IThreadPoolWorkItem
{
    // One block: big enough that 500 answers leave in one write, small enough for the array pool's per-thread cache.
    private const int BlockBytes = 32 * 1024;
    private const int FirstBlockBytes = 4 * 1024;

    // A broadcast of this size is worth keeping by reference rather than copying for each receiver.
    private const int SharedBytes = 2 * 1024;

    private readonly Lock _gate = new();
    private readonly PipeWriter _output;
    private readonly OutboundLimits _limits;
    private readonly IOutboundOwner _owner;
    private readonly bool _outputCollects;
    private Segment _tail;
    private Queue<Segment>? _waiting;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _quiet;
    private long _bytes;
    private int _messages;
    private bool _isOpen;
    private bool _writing;
    private bool _completed;
    private bool _aborted;

    /// <summary>Makes the queue of one connection.</summary>
    /// <param name="output">Nobody else writes to it.</param>
    /// <param name="limits">What may wait.</param>
    /// <param name="owner">Told of the unhappy ends.</param>
    /// <param name="outputCollects">Whether the output itself collects what is flushed from other threads and sends it together.</param>
    /// <param name="isOpen">If not, messages wait for <see cref="Open"/> or the end.</param>
    internal OutboundQueue(PipeWriter output, OutboundLimits limits, IOutboundOwner owner, bool outputCollects = false, bool isOpen = true)
    {
        (_output, _limits, _owner, _outputCollects, _isOpen) = (output, limits, owner, outputCollects, isOpen);
    }

    /// <summary>What may wait.</summary>
    public OutboundLimits Limits => _limits;

    /// <summary>Bytes that wait, those being written included.</summary>
    public long QueuedBytes => Interlocked.Read(ref _bytes);

    /// <summary>Messages that wait, those being written included.</summary>
    public int QueuedMessages => Volatile.Read(ref _messages);

    /// <summary>Whether what waited was dropped.</summary>
    public bool IsAborted
    {
        get
        {
            lock (_gate)
            {
                return _aborted;
            }
        }
    }

    /// <summary>Adds a copy of a message; nothing is written before a flush.</summary>
    /// <returns>Whether it was taken; not after the end, nor beyond the limits.</returns>
    public bool TryAdd(ReadOnlySpan<byte> message) => Add(message) == Delivery.Delivered;

    /// <summary>Adds a copy of a message; nothing is written before a flush.</summary>
    internal Delivery Add(ReadOnlySpan<byte> message)
    {
        int dropped;
        lock (_gate)
        {
            if (_completed || _aborted)
            {
                return Delivery.Closed;
            }

            if (Fits(message.Length))
            {
                Append(message);
                return Delivery.Delivered;
            }

            dropped = AbortLocked() + 1;
        }

        _owner.OnOverflow(dropped);
        return Delivery.Dropped;
    }

    /// <summary>Adds a message whose bytes several connections share; they may not change any more.</summary>
    internal Delivery AddShared(ReadOnlyMemory<byte> message)
    {
        if (message.Length < SharedBytes)
        {
            return Add(message.Span);
        }

        int dropped;
        lock (_gate)
        {
            if (_completed || _aborted)
            {
                return Delivery.Closed;
            }

            if (Fits(message.Length))
            {
                Enqueue(new Segment { Memory = message, Messages = 1 });
                return Delivery.Delivered;
            }

            dropped = AbortLocked() + 1;
        }

        _owner.OnOverflow(dropped);
        return Delivery.Dropped;
    }

    /// <summary>Lets messages go out, <paramref name="first"/> before all that wait.</summary>
    /// <param name="first">Copied. Not beyond the limits: it is the protocol's own.</param>
    internal void Open(ReadOnlySpan<byte> first)
    {
        lock (_gate)
        {
            _isOpen = true;
            if (!_completed && !_aborted)
            {
                if (HasPending)
                {
                    PutFirst(first);
                }
                else
                {
                    Append(first);
                }
            }
        }

        Flush();
    }

    /// <summary>Writes what waits, on this thread as far as the system takes it.</summary>
    public void Flush()
    {
        if (TryStartWriter())
        {
            WriteLoop();
        }
    }

    /// <summary>Sends a message whose bytes several connections share, soon: messages that come together leave together.</summary>
    public Delivery SendShared(ReadOnlyMemory<byte> message)
    {
        if (_outputCollects && TryStartWriter(message))
        {
            WriteLoop(new Segment { Memory = message, Messages = 1 });
            return Delivery.Delivered;
        }

        if (AddShared(message) is var outcome and not Delivery.Delivered)
        {
            return outcome;
        }

        if (_outputCollects)
        {
            Flush();
        }
        else if (TryStartWriter())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return Delivery.Delivered;
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            WriteLoop();
        }
        catch
        {
            // The owner could not be told of the end, as where a log provider throws. On a thread of the pool that would be the process's end.
        }
    }

    /// <summary>Takes a last message, which nothing comes after, and waits as <see cref="CompleteAsync()"/> does.</summary>
    /// <param name="message">Left out where the queue has ended, or is as full as it may be.</param>
    internal Task CompleteAsync(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (!_completed && !_aborted && Fits(message.Length))
            {
                Append(message);
            }

            _completed = true;
        }

        return CompleteAsync();
    }

    /// <summary>Takes no more messages, and waits until all that were taken have been written or the connection is gone.</summary>
    internal Task CompleteAsync()
    {
        Task waiting;
        lock (_gate)
        {
            _completed = true;
            _isOpen = true;
            if (_aborted || (!_writing && !HasPending))
            {
                return Task.CompletedTask;
            }

            waiting = (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        Flush();
        return waiting;
    }

    /// <summary>Waits until nobody writes; after the end nobody begins again, so the transport can be given back.</summary>
    public Task WhenQuietAsync()
    {
        lock (_gate)
        {
            return _writing
                ? (_quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            AbortLocked();
        }
    }

    private bool HasPending => _tail.Length > 0 || _waiting is { Count: > 0 };

    private bool Fits(int length) => _bytes + length <= _limits.MaxBytes && _messages < _limits.MaxMessages;

    private bool TryStartWriter()
    {
        lock (_gate)
        {
            return _isOpen && !_writing && !_aborted && HasPending && (_writing = true);
        }
    }

    // Where nothing is before it, a message goes to the output at once and is never copied here.
    private bool TryStartWriter(ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            if (!_isOpen || _writing || _completed || _aborted || HasPending || !Fits(message.Length))
            {
                return false;
            }

            _bytes += message.Length;
            _messages++;
            return _writing = true;
        }
    }

    private void Append(ReadOnlySpan<byte> message)
    {
        if (_tail.Pooled is null || _tail.Pooled.Length - _tail.Length < message.Length)
        {
            if (_tail.Pooled is not null)
            {
                (_waiting ??= new Queue<Segment>()).Enqueue(_tail);
            }

            var size = _tail.Pooled is null ? FirstBlockBytes : Math.Min(_tail.Pooled.Length * 4, BlockBytes);
            _tail = new Segment { Pooled = ArrayPool<byte>.Shared.Rent(Math.Max(message.Length, size)) };
        }

        message.CopyTo(_tail.Pooled.AsSpan(_tail.Length));
        _tail.Length += message.Length;
        _tail.Messages++;
        _bytes += message.Length;
        _messages++;
    }

    private void PutFirst(ReadOnlySpan<byte> message)
    {
        var later = _waiting;
        _waiting = new Queue<Segment>();
        _waiting.Enqueue(new Segment { Memory = message.ToArray(), Messages = 1 });
        _bytes += message.Length;
        _messages++;
        while (later is not null && later.TryDequeue(out var segment))
        {
            _waiting.Enqueue(segment);
        }
    }

    private void Enqueue(Segment segment)
    {
        _waiting ??= new Queue<Segment>();
        if (_tail.Length > 0)
        {
            _waiting.Enqueue(_tail);
            _tail = default;
        }

        _waiting.Enqueue(segment);
        _bytes += segment.Memory.Length;
        _messages += segment.Messages;
    }

    private int AbortLocked()
    {
        if (_aborted)
        {
            return 0;
        }

        _aborted = true;
        var dropped = _messages;
        if (_tail.Pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(_tail.Pooled);
            _tail = default;
        }

        while (_waiting is not null && _waiting.TryDequeue(out var segment))
        {
            Return(segment);
            segment.File?.Done.TrySetResult(false);
        }

        _drained?.TrySetResult();
        return dropped;
    }

    private static void Return(Segment segment)
    {
        if (segment.Pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(segment.Pooled);
        }
    }

    /// <summary>A run of whole messages in one block, a shared message, or a file.</summary>
    private struct Segment
    {
        public byte[]? Pooled;
        public int Length;
        public ReadOnlyMemory<byte> Memory;
        public int Messages;
        public OutboundFile? File;

        public readonly ReadOnlyMemory<byte> Bytes => Pooled is null ? Memory : Pooled.AsMemory(0, Length);
    }
}
