using System.Net.Security;
using Polywire.Sockhop.Bounds;

namespace Polywire.Sockhop;

/// <summary>How a server listens and behaves.</summary>
public sealed class SockhopServerOptions : SockhopOptions
{
    private const long LeastBufferedInput = 64 << 10;

    /// <summary>TLS, where the other end has it too. Null, the default: none.</summary>
    public SslServerAuthenticationOptions? Tls { get; set; }

    /// <summary>How many connections there may be at once. One more is closed at once. Default 10 000.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// How many connections one address may have, TLS handshakes included; one more is closed at once. Addresses of version 6 count by their first
    /// 64 bits, Unix sockets not at all. Default 0: any number.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>
    /// How many bytes all peers together may make the server hold: messages that have not come whole, and messages that wait for their handlers,
    /// beyond the first 4 KiB of each connection. Where it is more, the connection that holds most is ended. Null, the default: a quarter of the
    /// memory that the process may use, and 64 MiB at least.
    /// </summary>
    public long? MaxBufferedInput { get; set; }

    /// <summary>
    /// How long a message that has begun may go on with less than <see cref="MinMessageRate"/> before its connection is ended; found up to a quarter
    /// of the time later. Zero: for ever. Default 30 seconds.
    /// </summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes a second that a message has to come with, on the average of <see cref="MessageTimeout"/>; 0 takes any byte. Default 240.
    /// </summary>
    public int MinMessageRate { get; set; } = 240;

    /// <summary>How many connections may wait to be accepted. Default 512.</summary>
    public int Backlog { get; set; } = 512;

    /// <summary>The permissions of the Unix socket's file. Default: its owner reads and writes.</summary>
    public UnixFileMode UnixSocketMode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whether a connection without a successful handshake is closed. Default false: it goes on in text mode.</summary>
    public bool RequireHandshake { get; set; }

    /// <summary>
    /// Whether messages reach handlers only once <see cref="SockhopSession.User"/> is set; until then each goes to the session's
    /// <c>AuthenticateAsync</c>, and the session gets no broadcasts. Default false.
    /// </summary>
    public bool RequireAuthentication { get; set; }

    /// <summary>How long a session may take to authenticate where that is required. Default 10 seconds.</summary>
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Another server's account that this one's connections go on.</summary>
    internal IInputBudget? Budget { get; set; }

    internal override void Validate()
    {
        base.Validate();
        OptionsCheck.Range(MaxConnections, 1, int.MaxValue, nameof(MaxConnections));
        OptionsCheck.Range(MaxConnectionsPerAddress, 0, int.MaxValue, nameof(MaxConnectionsPerAddress));
        OptionsCheck.Range(MaxBufferedInput ?? LeastBufferedInput, LeastBufferedInput, long.MaxValue / 2, nameof(MaxBufferedInput));
        OptionsCheck.NotNegative(MessageTimeout, nameof(MessageTimeout));
        OptionsCheck.Range(MinMessageRate, 0, 1 << 30, nameof(MinMessageRate));
        OptionsCheck.Range(Backlog, 1, int.MaxValue, nameof(Backlog));
        OptionsCheck.Positive(AuthenticationTimeout, nameof(AuthenticationTimeout));
        if (RequireHandshake && CompatibilityMode)
        {
            throw new SockhopException(
                SockhopErrorCodes.HandshakeCompatibilityMode,
                $"{nameof(RequireHandshake)} cannot be true in {nameof(CompatibilityMode)}: version 1.x knows no handshake.");
        }
    }
}
