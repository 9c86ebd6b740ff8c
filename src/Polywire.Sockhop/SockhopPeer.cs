using System.Net;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <summary>The other end of a connection, as the application sees it: a <see cref="SockhopClient"/> or a <see cref="SockhopSession"/>.</summary>
/// <remarks>
/// <para>Every member may be called by any thread. Messages leave in the order of the calls.</para>
/// <para>
/// A value is sent under the name that its type has in <see cref="SockhopOptions.Types"/>; bytes are sent as a buffer. A buffer of more
/// than 16 KiB is not copied: it must not change until the returned task has ended.
/// </para>
/// </remarks>
public abstract partial class SockhopPeer : IConnectionOwner
{
    private readonly Lock _earlyGate = new();
    private WaitingMessages? _early;
    private volatile bool _isTaken;

    private protected SockhopPeer()
    {
    }

    /// <summary>Whether there is a connection.</summary>
    public bool IsConnected => Current is { IsOpen: true };

    /// <summary>Whether the connection's handshake succeeded.</summary>
    public bool IsHandshaked => Current is { IsHandshaked: true };

    /// <summary>Whether the connection's handshake has ended, or there is none to wait for.</summary>
    public bool IsInitialized => Current is { IsInitialized: true };

    /// <summary>Which directions are in binary mode.</summary>
    public SockhopBinaryMode BinaryMode => Current?.BinaryMode ?? default;

    /// <summary>Where it is in its life.</summary>
    public virtual SockhopState State => Current switch
    {
        { IsHandshaked: true } => SockhopState.Handshaked,
        { IsInitialized: true } => SockhopState.Initialized,
        { IsOpen: true } => SockhopState.Connected,
        _ => SockhopState.Disconnected,
    };

    /// <summary>The connection's own address; null where there is no connection.</summary>
    public EndPoint? LocalEndPoint => Current?.Wire.LocalEndPoint;

    /// <summary>The other side's address; null where there is no connection.</summary>
    public EndPoint? RemoteEndPoint => Current?.Wire.RemoteEndPoint;

    internal Connection? Current { get; private protected set; }

    /// <summary>How many bytes wait to be written.</summary>
    internal long QueuedBytes => Current?.QueuedBytes ?? 0;

    internal abstract HandlerTable Handlers { get; }

    private protected virtual bool TakesStreams => Handlers.HasStreams;

    WorkItem? IConnectionOwner.Accept(Connection connection, in Frame frame) => Accept(connection, frame);

    bool IConnectionOwner.TakesStreams => TakesStreams;

    StreamHandler? IConnectionOwner.FindStreamHandler(ReadOnlySpan<byte> type)
    {
        var handler = Handlers.FindStream(type);
        if (handler is not null && !_isTaken)
        {
            OnHandlerAdded();
        }

        return handler;
    }

    void IConnectionOwner.OnConnected(Connection connection) => OnConnected(connection);

    void IConnectionOwner.OnHandshake(Connection connection, SockhopHandshakeResult result) => OnHandshake(connection, result);

    void IConnectionOwner.OnBinaryModeChanged(Connection connection, SockhopBinaryModeChange change) => OnBinaryMode(change);

    void IConnectionOwner.OnError(Connection connection, SockhopException error)
    {
        SockhopTelemetry.Errors.Count();
        OnProtocolError(error);
    }

    void IConnectionOwner.OnHandlerFailed(Connection connection, Exception exception) => OnHandlerFailed(exception);

    void IConnectionOwner.OnClosing(Connection connection)
    {
        SockhopTelemetry.Connections.Count(-1);
        OnClosing(connection);
    }

    void IConnectionOwner.OnDisconnected(Connection connection, SockhopDisconnect end) => OnDisconnected(connection, end);

    void IConnectionOwner.OnUnsent(PendingRequest request) => OnUnsent(request);

    private protected virtual WorkItem? Accept(Connection connection, in Frame frame)
    {
        if (!_isTaken)
        {
            lock (_earlyGate)
            {
                if (Handlers.IsEmpty)
                {
                    _early ??= new WaitingMessages(connection.Settings.ReceiveQueueLimit);
                    _early.Add(SockhopMessage.Copy(connection, frame));
                    return null;
                }

                DeliverEarly();
            }
        }

        var item = Handlers.Accept(connection, frame);
        if (item is null)
        {
            SockhopTelemetry.Dropped.Count();
        }

        return item;
    }

    /// <summary>Hands over what arrived before there was a handler.</summary>
    private protected void OnHandlerAdded()
    {
        lock (_earlyGate)
        {
            DeliverEarly();
        }
    }

    /// <summary>Tells the application of an exception of its code that no message's handler threw.</summary>
    internal void ReportFailure(Exception exception) => OnHandlerFailed(exception);

    private protected abstract void OnConnected(Connection connection);

    private protected abstract void OnHandshake(Connection connection, SockhopHandshakeResult result);

    private protected abstract void OnBinaryMode(SockhopBinaryModeChange change);

    private protected abstract void OnProtocolError(SockhopException error);

    private protected abstract void OnHandlerFailed(Exception exception);

    private protected abstract void OnClosing(Connection connection);

    private protected abstract void OnDisconnected(Connection connection, SockhopDisconnect end);

    private protected virtual void OnUnsent(PendingRequest request)
    {
    }

    /// <summary>Calls an event's handlers; what they throw is told like what a message's handler throws.</summary>
    private protected void Tell<T>(T value, Action<T> tell) => EventScope.Run(value, tell, OnHandlerFailed);

    /// <summary>The connection to send on.</summary>
    /// <exception cref="SockhopException">There is none.</exception>
    private protected Connection Require() => Current ?? throw new SockhopException(SockhopErrorCodes.NoSocket, "There has been no connection yet.");

    // Under _earlyGate. What came early is older than anything the reader has in its hand.
    private void DeliverEarly()
    {
        // Each one comes back here on its way to its handler.
        var early = _early;
        _early = null;
        while (early is not null && early.TryTake(out var message))
        {
            if (message.IsRequest && !message.Connection.IsOpen)
            {
                // Nobody waits for its answer any more.
                SockhopTelemetry.Dropped.Count();
            }
            else
            {
                message.Connection.Deliver(message);
            }
        }

        _isTaken = !Handlers.IsEmpty;
    }
}
