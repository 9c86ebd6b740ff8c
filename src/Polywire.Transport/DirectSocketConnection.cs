using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Polywire.Transport;

/// <summary>One accepted connection: a socket, a reader and a writer, and nothing that an idle one does not need.</summary>
/// <remarks>
/// <para>
/// Either direction ends by itself: completing the output sends what is left and then FIN; completing both closes the socket, but
/// only when the peer has ended too, or <see cref="DirectSocketOptions.LingerTimeout"/> is over, so that late bytes of the peer
/// do not destroy the last ones sent to it. <see cref="Abort(ConnectionAbortedException)"/> resets at once.
/// </para>
/// <para>
/// <see cref="ConnectionClosed"/> is signalled when the socket is gone, not at the peer's end of input. That a peer is gone is
/// noticed while a read or a write is under way, not otherwise.
/// </para>
/// </remarks>
internal sealed partial class DirectSocketConnection : ConnectionContext, IDuplexPipe
{
    [ThreadStatic]
    private static DirectSocketConnection? Turn;

    private readonly Socket _socket;
    private readonly DirectSocketListener _listener;
    private readonly DirectSocketReader _reader;
    private readonly DirectSocketWriter _writer;

    // Under the lock.
    private bool _inputCompleted;
    private bool _outputCompleted;
    private bool _closed;
    private TaskCompletionSource? _disposal;
    private ITimer? _timer;
    private CancellationTokenSource? _closedSource;
    private bool _peerEnded;

    /// <summary>Makes a connection over <paramref name="socket"/>, which it owns from now on.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="listener">Where it came from; gives options, memory and time.</param>
    /// <param name="number">Counts the connections of the process.</param>
    /// <exception cref="SocketException">The peer is gone already, or the system has no room.</exception>
    public DirectSocketConnection(Socket socket, DirectSocketListener listener, long number)
    {
        _socket = socket;
        _listener = listener;
        _number = number;
        _reader = new DirectSocketReader(this);
        _writer = new DirectSocketWriter(this);
        if (listener.Options.UsePoller)
        {
            _poller = SocketPoller.Choose();
            _poller.Add(this, socket.SafeHandle);
        }
        else
        {
            socket.Blocking = false;
        }
    }

    /// <inheritdoc/>
    public PipeReader Input => _reader;

    /// <inheritdoc/>
    public PipeWriter Output => _writer;

    /// <summary>Gets whether this thread is at present running what a read of this connection went on with.</summary>
    public bool HasTurn => Turn == this;

    /// <summary>Gets where the memory comes from.</summary>
    public SocketBlockPool Pool => _listener.Pool;

    /// <summary>Gets the lock of the connection.</summary>
    public object Gate { get; } = new();

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed
    {
        get
        {
            lock (Gate)
            {
                return _closed || _peerEnded ? new CancellationToken(canceled: true) : (_closedSource ??= new CancellationTokenSource()).Token;
            }
        }

        set => throw new NotSupportedException("The transport alone tells when the connection is closed.");
    }

    /// <summary>Runs what waits for <paramref name="read"/>, as the turn of <paramref name="connection"/>.</summary>
    /// <param name="connection">Its writer sends at once during the turn; others collect.</param>
    /// <param name="read">Completed here.</param>
    public static void RunTurn(DirectSocketConnection connection, ref ManualResetValueTaskSourceCore<bool> read)
    {
        var outer = Turn;
        Turn = connection;
        read.SetResult(true);
        Turn = outer;
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => Abort((Exception)abortReason);

    /// <inheritdoc/>
    public override void Abort() => Abort(new ConnectionAbortedException());

    /// <summary>Resets the connection; reads throw <paramref name="reason"/>, flushes complete.</summary>
    /// <param name="reason">The first one counts.</param>
    public void Abort(Exception reason)
    {
        if (!IsClosed())
        {
            try
            {
                _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Gone already, which is what was asked for.
            }
        }

        OnBroken(reason);
    }

    /// <summary>Ends the connection because the socket failed.</summary>
    /// <param name="reason">What reads throw from now on.</param>
    public void OnBroken(Exception reason)
    {
        _reader.Fail(reason);
        Close();
        _writer.Fail();
    }

    /// <summary>Takes note that nobody reads any more.</summary>
    public void OnInputCompleted() => End(ref _inputCompleted);

    /// <summary>Takes note that everything is sent and nothing more will be; the peer gets its FIN.</summary>
    public void OnOutputCompleted()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already; closing follows.
        }

        End(ref _outputCompleted);
    }

    /// <summary>Closes the socket, once; whoever waits for that goes on.</summary>
    public void Close()
    {
        ITimer? timer;
        TaskCompletionSource? disposal;
        CancellationTokenSource? closedSource;
        lock (Gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            (timer, disposal, closedSource) = (_timer, _disposal, _closedSource);
        }

        RememberRemoteEndPoint();
        if (_poller is not null)
        {
            SocketPoller.Remove(this, _socket.SafeHandle);
        }

        _socket.Dispose();
        _listener.Options.Gate?.Leave(CountedAddress);
        _receiving?.Dispose();
        _sending?.Dispose();
        TellWaiters();
        timer?.Dispose();
        disposal?.TrySetResult();
        Signal(closedSource);
    }

    /// <summary>Completes both directions and waits until the socket is closed, no longer than the options allow.</summary>
    /// <returns>A task without a result; it does not fail.</returns>
#pragma warning disable CA2215 // The base has nothing to dispose of.
    public override ValueTask DisposeAsync()
#pragma warning restore CA2215
    {
        _reader.Complete();
        _writer.Complete();
        lock (Gate)
        {
            if (_closed)
            {
                return default;
            }

            _disposal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_outputCompleted)
            {
                StartTimer(_listener.Options.DrainTimeout, static connection => connection.Abort(
                    new ConnectionAbortedException("The peer did not take the last bytes in time.")));
            }

            return new ValueTask(_disposal.Task);
        }
    }

    // Callbacks may be anybody's, and take their time.
    private void Signal(CancellationTokenSource? source)
    {
        if (source is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static signal => signal.Item1.Cancel(signal.source), (this, source), preferLocal: false);
        }
    }

    private void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException exception)
        {
            _listener.OnCallbackFailed(exception);
        }
    }

    // Under the lock. Nothing to tell where both sides end already, which has a timer of its own.
    private void OnPeerEnd(bool isReset)
    {
        if (_closed || _peerEnded || _inputCompleted || _outputCompleted)
        {
            return;
        }

        if (isReset)
        {
            TellOfPeerEnd();
        }
        else if (_timer is null)
        {
            StartTimer(_listener.Options.PeerEndGrace, static connection =>
            {
                lock (connection.Gate)
                {
                    connection.TellOfPeerEnd();
                }
            });
        }
    }

    // Under the lock.
    private void TellOfPeerEnd()
    {
        _peerEnded = true;
        Signal(_closedSource);
    }

    private bool IsClosed()
    {
        lock (Gate)
        {
            return _closed;
        }
    }

    private void End(ref bool direction)
    {
        lock (Gate)
        {
            if (direction)
            {
                return;
            }

            direction = true;
            if (!_inputCompleted || !_outputCompleted || _closed)
            {
                return;
            }

            if (!_reader.HasEnded)
            {
                StartTimer(_listener.Options.LingerTimeout, static connection => connection.Close());
            }
        }

        if (_reader.HasEnded)
        {
            Close();
        }
        else
        {
            _reader.Linger();
        }
    }

    // Under the lock. A later stage replaces the timer of an earlier one.
    private void StartTimer(TimeSpan delay, Action<DirectSocketConnection> action)
    {
        _timer?.Dispose();
        _timer = _listener.Time.CreateTimer(
            static state =>
            {
                var (connection, action) = ((DirectSocketConnection, Action<DirectSocketConnection>))state!;
                action(connection);
            },
            (this, action),
            delay,
            Timeout.InfiniteTimeSpan);
    }
}
