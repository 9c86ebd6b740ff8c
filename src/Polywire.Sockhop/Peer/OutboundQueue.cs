namespace Polywire.Sockhop.Peer;

/// <summary>What waits to be written, in order. The connection's gate guards it.</summary>
internal sealed class OutboundQueue
{
    private const int SmallCapacity = 4 << 10;
    private const int UsualCapacity = 32 << 10;

    private OutboundSegment? _head;
    private OutboundSegment? _tail;
    private OutboundSegment? _spare;

    public OutboundSegment? Head => _head;

    public bool IsEmpty => _head is null;

    /// <summary>Room for that many bytes, which belong to the queue at once.</summary>
    public Span<byte> Take(int count)
    {
        if (_tail is null || _tail.Free < count)
        {
            var spare = _spare;
            _spare = null;
            if (spare is null || spare.Free < count)
            {
                spare?.Return();
                spare = new OutboundSegment(Math.Max(count, _tail is null ? SmallCapacity : UsualCapacity));
            }

            Add(spare);
        }

        return _tail!.Take(count);
    }

    /// <summary>Lets nothing be added to what is there: what comes next is written by itself.</summary>
    public void Seal()
    {
        if (_tail is not null)
        {
            _tail.IsSealed = true;
        }
    }

    /// <summary>Notes that the last bytes taken belong to the protocol.</summary>
    public void CountControl(int count) => _tail!.ControlLength += count;

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Add(OutboundSegment segment)
    {
        if (_tail is null)
        {
            _head = _tail = segment;
        }
        else
        {
            _tail.Next = segment;
            _tail = segment;
        }
    }

    /// <summary>Takes the first piece off.</summary>
    public OutboundSegment? Dequeue()
    {
        var first = _head;
        if (first is not null)
        {
            _head = first.Next;
            if (_head is null)
            {
                _tail = null;
            }

            first.Next = null;
            first.IsSealed = true;
        }

        return first;
    }

    /// <summary>Keeps a written piece for what comes next, or gives it back.</summary>
    public void Recycle(OutboundSegment written)
    {
        if (written.IsCollected && _spare is null && written.Memory.Length <= UsualCapacity)
        {
            written.Reset();
            if (written.Free <= UsualCapacity)
            {
                _spare = written;
                return;
            }
        }

        written.Return();
    }

    /// <summary>Takes over everything of another queue.</summary>
    public void Append(OutboundQueue other)
    {
        while (other.Dequeue() is { } segment)
        {
            Add(segment);
        }
    }

    /// <summary>Lets go of everything that nobody will write.</summary>
    public void Clear(Exception reason)
    {
        while (Dequeue() is { } segment)
        {
            segment.Completion?.TrySetException(reason);
            segment.Return();
        }

        _spare?.Return();
        _spare = null;
    }
}
