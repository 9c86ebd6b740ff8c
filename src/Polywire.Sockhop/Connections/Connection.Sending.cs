using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>From messages to bytes, in the mode in force when their turn comes.</content>
internal sealed partial class Connection
{
    // What one pass of the inbox collects before it is written after all.
    private const int MostCollected = 64 << 10;

    // What the peer makes this side write may not pile up while it does not read: a few hundred pongs, the last four of which count.
    private const int MostControl = 64 << 10;

    private readonly OutboundQueue _outbound = new();
    private long _queued;
    private int _queuedControl;
    private bool _flushing;
    private bool _txBinary;

    /// <summary>How many bytes wait to be written, without what waits for room.</summary>
    public long QueuedBytes => Volatile.Read(ref _queued);

    private bool IsAllWritten => !_flushing && _outbound.IsEmpty && _behindBarrier.IsEmpty && _held.Count == 0;

    // What is held back at the end still needs the proof that the other reads it.
    private bool TakesControl => _phase == Phase.Open || (_phase == Phase.Closing && _barrier);

    /// <summary>Sends a message of the application.</summary>
    /// <returns>Ends when it is in the queue, and memory or a stream of the sender's is written.</returns>
    /// <exception cref="SockhopException">The connection has ended, or the message has no form on the wire.</exception>
    public ValueTask SendAsync(scoped in OutboundFrame frame, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var sending = Enqueue(frame, out var held);
        return held is null ? sending : new ValueTask(WaitForRoomAsync(held, cancellationToken));
    }

    /// <param name="frame">What to send.</param>
    /// <param name="held">Set where there is no room: what is returned has ended, and this ends with the sending.</param>
    private ValueTask Enqueue(scoped in OutboundFrame frame, out HeldFrame? held)
    {
        WriteCompletion? completion = null;
        held = null;
        bool flush;
        lock (_gate)
        {
            if (_phase >= Phase.Closing)
            {
                throw HasEnded();
            }

            if (_held.Count > 0 || !HasRoomFor(frame))
            {
                held = Hold(frame);
            }
            else
            {
                completion = Append(_barrier ? _behindBarrier : _outbound, frame);
            }

            flush = TakeFlush(mayCollect: held is null);
        }

        if (flush)
        {
            Flush();
        }

        return completion is null || completion.Task.IsCompletedSuccessfully ? default : new ValueTask(completion.Task);
    }

    /// <summary>
    /// Sends a message of the protocol: past the bound, and past the barrier if it does no harm that the peer may lose it. An answer too many
    /// is left out.
    /// </summary>
    private void SendControl(
        FrameKind kind, WireType type, ReadOnlySpan<byte> json, ReadOnlySpan<byte> id = default, bool idIsJson = false, bool passesBarrier = true)
    {
        bool flush;
        lock (_gate)
        {
            // A large one is no pile.
            if (!TakesControl || (_queuedControl > 0 && _queuedControl + (long)json.Length + id.Length > MostControl))
            {
                return;
            }

            var before = _queued;
            var queue = _barrier && !passesBarrier ? _behindBarrier : _outbound;
            try
            {
                Append(queue, new OutboundFrame { Kind = kind, Type = type, Data = json, Id = id, IdIsJson = idIsJson });
            }
            catch (SockhopException)
            {
                // An id that has no form here is the peer's fault, and it gets no answer.
                return;
            }

            var size = (int)(_queued - before);
            queue.CountControl(size);
            _queuedControl += size;
            flush = TakeFlush(mayCollect: true);
        }

        if (flush)
        {
            Flush();
        }
    }

    /// <summary>Writes what was collected.</summary>
    public void FlushHeldBack()
    {
        bool flush, isLast;
        lock (_gate)
        {
            flush = TakeFlush(mayCollect: false);
            isLast = _phase == Phase.Closing && IsAllWritten;
        }

        if (flush)
        {
            Flush();
        }
        else if (isLast)
        {
            FinishClose();
        }
    }

    private bool TakeFlush(bool mayCollect)
    {
        if (_flushing || _outbound.IsEmpty || _phase == Phase.Closed)
        {
            return false;
        }

        if (mayCollect && _queued < MostCollected && DrainPass.Current is { IsStalled: false } pass && ReferenceEquals(pass.Connection, this))
        {
            return false;
        }

        return _flushing = true;
    }

    // Only who set _flushing comes here.
    private void Flush()
    {
        while (true)
        {
            OutboundSegment? first;
            OutboundSegment? second = null;
            bool isLast;
            lock (_gate)
            {
                first = _outbound.Dequeue();
                if (first is null)
                {
                    _flushing = false;
                }
                else if (first.IsCollected && _outbound.Head is { IsCollected: false, Stream: null })
                {
                    second = _outbound.Dequeue();
                }

                isLast = _phase == Phase.Closing && first is null && IsAllWritten;
            }

            if (first is null)
            {
                if (isLast)
                {
                    FinishClose();
                }

                return;
            }

            ValueTask sending;
            try
            {
                sending = first.Stream is { } stream ? SendStreamAsync(stream) : _wire.SendAsync(first.Memory, second?.Memory ?? default);
            }
            catch (Exception exception)
            {
                NotWritten(exception, first, second);
                return;
            }

            if (!sending.IsCompletedSuccessfully)
            {
                _ = FlushSlowlyAsync(sending, first, second);
                return;
            }

            Written(first, second);
        }
    }

    private async Task FlushSlowlyAsync(ValueTask sending, OutboundSegment first, OutboundSegment? second)
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
        Flush();
    }

    private void Written(OutboundSegment first, OutboundSegment? second)
    {
        first.Completion?.TrySetResult();
        second?.Completion?.TrySetResult();
        lock (_gate)
        {
            _queued -= first.Stream?.Length ?? first.Length;
            _queued -= second?.Length ?? 0;
            _queuedControl -= first.ControlLength;
            _outbound.Recycle(first);
            AdmitHeldFrames();
        }
    }

    private void NotWritten(Exception exception, OutboundSegment first, OutboundSegment? second)
    {
        var error = new SockhopException(SockhopErrorCodes.SocketDestroyed, "The connection ended before everything was written.", exception);
        first.Completion?.TrySetException(error);
        second?.Completion?.TrySetException(error);
        first.Return();
        Abort(SockhopCloseReason.TransportError, exception);
    }

    private void FailUnsent(SockhopException error)
    {
        FailHeldFrames(error);
        _outbound.Clear(error);
        _behindBarrier.Clear(error);
    }
}
