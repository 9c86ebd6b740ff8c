using Polywire.Sockhop.Bounds;
using Polywire.Sockhop.Json;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>What the connections of one client or server share, read from the options once.</summary>
internal sealed class ConnectionSettings
{
    public ConnectionSettings(SockhopOptions options)
    {
        options.Validate();
        Json = new SockhopJson(options.Types, options.Json);
        Escape = TerminatorEscape.For(options.Terminator.TransmitBytes);
        Encoder = new FrameEncoder(options.Terminator.TransmitBytes, Escape);
        ReceiveTerminator = options.Terminator.ReceiveBytes;
        AllowNonObjects = options.AllowNonObjects;
        HandshakeTimeout = options.HandshakeTimeout;
        CompatibilityMode = options.CompatibilityMode;
        AllowBinaryMode = options.BinaryAllowed;
        MaxMessageSize = options.MaxMessageSize;
        MaxPendingRequests = options.MaxPendingRequests;
        ReplyTimeout = options.ReplyTimeout;
        MaxProtocolErrors = options.MaxProtocolErrors;
        SendQueueLimit = options.SendQueueLimit;
        ReceiveQueueLimit = options.ReceiveQueueLimit;
        BinaryProbeTimeout = options.BinaryProbeTimeout;
        CloseTimeout = options.CloseTimeout;
        ReplyErrors = options.ReplyErrors;
        Time = options.TimeProvider;
        Budget = options is SockhopServerOptions server
            ? server.Budget ?? new InputBudget(
                new InputLimits(server.MaxBufferedInput ?? InputLimits.DefaultMaxBytes, server.MessageTimeout, server.MinMessageRate), Time)
            : null;
        KeepRequests = options is SockhopClientOptions { ResendRequests: true };
    }

    public SockhopJson Json { get; }

    public TerminatorEscape? Escape { get; }

    /// <summary>Writes messages as the terminator wants them.</summary>
    public FrameEncoder Encoder { get; }

    public byte[] ReceiveTerminator { get; }

    public bool AllowNonObjects { get; }

    public TimeSpan HandshakeTimeout { get; }

    public bool CompatibilityMode { get; }

    public bool AllowBinaryMode { get; }

    public int MaxMessageSize { get; }

    public int MaxPendingRequests { get; }

    public TimeSpan? ReplyTimeout { get; }

    public int MaxProtocolErrors { get; }

    public long SendQueueLimit { get; }

    public long ReceiveQueueLimit { get; }

    public TimeSpan BinaryProbeTimeout { get; }

    public TimeSpan CloseTimeout { get; }

    public bool ReplyErrors { get; }

    public TimeProvider Time { get; }

    /// <summary>The account of what peers make a server hold; null for clients, who chose theirs.</summary>
    public IInputBudget? Budget { get; }

    /// <summary>Whether requests keep what they sent, to be sent again.</summary>
    public bool KeepRequests { get; }
}
