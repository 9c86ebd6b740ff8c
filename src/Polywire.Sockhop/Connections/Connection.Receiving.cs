using System.Runtime.CompilerServices;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>Reading: one thread at a time, between two receives.</content>
internal sealed partial class Connection
{
    private const int ReceivesPerTurn = 16;

    private readonly Action _onReceived;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receiving;
    private int _carried = -1;
    private FirstLine _firstLine;
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

    // Before any line is read: what a web page has a browser send ends here.
    private void LookAtFirstLine(ReadOnlySpan<byte> received)
    {
        var kind = _firstLine.Look(received);
        if (kind == FirstLineKind.Http)
        {
            Fail(SockhopErrorCodes.HttpRequest, "An HTTP request came to a server that speaks Sockhop.");
        }
        else if (kind == FirstLineKind.Tls)
        {
            Fail(SockhopErrorCodes.TlsNotEnabled, $"A client began with TLS, which this server does not speak: {nameof(SockhopServerOptions.Tls)} is not set.");
        }
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
                    _account?.Resume();
                    if (IsServer && !_firstLine.IsOver && !IsDeaf)
                    {
                        LookAtFirstLine(_block.Array.AsSpan(_end - received, received));
                    }

                    Parse();
                }

                if (!RunReceived() || Pause())
                {
                    return;
                }

                var room = Room();
                AwaitInput();
                var receiving = _wire.ReceiveAsync(room);
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

    private bool IsFull => _inbox.IsFull || Volatile.Read(ref _unread) > _settings.ReceiveQueueLimit;

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
        var isWithinBody = IsWithinBody;
        EndBody();
        if (!IsClosed)
        {
            if (error is null)
            {
                ReportHalfMessage(isWithinBody);
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
        _account?.Close();
    }

    private void ReportHalfMessage(bool isWithinBody)
    {
        if ((_end > _start || isWithinBody) && !_isBroken)
        {
            ReportError(
                _rxBinary ? SockhopErrorCodes.DeserializeFailed : SockhopErrorCodes.BadBufferData,
                isWithinBody ? "The connection ended within a buffer." : $"The connection ended within a message, after {_end - _start} bytes of it.");
        }
    }
}
