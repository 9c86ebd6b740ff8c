using System.Runtime.CompilerServices;

namespace Polywire.Sockhop.Connections;

/// <content>Reading: one thread at a time, between two receives.</content>
internal sealed partial class Connection
{
    private const int SmallBlock = 4 << 10;
    private const int UsualBlock = 64 << 10;

    // A block that large messages filled is kept for the next ones, up to this.
    private const int MostKept = 4 << 20;
    private const int SmallMessagesUntilShrinking = 64;
    private const int ReceivesPerTurn = 16;

    private readonly Action _onReceived;
    private ReceiveBlock _block;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receiving;
    private int _start;
    private int _end;
    private int _scanned;
    private int _needed;
    private int _hint;
    private int _smallSinceLarge;
    private bool _grow;
    private int _carried = -1;
    private int _errorsInARow;
    private bool _paused;
    private int _readerRuns;
    private volatile bool _readerEnded;

    /// <summary>Whether reading waits for handlers.</summary>
    public bool IsPaused => Volatile.Read(ref _paused);

    /// <summary>Goes on reading on a thread of the pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var carried = _carried;
        _carried = -1;
        Read(carried);
    }

    /// <summary>Has another thread read on, if the reader still runs what it received.</summary>
    public void ReplaceReader()
    {
        if (Interlocked.Exchange(ref _readerRuns, 0) == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Called when there is room again for what was received.</summary>
    public void ResumeReading()
    {
        lock (_gate)
        {
            if (!_paused)
            {
                return;
            }

            _paused = false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void OnReceived()
    {
        int received;
        try
        {
            received = _receiving.GetResult();
        }
        catch (Exception exception)
        {
            EndReading(exception);
            return;
        }

        Read(received);
    }

    /// <param name="received">How many bytes were received; -1 where none were asked for.</param>
    private void Read(int received)
    {
        try
        {
            for (var turn = 0; ; turn++)
            {
                if (received == 0)
                {
                    EndReading(null);
                    return;
                }

                if (received > 0)
                {
                    _grow = _end + received == _block.Array.Length;
                    _end += received;
                    Parse();
                }

                if (!RunReceived() || Pause())
                {
                    return;
                }

                var receiving = _wire.ReceiveAsync(Room());
                if (!receiving.IsCompletedSuccessfully)
                {
                    // From here on the reader may be another thread.
                    _receiving = receiving.ConfigureAwait(false).GetAwaiter();
                    _receiving.UnsafeOnCompleted(_onReceived);
                    return;
                }

                received = receiving.GetAwaiter().GetResult();
                if (turn == ReceivesPerTurn)
                {
                    // A peer that sends without pause would keep this thread from everybody else.
                    _carried = received;
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            EndReading(exception);
        }
    }

    /// <summary>Runs what was parsed: what comes meanwhile is then read in one piece, and answered in one.</summary>
    /// <returns>Whether this thread still is the reader; else it took so long that another has become it.</returns>
    private bool RunReceived()
    {
        if (!_inbox.HasWork)
        {
            return true;
        }

        Volatile.Write(ref _readerRuns, 1);
        _inbox.Drain();
        return Interlocked.Exchange(ref _readerRuns, 0) == 1;
    }

    private bool IsFull => _inbox.IsFull || _body is { IsFull: true };

    private bool Pause()
    {
        if (!IsFull)
        {
            return false;
        }

        lock (_gate)
        {
            // At the end, what comes is thrown away.
            return _paused = IsFull && !IsDeaf;
        }
    }

    private void EndReading(Exception? error)
    {
        _readerEnded = true;
        EndBody();
        if (!IsClosed)
        {
            if (error is null)
            {
                ReportHalfMessage();
                Post(true, static (connection, _) => connection.CloseAsync(SockhopCloseReason.RemoteClosed));
                _inbox.Drain();
            }
            else
            {
                Abort(SockhopCloseReason.TransportError, error);
            }
        }
        else
        {
            StopLingering();
        }

        _block.Release();
    }

    private void ReportHalfMessage()
    {
        if ((_end > _start || IsWithinBody) && !_isBroken)
        {
            ReportError(
                _rxBinary ? SockhopErrorCodes.DeserializeFailed : SockhopErrorCodes.BadBufferData,
                IsWithinBody ? "The connection ended within a buffer." : $"The connection ended within a message, after {_end - _start} bytes of it.");
        }
    }

    /// <summary>Where the next bytes go.</summary>
    private Memory<byte> Room()
    {
        var length = _end - _start;
        if (IsDeaf)
        {
            (_start, _end, _scanned, _needed, length) = (0, 0, 0, 0, 0);
        }

        if (_block.IsShared)
        {
            Replace(Math.Max(length + SmallBlock, Math.Max(_hint, UsualBlock)));
        }
        else if (length == 0)
        {
            (_start, _end, _scanned) = (0, 0, 0);
            if (_block.Array.Length > Math.Max(_hint, UsualBlock) * 2L)
            {
                Replace(UsualBlock);
            }
            else if (_grow && _block.Array.Length < UsualBlock)
            {
                Replace(UsualBlock);
            }
        }
        else if (_needed > _block.Array.Length || length == _block.Array.Length)
        {
            // Not more than twice of what has come, whatever the peer says is to come.
            var wanted = Math.Max(Math.Min(2L * _block.Array.Length, Array.MaxLength), _hint);
            if (length == _block.Array.Length || wanted >= _needed)
            {
                Replace((int)(_needed > 0 ? Math.Max(Math.Min(wanted, _needed), length + 1) : wanted));
            }
            else
            {
                Compact();
            }
        }
        else if (_end == _block.Array.Length || _start + (long)_needed > _block.Array.Length)
        {
            Compact();
        }

        var room = _block.Array.AsMemory(_end);

        // The rest of a long message by itself: what follows then begins a block, and nothing has to be moved.
        var missing = _needed - (_end - _start);
        return missing >= UsualBlock && missing < room.Length ? room[..missing] : room;
    }

    private void Compact()
    {
        if (_start > 0)
        {
            _block.Array.AsSpan(_start, _end - _start).CopyTo(_block.Array);
            Shift(0);
        }
    }

    private void Replace(int size)
    {
        var block = new ReceiveBlock(size);
        _block.Array.AsSpan(_start, _end - _start).CopyTo(block.Array);
        _block.Release();
        _block = block;
        Shift(0);
    }

    private void Shift(int start)
    {
        _scanned = Math.Max(start, _scanned - _start + start);
        _end = _end - _start + start;
        _start = start;
    }

    private void Remember(int length)
    {
        if (length > UsualBlock)
        {
            _hint = Math.Min(length, MostKept);
            _smallSinceLarge = 0;
        }
        else if (_hint > 0 && ++_smallSinceLarge > SmallMessagesUntilShrinking)
        {
            _hint = 0;
        }
    }
}
