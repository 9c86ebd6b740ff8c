using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>What waits to be written, encoded in the mode in force when it entered; and the line of those that wait for room.</summary>
/// <remarks>
/// The switch to binary is a point in the queue. Behind it a barrier may hold messages back. Messages of the protocol pass the bound, up to a bound
/// of their own. The connection's gate guards it: nothing here waits, locks or writes.
/// </remarks>
internal sealed class SendQueue(FrameEncoder encoder, long limit)
{
    // What the peer makes this side write may not pile up while it does not read: a few hundred pongs, the last four of which count.
    private const int MostControl = 64 << 10;

    private readonly OutboundQueue _queue = new();
    private OutboundQueue? _behindBarrier;
    private LinkedList<HeldFrame>? _held;
    private long _bytes;
    private int _controlBytes;

    /// <summary>How many bytes wait to be written, without what waits for room; for any thread.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether what is added is binary.</summary>
    public bool IsBinary { get; private set; }

    /// <summary>Whether messages of the application are held back behind the switch.</summary>
    public bool HasBarrier { get; private set; }

    /// <summary>Whether there is nothing that may be written now.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>Whether nothing of the application waits behind the barrier or for room.</summary>
    public bool HoldsNothingBack => _behindBarrier is null or { IsEmpty: true } && !IsAnyHeld;

    private bool IsAnyHeld => _held is { Count: > 0 };

    private OutboundQueue Open => HasBarrier ? _behindBarrier ??= new OutboundQueue() : _queue;

    /// <summary>Adds a message of the application, if nothing waits for room and there is some.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="completion">Ends when memory or a stream of the sender's is written; null where everything was copied.</param>
    /// <returns>Whether it was added.</returns>
    /// <exception cref="SockhopException">The message has no form on the wire.</exception>
    public bool TryAdd(in OutboundFrame frame, out WriteCompletion? completion)
    {
        completion = null;
        if (IsAnyHeld || !HasRoomFor(frame))
        {
            return false;
        }

        completion = Add(frame);
        return true;
    }

    /// <summary>Lets a message wait for room.</summary>
    /// <exception cref="SockhopException">The message has no form on the wire.</exception>
    public HeldFrame Hold(in OutboundFrame frame, Writer writer)
    {
        FrameEncoder.Check(frame, IsBinary);
        var held = new HeldFrame(writer, frame);
        (_held ??= new LinkedList<HeldFrame>()).AddLast(held.Place);
        return held;
    }

    /// <summary>Takes a message out of the line, and lets those in that had to wait behind it.</summary>
    /// <returns>Whether it was still there.</returns>
    public bool Leave(HeldFrame held)
    {
        if (held.Place.List is not { } line)
        {
            return false;
        }

        line.Remove(held.Place);
        Admit();
        return true;
    }

    /// <summary>Adds a message of the protocol; one too many, or whose id has no form here, is left out.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="passesBarrier">Whether it does no harm that the peer may lose it.</param>
    public bool TryAddControl(in OutboundFrame frame, bool passesBarrier)
    {
        // A large one is no pile.
        if (_controlBytes > 0 && _controlBytes + (long)frame.Data.Length + frame.Id.Length > MostControl)
        {
            return false;
        }

        var queue = passesBarrier ? _queue : Open;
        long size;
        try
        {
            encoder.Append(queue, frame, IsBinary, out size);
        }
        catch (SockhopException)
        {
            // An id that has no form here is the peer's fault, and it gets no answer.
            return false;
        }

        queue.CountControl((int)size);
        _bytes += size;
        _controlBytes += (int)size;
        return true;
    }

    /// <summary>Ends the text with the line that says so. What is added after it is binary, and the line is written by itself.</summary>
    /// <param name="withBarrier">Whether messages of the application are held back until <see cref="Release"/>.</param>
    public void SwitchToBinary(bool withBarrier)
    {
        encoder.Append(_queue, new OutboundFrame { Type = WireType.Transition, Data = "{}"u8 }, isBinary: false, out var size);
        _bytes += size;
        _queue.Seal();
        IsBinary = true;
        HasBarrier = withBarrier;
    }

    /// <summary>Lets go what was held back behind the switch.</summary>
    public void Release()
    {
        HasBarrier = false;
        if (_behindBarrier is { } behind)
        {
            _behindBarrier = null;
            _queue.Append(behind);
        }
    }

    /// <summary>Takes off what is to be written next: a piece, and memory of a sender's that follows it.</summary>
    public OutboundSegment? Dequeue(out OutboundSegment? second)
    {
        second = null;
        var first = _queue.Dequeue();
        if (first is { IsCollected: true } && _queue.Head is { IsCollected: false, Stream: null })
        {
            second = _queue.Dequeue();
        }

        return first;
    }

    /// <summary>Notes that it is written, and lets those in that wait for room.</summary>
    public void Written(OutboundSegment first, OutboundSegment? second)
    {
        _bytes -= first.Stream?.Length ?? first.Length;
        _bytes -= second?.Length ?? 0;
        _controlBytes -= first.ControlLength;
        _queue.Recycle(first);
        Admit();
    }

    /// <summary>Fails everything that nobody will write any more, and forgets the mode.</summary>
    public void Fail(SockhopException error)
    {
        IsBinary = false;
        while (_held is { First.Value: var held })
        {
            _held.RemoveFirst();
            held.TrySetException(error);
        }

        _queue.Clear(error);
        _behindBarrier?.Clear(error);
    }

    private bool HasRoomFor(in OutboundFrame frame) => _bytes == 0 || _bytes + FrameEncoder.QueuedLength(frame, IsBinary) <= limit;

    private WriteCompletion? Add(in OutboundFrame frame)
    {
        var completion = encoder.Append(Open, frame, IsBinary, out var size);
        _bytes += size;
        return completion;
    }

    private void Admit()
    {
        while (_held is { First.Value: var held } && HasRoomFor(held.Frame))
        {
            _held.RemoveFirst();
            try
            {
                var completion = Add(held.Frame);
                if (completion is null)
                {
                    held.TrySetResult();
                }
                else
                {
                    held.Follow(completion.Task);
                }
            }
            catch (SockhopException exception)
            {
                held.TrySetException(exception);
            }
        }
    }
}
