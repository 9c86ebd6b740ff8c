using System.Net.Security;

namespace Polywire.Sockhop;

/// <summary>How a <see cref="SockhopClient"/> connects and behaves.</summary>
public sealed class SockhopClientOptions : SockhopOptions
{
    /// <summary>
    /// The server's name, instead of <see cref="SockhopOptions.Address"/>: resolved whenever a connection is made, its addresses tried one after the
    /// other within <see cref="ConnectTimeout"/>. Null, the default: none.
    /// </summary>
    public string? Host { get; set; }

    /// <summary>
    /// TLS, where the other end has it too; its <c>TargetHost</c> is <see cref="Host"/> where it is empty. Null, the default: none.
    /// </summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>How long making a connection may take. Default 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What happens when the connection is lost. Default <see cref="SockhopReconnectMode.None"/>.</summary>
    public SockhopReconnectMode Reconnect { get; set; }

    /// <summary>The pause before each attempt in <see cref="SockhopReconnectMode.Connect"/>. Default 2 seconds.</summary>
    public TimeSpan ReconnectInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The pause before each attempt in <see cref="SockhopReconnectMode.Handshake"/>. Default 5 seconds.</summary>
    public TimeSpan RehandshakeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause doubles with each failed attempt up to this. Null, the default: it stays the same.</summary>
    public TimeSpan? MaxReconnectInterval { get; set; }

    /// <summary>By which part of itself a pause varies at random, 0 to 1, so that clients do not come back all at once. Default 0.</summary>
    public double ReconnectJitter { get; set; }

    /// <summary>
    /// Whether requests that wait for a reply when the connection is lost, and those made until there is another one, are sent on the
    /// next. The other side may then see one twice. Needs <see cref="Reconnect"/>. Default false: they fail with
    /// <see cref="SockhopErrorCodes.SocketDestroyed"/>.
    /// </summary>
    public bool ResendRequests { get; set; }

    internal TimeSpan RetryInterval => Reconnect == SockhopReconnectMode.Handshake ? RehandshakeInterval : ReconnectInterval;

    internal override void Validate()
    {
        base.Validate();
        if (UnixSocketPath is null)
        {
            OptionsCheck.Range(Port, 1, System.Net.IPEndPoint.MaxPort, nameof(Port));
        }

        if (Host is not null && string.IsNullOrWhiteSpace(Host))
        {
            throw new ArgumentException($"{nameof(Host)} cannot be empty: a name, or null for {nameof(Address)}.", nameof(Host));
        }

        OptionsCheck.Positive(ConnectTimeout, nameof(ConnectTimeout));
        OptionsCheck.Positive(ReconnectInterval, nameof(ReconnectInterval));
        OptionsCheck.Positive(RehandshakeInterval, nameof(RehandshakeInterval));
        if (MaxReconnectInterval is { } longest)
        {
            OptionsCheck.Positive(longest, nameof(MaxReconnectInterval));
        }

        if (ReconnectJitter is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(ReconnectJitter), ReconnectJitter, $"{nameof(ReconnectJitter)} must be between 0 and 1.");
        }

        if (ResendRequests && Reconnect == SockhopReconnectMode.None)
        {
            throw new ArgumentException(
                $"{nameof(ResendRequests)} needs {nameof(Reconnect)}: without it there is no next connection to send them on.", nameof(ResendRequests));
        }

        if (Reconnect == SockhopReconnectMode.Handshake && CompatibilityMode)
        {
            throw new SockhopException(
                SockhopErrorCodes.HandshakeCompatibilityMode,
                $"{nameof(Reconnect)} cannot be {nameof(SockhopReconnectMode.Handshake)} in {nameof(CompatibilityMode)}: version 1.x knows no handshake.");
        }
    }
}
