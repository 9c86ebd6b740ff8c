using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text;
using Polywire.Doors;

namespace Polywire;

/// <summary>The connection of one client, whatever the transport.</summary>
/// <remarks>Safe to use concurrently. A web connection lives for one request, a persistent one until it closes.</remarks>
public abstract partial class Connection
{
    private const int DefaultCloseStatus = 4000;

    private static readonly ClaimsPrincipal Nobody = new(new ClaimsIdentity());
    private ItemTable? _items;
    private ClaimsPrincipal? _user;

    /// <summary>Makes a connection; for doors.</summary>
    /// <param name="id">Unique in the cluster.</param>
    /// <param name="fingerprint">What stays the same when the client connects again; the id where there is no such thing.</param>
    /// <param name="transport">The kind of connection.</param>
    /// <param name="time">The host's clock.</param>
    [Experimental("PWX0001")]
    protected Connection(string id, string fingerprint, Transports transport, TimeProvider time)
    {
        Id = id;
        Fingerprint = fingerprint;
        Transport = transport;
        ConnectedAt = time.GetUtcNow();
    }

    /// <summary>Unique among all connections of the cluster.</summary>
    public string Id { get; }

    /// <summary>What stays the same when the client connects again, where the transport knows such a thing; else the id.</summary>
    public string Fingerprint { get; }

    /// <summary>The kind of connection.</summary>
    public Transports Transport { get; }

    /// <summary>The kind of connection in the word that clients see: <c>web</c>, <c>websocket</c>, <c>socket</c>, <c>sockhop</c>, <c>inline</c>.</summary>
    public string Type => TypeOf(Transport);

    /// <summary>The peer's address; <c>unix</c> for Unix sockets, <c>inline</c> inside the process.</summary>
    public abstract string RemoteIP { get; }

    /// <summary>The peer's port; 0 where there is none.</summary>
    public abstract int RemotePort { get; }

    /// <summary>What the client told when it connected: TLS, its certificate, headers and query. Empty where the door has nothing of the kind.</summary>
    public virtual ConnectionHandshake Handshake => ConnectionHandshake.None;

    /// <summary>When the connection was accepted.</summary>
    public DateTimeOffset ConnectedAt { get; }

    /// <summary>The number of actions that run now.</summary>
    public int PendingActions => Volatile.Read(ref _pending);

    /// <summary>The number of actions that were started or refused so far.</summary>
    public long TotalActions => Interlocked.Read(ref _total);

    /// <summary>Whether the connection is closed or closing.</summary>
    public bool IsClosed => Life.IsClosed;

    /// <summary>Why the application closed it, as <see cref="CloseAsync(string, int)"/> was told; null where it did not, or did not say.</summary>
    public string? CloseText => Life.Words?.Text;

    /// <summary>The status that goes with <see cref="CloseText"/>; null where there is none.</summary>
    public int? CloseStatus => Life.Words?.Status;

    /// <summary>The user of the connection; an anonymous principal until something sets it.</summary>
    public ClaimsPrincipal User
    {
        get => Volatile.Read(ref _user) ?? Nobody;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _user, value);
        }
    }

    /// <summary>Values that the application keeps with the connection. A key that is missing gives <see langword="null"/>. Safe to use concurrently.</summary>
    public IDictionary<object, object?> Items
    {
        get
        {
            if (Volatile.Read(ref _items) is { } items)
            {
                return items;
            }

            Interlocked.CompareExchange(ref _items, new ItemTable(), null);
            return _items;
        }
    }

    /// <summary>Sends a message outside any answer; it goes out as it is, as one JSON value.</summary>
    /// <param name="message">Any value that serialises to JSON.</param>
    /// <param name="cancellationToken">Not needed: the message is queued at once and nobody waits for the peer.</param>
    /// <exception cref="InvalidOperationException">The message alone is larger than <see cref="PolywireOptions.MaxQueueLength"/>.</exception>
    /// <exception cref="NotSupportedException">The transport cannot push (a web connection), or the type has no JSON metadata.</exception>
    /// <remarks>A message that cannot be queued is dropped; <see cref="TrySend"/> tells of it.</remarks>
    public virtual ValueTask SendAsync<T>(T message, CancellationToken cancellationToken = default)
    {
        TrySend(message);
        return default;
    }

    /// <summary>Sends a message as <see cref="SendAsync"/> does, and tells what became of it.</summary>
    /// <param name="message">Any value that serialises to JSON.</param>
    /// <returns><see cref="Delivery.Delivered"/> where it is queued; nobody waits for the peer.</returns>
    /// <exception cref="InvalidOperationException">The message alone is larger than <see cref="PolywireOptions.MaxQueueLength"/>.</exception>
    /// <exception cref="NotSupportedException">The type has no JSON metadata.</exception>
    public abstract Delivery TrySend<T>(T message);

    /// <summary>Sends the goodbye and closes, out of all rooms; a connection that is gone already is left alone.</summary>
    /// <returns>Completes when the connection has left its rooms and the registry.</returns>
    public abstract ValueTask CloseAsync();

    /// <summary>Closes the connection as <see cref="CloseAsync()"/> does, and says why.</summary>
    /// <remarks>
    /// A WebSocket client finds both in the close frame, a TCP client in the goodbye (<c>reason</c>, <c>code</c>); on the other doors nobody is told. Connection
    /// middleware finds them in <see cref="CloseText"/> and <see cref="CloseStatus"/>, and the log has them. Only the first to end a connection says why.
    /// </remarks>
    /// <param name="reason">For people: at most 123 bytes of UTF-8.</param>
    /// <param name="status">For programs: 1000, or 3000 to 4999, of which those from 4000 on are the application's own; 4000 by default, as without a reason.</param>
    /// <returns>Completes when the connection has left its rooms and the registry.</returns>
    /// <exception cref="ArgumentException">The reason is too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The status is none that a server may send.</exception>
    public ValueTask CloseAsync(string reason, int status = DefaultCloseStatus)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (Encoding.UTF8.GetByteCount(reason) > CloseWords.MaxBytes)
        {
            throw new ArgumentException($"The reason is longer than {CloseWords.MaxBytes} bytes, which is what a close frame has room for.", nameof(reason));
        }

        if (status is not (1000 or (>= 3000 and <= 4999)))
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "Allowed is 1000, or 3000 to 4999.");
        }

        return CloseAsync(new CloseWords(reason, status));
    }

    internal virtual ValueTask CloseAsync(CloseWords words)
    {
        Life.Say(words);
        return CloseAsync();
    }

    /// <summary>Ends the connection because the host stops: at once if nothing runs, else when all is answered or the limit has passed.</summary>
    [Experimental("PWX0001")]
    protected internal virtual void BeginStop()
    {
    }

    /// <summary>The word that clients see for a kind of connection.</summary>
    [Experimental("PWX0001")]
    public static string TypeOf(Transports transport) =>
        transport switch
        {
            Transports.Web => "web",
            Transports.WebSocket => "websocket",
            Transports.Socket => "socket",
            Transports.Sockhop => "sockhop",
            Transports.InProcess => "inline",
            _ => transport.ToString(),
        };
}
