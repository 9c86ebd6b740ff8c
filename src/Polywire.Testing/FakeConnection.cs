using Polywire.Outbound;

namespace Polywire.Testing;

/// <summary>A connection without a client and without a host, for unit tests of actions and middleware.</summary>
/// <remarks>
/// Keeps what it is sent; as <see cref="Transports.Web"/> it refuses that, as a web request does. It is in no registry and in no room: what needs those is
/// tested with <see cref="PolywireTestHost"/>. Safe to use concurrently.
/// </remarks>
public sealed class FakeConnection : Connection
{
    private readonly Lock _gate = new();
    private readonly List<object?> _sent = [];

    /// <summary>Makes a connection.</summary>
    /// <param name="transport">What it claims to be; of the socket server by default.</param>
    /// <param name="handshake">What the client told; nothing by default. See <see cref="FakeHandshake"/>.</param>
    /// <param name="remoteIP">Where the client is.</param>
    /// <param name="remotePort">Its port.</param>
    /// <param name="id">Its id; a new one by default.</param>
    public FakeConnection(
        Transports transport = Transports.Socket, ConnectionHandshake? handshake = null, string remoteIP = "127.0.0.1", int remotePort = 50_001, string? id = null)
        : this(id ?? Guid.NewGuid().ToString(), transport, handshake, remoteIP, remotePort)
    {
    }

    private FakeConnection(string id, Transports transport, ConnectionHandshake? handshake, string remoteIP, int remotePort)
        : base(id, id, transport, TimeProvider.System) =>
        (Handshake, RemoteIP, RemotePort) = (handshake ?? ConnectionHandshake.None, remoteIP, remotePort);

    /// <inheritdoc/>
    public override ConnectionHandshake Handshake { get; }

    /// <inheritdoc/>
    public override string RemoteIP { get; }

    /// <inheritdoc/>
    public override int RemotePort { get; }

    /// <summary>The messages it was sent, oldest first, as the objects they were; a copy.</summary>
    public IReadOnlyList<object?> Sent
    {
        get
        {
            lock (_gate)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>What becomes of a message while the connection is open; <see cref="Delivery.Delivered"/> by default. Only those are in <see cref="Sent"/>.</summary>
    /// <remarks>Of no effect on <see cref="Transports.Web"/>: such a connection cannot be sent to, and its messages are <see cref="Delivery.Refused"/>.</remarks>
    public Delivery Outcome { get; set; } = Delivery.Delivered;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">It is one of <see cref="Transports.Web"/>.</exception>
    public override ValueTask SendAsync<T>(T message, CancellationToken cancellationToken = default) =>
        Transport == Transports.Web
            ? throw new NotSupportedException("A web connection lives for one request and cannot be sent to: put the message into the answer.")
            : base.SendAsync(message, cancellationToken);

    /// <inheritdoc/>
    public override Delivery TrySend<T>(T message)
    {
        if (Transport == Transports.Web)
        {
            return Delivery.Refused;
        }

        if (IsClosed)
        {
            return Delivery.Closed;
        }

        if (Outcome == Delivery.Delivered)
        {
            lock (_gate)
            {
                _sent.Add(message);
            }
        }

        return Outcome;
    }

    /// <summary>Closes it: <see cref="Connection.IsClosed"/> and <see cref="Connection.Closing"/> tell, and runs on it are cancelled.</summary>
    public override ValueTask CloseAsync()
    {
        Abandon();
        return default;
    }

    /// <inheritdoc/>
    protected internal override Delivery Deliver(in OutboundEntry entry) =>
        IsClosed && Transport != Transports.Web ? Delivery.Closed : Delivery.Refused;
}
