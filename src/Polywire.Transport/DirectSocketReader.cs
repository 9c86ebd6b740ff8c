using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Polywire.Transport;

/// <summary>Reads a socket without a pipe in between: a receive happens only when the consumer asks for more.</summary>
/// <remarks>
/// <para>
/// What is buffered is therefore bounded by what the consumer leaves unconsumed, plus one receive. While nothing is buffered no
/// memory is held. A read completes with exactly one receive appended to what was left, which is what the line protocol takes for a
/// packet (docs/protocol/socket.md, 3.7).
/// </para>
/// <para>
/// A continuation runs on the pool thread that took the event of the socket, with nothing between; it must not block that thread
/// for long, and a consumer that always finds data ready takes turns on its own account. One consumer at a time;
/// <see cref="CancelPendingRead"/> from any thread.
/// </para>
/// <para>
/// The peer's end of input completes the reader with the rest and leaves the output open. A broken connection throws
/// ConnectionResetException, an abort its own exception, both at once, without what was still buffered.
/// </para>
/// </remarks>
internal sealed partial class DirectSocketReader : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly DirectSocketConnection _connection;

    private ManualResetValueTaskSourceCore<bool> _wait;
    private SocketBlock? _first;
    private SocketBlock? _last;
    private int _start;
    private int _blockSize = SocketBlockPool.BlockSize;

    // Whether everything buffered has been examined, so that a read has to wait for more.
    private bool _examined = true;

    // Whether the socket may well have more at this moment.
    private bool _more;

    // Under the lock: a consumer waits; the socket is asked to tell; its completion is being turned into data.
    private bool _pending;
    private bool _armed;
    private bool _receiving;
    private bool _lingering;

    private volatile bool _completed;
    private volatile bool _canceled;
    private volatile bool _ended;
    private volatile Exception? _error;

    /// <summary>Makes the reader of <paramref name="connection"/>.</summary>
    /// <param name="connection">Has its socket.</param>
    public DirectSocketReader(DirectSocketConnection connection) => _connection = connection;

    /// <summary>Gets whether the peer has ended its output.</summary>
    public bool HasEnded => _ended;

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        return TryTake(out result);
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        if (TryTake(out var result) || (_more && Receive() && TryTake(out result)))
        {
            return new ValueTask<ReadResult>(result);
        }

        _wait.Reset();
        _wait.RunContinuationsAsynchronously = false;
        var read = new ValueTask<ReadResult>(this, _wait.Version);
        var arm = false;
        lock (_connection.Gate)
        {
            if (_canceled || _error is not null)
            {
                _wait.SetResult(true);
            }
            else
            {
                _pending = true;
                arm = !_armed;
                _armed = true;
            }
        }

        if (arm && !_connection.WaitReadable(out var error))
        {
            OnReadable(error);
        }

        return cancellationToken.CanBeCanceled && !read.IsCompleted ? WithTokenAsync(read, cancellationToken) : read;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        if (_first is null)
        {
            _examined = true;
            return;
        }

        if (consumed.GetObject() is not SocketBlock first || examined.GetObject() is not SocketBlock seen)
        {
            throw new InvalidOperationException("A position is not one of the last read result.");
        }

        var start = consumed.GetInteger();
        var examinedAll = seen.RunningIndex + examined.GetInteger() >= _last!.RunningEnd;
        while (_first is not null && (_first != first || start == _first.Filled))
        {
            var next = _first.NextBlock;
            start = _first == first ? 0 : start;
            first = _first == first ? next! : first;
            _connection.Pool.Return(_first);
            _first = next;
        }

        _start = start;
        _last = _first is null ? null : _last;
        _examined = _first is null || examinedAll;
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        _canceled = true;
        Wake();
    }

    /// <inheritdoc/>
    /// <remarks>With an exception the connection is reset.</remarks>
    public override void Complete(Exception? exception = null)
    {
        lock (_connection.Gate)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            _pending = false;
            if (!_receiving)
            {
                ReleaseBlocks();
            }
        }

        if (exception is not null)
        {
            _connection.Abort(exception);
        }

        _connection.OnInputCompleted();
    }

    /// <inheritdoc/>
    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _wait.GetResult(token);
        return TryTake(out var result) ? result : new ReadResult(Buffered(), isCanceled: false, _ended);
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _wait.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private bool TryTake(out ReadResult result)
    {
        if (_error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        var canceled = _canceled;
        if (canceled)
        {
            _canceled = false;
        }
        else if (_examined && !_ended)
        {
            result = default;
            return false;
        }

        result = new ReadResult(Buffered(), canceled, _ended);
        return true;
    }

    private ReadOnlySequence<byte> Buffered() =>
        _first is null ? default : new ReadOnlySequence<byte>(_first, _start, _last!, _last!.Filled);

    private async ValueTask<ReadResult> WithTokenAsync(ValueTask<ReadResult> read, CancellationToken cancellationToken)
    {
        ReadResult result;
        using (cancellationToken.UnsafeRegister(static reader => ((DirectSocketReader)reader!).CancelIfPending(), this))
        {
            result = await read;
        }

        if (result.IsCanceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return result;
    }

    private void CancelIfPending()
    {
        lock (_connection.Gate)
        {
            if (!_pending)
            {
                return;
            }

            _canceled = true;
        }

        Wake();
    }

    // The waker is on some thread of its own, perhaps with locks held: the consumer goes on elsewhere.
    private void Wake()
    {
        lock (_connection.Gate)
        {
            if (!_pending)
            {
                return;
            }

            _pending = false;
        }

        _wait.RunContinuationsAsynchronously = true;
        _wait.SetResult(true);
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw new InvalidOperationException("Reading is not allowed after the reader was completed.");
        }
    }
}
