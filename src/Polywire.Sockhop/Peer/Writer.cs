using Polywire.Sockhop.Protocol;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop.Peer;

/// <summary>Writes what is sent: whoever sends writes, one at a time, all there is.</summary>
/// <remarks>
/// What the thread of a pass of the owner's inbox sends is collected until the pass flushes. Safe for any thread; members that say so are called
/// under the gate.
/// </remarks>
internal sealed class Writer(Lock gate, Wire wire, Life life, FrameEncoder encoder, long limit, IWriterOwner owner)
{
    // What one pass of the inbox collects before it is written after all.
    private const int MostCollected = 64 << 10;

    private readonly SendQueue _queue = new(encoder, limit);
    private bool _writing;

    /// <summary>How many bytes wait to be written, without what waits for room.</summary>
    public long QueuedBytes => _queue.Bytes;

    /// <summary>Whether what is sent is binary.</summary>
    public bool IsBinary => _queue.IsBinary;

    /// <summary>Whether messages of the application are held back behind the switch; under the gate.</summary>
    public bool HasBarrier => _queue.HasBarrier;

    /// <summary>Whether nothing of the application waits behind the barrier or for room; under the gate.</summary>
    public bool HoldsNothingBack => _queue.HoldsNothingBack;

    /// <summary>Whether everything is written; under the gate.</summary>
    public bool IsAllWritten => !_writing && _queue.IsEmpty && HoldsNothingBack;

    // What is held back at the end still needs the proof that the other reads it.
    private bool TakesControl => life.Stage == Stage.Open || (life.Stage == Stage.Closing && HasBarrier);

    /// <summary>Puts a message of the application into the queue, and writes what there is if nobody does.</summary>
    /// <param name="frame">What to send.</param>
    /// <param name="held">Set where there is no room: what is returned has ended, and this ends with the sending.</param>
    /// <returns>Ends when memory or a stream of the sender's is written.</returns>
    /// <exception cref="SockhopException">The connection has ended, or the message has no form on the wire.</exception>
    public ValueTask Enqueue(scoped in OutboundFrame frame, out HeldFrame? held)
    {
        WriteCompletion? completion;
        bool write;
        lock (gate)
        {
            if (life.Stage >= Stage.Closing)
            {
                throw life.HasEnded();
            }

            held = _queue.TryAdd(frame, out completion) ? null : _queue.Hold(frame, this);
            write = TakeTurn(mayCollect: held is null);
        }

        if (write)
        {
            WriteAll();
        }

        return completion is null || completion.Task.IsCompletedSuccessfully ? default : new ValueTask(completion.Task);
    }

    /// <summary>
    /// Sends a message of the protocol: past the bound, and past the barrier if it does no harm that the peer may lose it. An answer too many
    /// is left out.
    /// </summary>
    public void SendControl(
        FrameKind kind, WireType type, ReadOnlySpan<byte> json, ReadOnlySpan<byte> id = default, bool idIsJson = false, bool passesBarrier = true)
    {
        bool write;
        lock (gate)
        {
            write = TakesControl
                && _queue.TryAddControl(new OutboundFrame { Kind = kind, Type = type, Data = json, Id = id, IdIsJson = idIsJson }, passesBarrier)
                && TakeTurn(mayCollect: true);
        }

        if (write)
        {
            WriteAll();
        }
    }

    /// <summary>Writes what was collected.</summary>
    public void Flush()
    {
        bool write, isLast;
        lock (gate)
        {
            write = TakeTurn(mayCollect: false);
            isLast = life.Stage == Stage.Closing && IsAllWritten;
        }

        if (write)
        {
            WriteAll();
        }
        else if (isLast)
        {
            owner.OnAllWritten();
        }
    }

    /// <summary>Ends the text with the line that says so; under the gate. What is sent after it is binary.</summary>
    /// <param name="withBarrier">Whether messages of the application are held back until <see cref="Release"/>.</param>
    public void SwitchToBinary(bool withBarrier) => _queue.SwitchToBinary(withBarrier);

    /// <summary>Lets go what was held back behind the switch, for the next <see cref="Flush"/>; under the gate.</summary>
    public void Release() => _queue.Release();

    /// <summary>Fails everything that nobody will write any more, and forgets the mode; under the gate.</summary>
    public void Fail(SockhopException error) => _queue.Fail(error);

    /// <summary>Takes a message out of the line of those that wait for room.</summary>
    /// <returns>Whether it was still there.</returns>
    public bool Leave(HeldFrame held)
    {
        lock (gate)
        {
            if (!_queue.Leave(held))
            {
                return false;
            }
        }

        Flush();
        return true;
    }

    private bool TakeTurn(bool mayCollect)
    {
        if (_writing || _queue.IsEmpty || life.IsClosed)
        {
            return false;
        }

        if (mayCollect && _queue.Bytes < MostCollected && DrainPass.Current is { IsStalled: false } pass && ReferenceEquals(pass.Owner, owner))
        {
            return false;
        }

        return _writing = true;
    }

    // Only who took the turn comes here.
    private void WriteAll()
    {
        while (true)
        {
            OutboundSegment? first;
            OutboundSegment? second;
            bool isLast;
            lock (gate)
            {
                first = _queue.Dequeue(out second);
                _writing = first is not null;
                isLast = first is null && life.Stage == Stage.Closing && IsAllWritten;
            }

            if (first is null)
            {
                if (isLast)
                {
                    owner.OnAllWritten();
                }

                return;
            }

            ValueTask sending;
            try
            {
                sending = first.Stream is { } stream ? stream.SendAsync(wire, life.Ended) : wire.SendAsync(first.Memory, second?.Memory ?? default);
            }
            catch (Exception exception)
            {
                NotWritten(exception, first, second);
                return;
            }

            if (!sending.IsCompletedSuccessfully)
            {
                _ = WriteSlowlyAsync(sending, first, second);
                return;
            }

            Written(first, second);
        }
    }

    private async Task WriteSlowlyAsync(ValueTask sending, OutboundSegment first, OutboundSegment? second)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            NotWritten(exception, first, second);
            return;
        }

        Written(first, second);
        WriteAll();
    }

    private void Written(OutboundSegment first, OutboundSegment? second)
    {
        first.Completion?.TrySetResult();
        second?.Completion?.TrySetResult();
        lock (gate)
        {
            _queue.Written(first, second);
        }
    }

    private void NotWritten(Exception exception, OutboundSegment first, OutboundSegment? second)
    {
        var error = new SockhopException(SockhopErrorCodes.SocketDestroyed, "The connection ended before everything was written.", exception);
        first.Completion?.TrySetException(error);
        second?.Completion?.TrySetException(error);
        first.Return();
        owner.OnWriteFailed(exception);
    }
}
