using System.Net.Security;

namespace Polywire.Sockhop;

/// <summary>How a server listens and behaves.</summary>
public sealed class SockhopServerOptions : SockhopOptions
{
    /// <summary>TLS, where the other end has it too. Null, the default: none.</summary>
    public SslServerAuthenticationOptions? Tls { get; set; }

    /// <summary>How many connections there may be at once. One more is closed at once. Default 10 000.</summary>
    public int MaxConnections { get; set; } = 10_000;

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

    internal override void Validate()
    {
        base.Validate();
        OptionsCheck.Range(MaxConnections, 1, int.MaxValue, nameof(MaxConnections));
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
