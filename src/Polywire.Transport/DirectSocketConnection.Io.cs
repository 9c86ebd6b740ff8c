using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Polywire.Transport;

/// <content>
/// Receiving, sending and waiting. On Linux a <see cref="SocketPoller"/> tells of changes and the calls go straight to the system;
/// elsewhere the socket's own operations do it.
/// </content>
internal sealed partial class DirectSocketConnection : IThreadPoolWorkItem
{
    private readonly SocketPoller? _poller;
    private SocketOperation? _receiving;
    private SocketOperation? _sending;
    private Signals _signals;

    /// <summary>What the poller has told and nobody has used, and who waits for it. Under the lock.</summary>
    [Flags]
    private enum Signals
    {
        Readable = 1,
        Writable = 2,
        AwaitsRead = 4,
        AwaitsWrite = 8,
        Urgent = 16,
        HungUp = 32,
    }

    /// <summary>Gets whether a receive may stop short of what is there, as it does at urgent data (telnet's Ctrl+C).</summary>
    public bool MayStopShort => (_signals & Signals.Urgent) != 0;

    /// <summary>Takes what the poller has seen; on its thread.</summary>
    /// <param name="flags">As the system gives them.</param>
    /// <param name="handOver">Whether what a read goes on with shall run on another thread.</param>
    public void OnEvents(uint flags, bool handOver)
    {
        var read = false;
        var write = false;
        lock (Gate)
        {
            if ((flags & LinuxSocket.Pri) != 0)
            {
                _signals |= Signals.Urgent;
            }

            if ((flags & (LinuxSocket.In | LinuxSocket.RdHup | LinuxSocket.Hup | LinuxSocket.Err)) != 0)
            {
                read = (_signals & Signals.AwaitsRead) != 0;
                _signals = read ? _signals & ~Signals.AwaitsRead : _signals | Signals.Readable;
            }

            if ((flags & (LinuxSocket.RdHup | LinuxSocket.Hup | LinuxSocket.Err)) != 0)
            {
                // An end that came along with bytes is announced only once, but takes a receive of its own after theirs.
                _signals |= Signals.HungUp;
                if (_listener.Options.TellsOfPeerEnd)
                {
                    OnPeerEnd(isReset: (flags & (LinuxSocket.Hup | LinuxSocket.Err)) != 0);
                }
            }

            if ((flags & (LinuxSocket.Out | LinuxSocket.Hup | LinuxSocket.Err)) != 0)
            {
                write = (_signals & Signals.AwaitsWrite) != 0;
                _signals = write ? _signals & ~Signals.AwaitsWrite : _signals | Signals.Writable;
            }
        }

        if (write)
        {
            _writer.OnSent(0, SocketError.Success);
        }

        if (read && handOver)
        {
            _poller!.HandOver(this);
        }
        else if (read)
        {
            _reader.OnReadable(SocketError.Success);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The turn that <see cref="SocketPoller.HandOver"/> was given.</remarks>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _reader.OnReadable(SocketError.Success);
        }
        finally
        {
            _poller!.TakeBack();
        }
    }

    /// <summary>Takes note that its turn found no thread and waits for one.</summary>
    public void OnThreadsExhausted() => _listener.OnThreadsExhausted();

    /// <summary>Receives what is there.</summary>
    /// <param name="buffer">Not empty.</param>
    /// <param name="error">WouldBlock where nothing is there.</param>
    /// <returns>The number of bytes; 0 without an error is the end of input.</returns>
    public int Receive(Span<byte> buffer, out SocketError error)
    {
        try
        {
            return _poller is null
                ? _socket.Receive(buffer, SocketFlags.None, out error)
                : LinuxSocket.Receive(_socket.SafeHandle, buffer, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    /// <summary>Sends what the system takes now.</summary>
    /// <param name="bytes">Not empty.</param>
    /// <param name="error">WouldBlock where it takes nothing.</param>
    /// <returns>How many bytes it took.</returns>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        try
        {
            return _poller is null
                ? _socket.Send(bytes, SocketFlags.None, out error)
                : LinuxSocket.Send(_socket.SafeHandle, bytes, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
            return 0;
        }
    }

    /// <summary>Waits until a receive is worth trying; holds no memory meanwhile.</summary>
    /// <param name="error">Why waiting is of no use, where false is returned.</param>
    /// <returns>Whether the reader will be told; otherwise it is worth trying now.</returns>
    public bool WaitReadable(out SocketError error)
    {
        error = SocketError.Success;
        if (_poller is not null)
        {
            return Await(Signals.Readable, Signals.HungUp, Signals.AwaitsRead, ref error);
        }

        try
        {
            _receiving ??= new SocketOperation((_, outcome) => _reader.OnReadable(outcome));
            if (_socket.ReceiveAsync(_receiving))
            {
                return true;
            }

            error = _receiving.SocketError;
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
        }

        return false;
    }

    /// <summary>Waits until the system takes more, or has taken all.</summary>
    /// <param name="rest">What is left, in use until the writer is told.</param>
    /// <param name="sent">How much was taken at once, where false is returned.</param>
    /// <param name="error">The outcome, where false is returned.</param>
    /// <returns>Whether the writer will be told.</returns>
    public bool WaitWritable(ReadOnlyMemory<byte> rest, out int sent, out SocketError error)
    {
        sent = 0;
        error = SocketError.Success;
        if (_poller is not null)
        {
            return Await(Signals.Writable, Signals.Writable, Signals.AwaitsWrite, ref error);
        }

        try
        {
            _sending ??= new SocketOperation((bytes, outcome) => _writer.OnSent(bytes, outcome));
            _sending.SetBuffer(MemoryMarshal.AsMemory(rest));
            if (_socket.SendAsync(_sending))
            {
                return true;
            }

            (sent, error) = (_sending.BytesTransferred, _sending.SocketError);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.OperationAborted;
        }

        return false;
    }

    /// <summary>Sends for a writer that was flushed outside the connection's turn.</summary>
    /// <param name="writer">The writer of this connection.</param>
    public void SendLater(DirectSocketWriter writer)
    {
        if (_poller is not null)
        {
            _poller.Enqueue(writer);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(writer, preferLocal: false);
        }
    }

    private bool Await(Signals first, Signals second, Signals waiting, ref SocketError error)
    {
        lock (Gate)
        {
            if (_closed)
            {
                error = SocketError.OperationAborted;
                return false;
            }

            var told = (_signals & first) != 0 ? first : _signals & second;
            if (told != 0)
            {
                _signals &= ~told;
                return false;
            }

            _signals |= waiting;
            return true;
        }
    }

    // Once the socket is closed nothing is told any more by itself.
    private void TellWaiters()
    {
        Signals waiting;
        lock (Gate)
        {
            waiting = _signals;
            _signals &= ~(Signals.AwaitsRead | Signals.AwaitsWrite);
        }

        if ((waiting & Signals.AwaitsRead) != 0)
        {
            _reader.OnReadable(SocketError.OperationAborted);
        }

        if ((waiting & Signals.AwaitsWrite) != 0)
        {
            _writer.OnSent(0, SocketError.OperationAborted);
        }
    }
}
