using System.Net;
using System.Text.Json;

namespace Polywire.Sockhop;

/// <summary>What clients and servers have in common. Read when the client or server is made; later changes have no effect.</summary>
public abstract class SockhopOptions
{
    // A message lies in one array, with its header and what came behind it.
    private const int MostMessageSize = int.MaxValue - (1 << 20);

    private protected SockhopOptions()
    {
    }

    /// <summary>A Unix domain socket; wins over address and port. Default null.</summary>
    public string? UnixSocketPath { get; set; }

    /// <summary>Default 127.0.0.1. A client may be given a name instead: <see cref="SockhopClientOptions.Host"/>.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Default 50000. A server takes any free port for 0.</summary>
    public int Port { get; set; } = 50000;

    /// <summary>What ends a message in text mode. Default LF.</summary>
    public SockhopTerminator Terminator { get; set; } = SockhopTerminator.NewLine;

    /// <summary>Whether a line that is no JSON is delivered as a message of type <c>String</c> rather than reported. Default false.</summary>
    public bool AllowNonObjects { get; set; }

    /// <summary>How long a handshake may take, counted from the connection's start. Default 3 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Speaks as version 1.x: no handshake, text only. Default false.</summary>
    public bool CompatibilityMode { get; set; }

    /// <summary>
    /// Whether binary mode is offered and accepted; where not, nothing is sent in it, even if the other side allows it. Default: yes, but not in
    /// compatibility mode, where true is refused.
    /// </summary>
    public bool? AllowBinaryMode { get; set; }

    /// <summary>
    /// The longest line or frame that is received, in bytes, without terminator or header. A longer one ends the connection before
    /// memory is taken for it. Default 256 MiB, at most 1 MiB less than 2 GiB. It bounds neither what is sent nor what is read as a stream.
    /// </summary>
    public int MaxMessageSize { get; set; } = 256 << 20;

    /// <summary>How many requests of one connection may wait for a reply. One more fails. Default 10 000.</summary>
    public int MaxPendingRequests { get; set; } = 10_000;

    /// <summary>How long a request waits for its reply. Null waits for ever. Default 30 seconds.</summary>
    public TimeSpan? ReplyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many unreadable messages in a row end the connection. Default 100.</summary>
    public int MaxProtocolErrors { get; set; } = 100;

    /// <summary>
    /// How many bytes may wait to be written on one connection. Beyond it <c>SendAsync</c> waits. A single longer message passes once
    /// nothing else waits. Default 8 MiB.
    /// </summary>
    public long SendQueueLimit { get; set; } = 8 << 20;

    /// <summary>
    /// How many bytes of received messages may wait for their handlers on one connection, 256 for each message added. Beyond it reading
    /// pauses, replies included. Default 8 MiB.
    /// </summary>
    public long ReceiveQueueLimit { get; set; } = 8 << 20;

    /// <summary>
    /// How long a side that switched to binary waits for the proof that the other reads it, and no longer than
    /// <see cref="HandshakeTimeout"/> lasts. Then it goes on without. Default 1 second.
    /// </summary>
    public TimeSpan BinaryProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the peer is pinged; the fourth tick without an answer ends the connection. Zero, the default: never.</summary>
    public TimeSpan PingInterval { get; set; }

    /// <summary>How long the end of a connection may wait for messages to be written. Default 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether a handler that throws is answered with an <c>Error</c> object (<c>message</c>), which fails the request of a Polywire peer.
    /// Otherwise it is not answered. Default false.
    /// </summary>
    public bool ReplyErrors { get; set; }

    /// <summary>Which wire name stands for which type. Default: none registered.</summary>
    public SockhopTypeRegistry Types { get; set; } = new();

    /// <summary>
    /// How values become JSON. Default: names as they are, characters escaped only where JSON asks for it, depth 512. Copied; dates and
    /// numbers that are not finite are written as JavaScript does, unless there are converters for them.
    /// </summary>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>The clock of timeouts, pings and reconnection. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>A copy that later changes do not reach.</summary>
    internal SockhopOptions Copy() => (SockhopOptions)MemberwiseClone();

    internal bool BinaryAllowed => AllowBinaryMode ?? !CompatibilityMode;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">The message names the setting, its value and the range.</exception>
    /// <exception cref="SockhopException"><see cref="SockhopErrorCodes.HandshakeCompatibilityMode"/>: binary mode in compatibility mode.</exception>
    internal virtual void Validate()
    {
        if (CompatibilityMode && AllowBinaryMode == true)
        {
            throw new SockhopException(
                SockhopErrorCodes.HandshakeCompatibilityMode,
                $"{nameof(AllowBinaryMode)} cannot be true in {nameof(CompatibilityMode)}: version 1.x knows no binary mode.");
        }

        ArgumentNullException.ThrowIfNull(Address);
        ArgumentNullException.ThrowIfNull(Types);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Terminator);
        Protocol.TerminatorEscape.Check(Terminator);
        OptionsCheck.UnixPath(UnixSocketPath, nameof(UnixSocketPath));
        OptionsCheck.Range(Port, 0, IPEndPoint.MaxPort, nameof(Port));
        OptionsCheck.Range(MaxMessageSize, 1, MostMessageSize, nameof(MaxMessageSize));
        OptionsCheck.Range(MaxPendingRequests, 1, int.MaxValue, nameof(MaxPendingRequests));
        OptionsCheck.Range(MaxProtocolErrors, 1, int.MaxValue, nameof(MaxProtocolErrors));
        OptionsCheck.Range(SendQueueLimit, 1, long.MaxValue, nameof(SendQueueLimit));
        OptionsCheck.Range(ReceiveQueueLimit, 1, long.MaxValue, nameof(ReceiveQueueLimit));
        OptionsCheck.Positive(HandshakeTimeout, nameof(HandshakeTimeout));
        OptionsCheck.Positive(BinaryProbeTimeout, nameof(BinaryProbeTimeout));
        OptionsCheck.Positive(CloseTimeout, nameof(CloseTimeout));
        OptionsCheck.NotNegative(PingInterval, nameof(PingInterval));
        if (ReplyTimeout is { } replyTimeout)
        {
            OptionsCheck.Positive(replyTimeout, nameof(ReplyTimeout));
        }
    }
}
