using System.Buffers;
using System.IO.Pipelines;

namespace Polywire.Transport;

/// <summary>Writes to a socket without a pipe in between.</summary>
/// <remarks>
/// <para>
/// What is written between two flushes lies in one piece of memory and is handed to the system with one call, together with what
/// earlier flushes left. A flush during the connection's own turn (what its read went on with) sends at once, on the caller's
/// thread. A flush from elsewhere, such as a broadcast, leaves the sending to a thread of the pool, so that what follows closely
/// goes out with it. Either way it completes at once while less than <see cref="PauseBytes"/> wait for the system.
/// </para>
/// <para>
/// Bytes may be written while a flush is pending; members are otherwise called by one at a time. Once the connection is broken
/// flushes say IsCompleted, and what is written is dropped.
/// </para>
/// </remarks>
internal sealed partial class DirectSocketWriter : PipeWriter
{
    /// <summary>With so many bytes not taken by the system a flush waits until half of them are.</summary>
    public const int PauseBytes = 64 * 1024;

    // A write of the caller's memory up to this size is copied where that lets it go out with others.
    private const int CopyBytes = 4096;

    private readonly DirectSocketConnection _connection;

    // Between GetMemory and FlushAsync these belong to the writing side (_writing), otherwise to the lock.
    private SocketBlock? _block;
    private int _written;
    private bool _writing;

    // Under the lock: what of _block is flushed, and from where on it is not yet being sent.
    private int _flushed;
    private int _taken;

    // Under the lock: how many flushed bytes the system has not taken.
    private long _unsent;

    // Under the lock: memory of a caller, who waits for it, and how many of the flushed bytes go out before it.
    private ReadOnlyMemory<byte> _next;
    private int _beforeNext;
    private bool _completed;
    private bool _dead;
    private bool _ended;

    /// <summary>Makes the writer of <paramref name="connection"/>.</summary>
    /// <param name="connection">Has its socket.</param>
    public DirectSocketWriter(DirectSocketConnection connection) => _connection = connection;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes
    {
        get
        {
            lock (_connection.Gate)
            {
                return _written - _flushed;
            }
        }
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block!.Array.AsMemory(_written);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block!.Array.AsSpan(_written);
    }

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (!_writing || (uint)bytes > (uint)(_block!.Array.Length - _written))
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was asked for.");
        }

        _written += bytes;
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        var inline = _connection.HasTurn;
        bool send;
        lock (_connection.Gate)
        {
            Commit();
            send = TryStart(take: inline);
        }

        if (send)
        {
            Start(inline);
        }

        return Finish(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// More than a few bytes go out from <paramref name="source"/> itself where nothing waits before them, and more than
    /// <see cref="PauseBytes"/> behind what waits, so that they are never handed on in pieces. It is in use until the task completes,
    /// which neither <see cref="CancelPendingFlush"/> nor the token hastens then.
    /// </remarks>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        var direct = false;
        if (source.Length > CopyBytes || _connection.HasTurn)
        {
            lock (_connection.Gate)
            {
                direct = !_sending && _unsent == 0 && _written == _flushed && !_dead && !_completed && source.Length > 0;
                if (direct)
                {
                    _writing = false;
                    _sending = true;
                    _region = source;
                    _borrowed = true;
                    _unsent = source.Length;
                }
            }
        }

        if (direct)
        {
            Send();
            return Finish(cancellationToken);
        }

        if (source.Length <= PauseBytes)
        {
            this.Write(source.Span);
            return FlushAsync(cancellationToken);
        }

        return WriteNextAsync(source, cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => Cancel(onlyPending: false);

    /// <inheritdoc/>
    /// <remarks>Sends what is left, then FIN. With an exception the connection is reset.</remarks>
    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
        {
            _connection.Abort(exception);
        }

        bool send;
        lock (_connection.Gate)
        {
            if (_completed)
            {
                return;
            }

            Commit();
            _completed = true;
            send = TryStart(take: true);
        }

        if (send)
        {
            Send();
        }
        else
        {
            EndIfDone();
        }
    }

    // Behind what is flushed or written already.
    private ValueTask<FlushResult> WriteNextAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        var inline = _connection.HasTurn;
        bool send;
        lock (_connection.Gate)
        {
            if (_completed)
            {
                throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
            }

            ThrowIfFlushPending();
            Commit();
            if (_dead)
            {
                return new ValueTask<FlushResult>(Outcome());
            }

            _next = source;
            _beforeNext = _flushed - _taken;
            Interlocked.Add(ref _unsent, source.Length);
            send = TryStart(take: inline);
        }

        if (send)
        {
            Start(inline);
        }

        return Finish(cancellationToken);
    }

    private void Reserve(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (!_writing || _block!.Array.Length - _written < Math.Max(sizeHint, 1))
        {
            lock (_connection.Gate)
            {
                if (_completed)
                {
                    throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
                }

                _writing = true;
                Enlarge(Math.Max(sizeHint, 1));
            }
        }
    }

    // Under the lock. What is being sent stays where it is; the rest moves to the start of the new block.
    private void Enlarge(int room)
    {
        var old = _block;
        if (old is null)
        {
            _block = _connection.Pool.Rent(Math.Max(room, SocketBlockPool.BlockSize));
            return;
        }

        if (old.Array.Length - _written >= room)
        {
            return;
        }

        var kept = _written - _taken;
        var doubled = (int)Math.Min(2L * kept, Array.MaxLength);
        var block = _connection.Pool.Rent(Math.Max(checked(kept + room), Math.Max(doubled, SocketBlockPool.BlockSize)));
        old.Array.AsSpan(_taken, kept).CopyTo(block.Array);
        if (old != _regionBlock)
        {
            _connection.Pool.Return(old);
        }

        _block = block;
        _flushed -= _taken;
        _written = kept;
        _taken = 0;
    }

    // Under the lock.
    private void Commit()
    {
        _writing = false;
        Interlocked.Add(ref _unsent, _written - _flushed);
        _flushed = _written;
        if (_dead)
        {
            Drop();
        }
    }
}
