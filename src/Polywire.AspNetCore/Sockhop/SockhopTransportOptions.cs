namespace Polywire;

/// <summary>Settings of the Sockhop server; configuration section <c>Polywire:Sockhop</c>.</summary>
public sealed class SockhopTransportOptions
{
    internal const int DefaultPort = 50000;

    /// <summary>Whether the server listens; <see langword="true"/> once <c>AddSockhopServer</c> was called.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The TCP port; 50000 by default, 0 for any free one. Not used with <see cref="UnixSocketPath"/>.</summary>
    public int Port { get; set; } = DefaultPort;

    /// <summary>The address to listen on; <c>127.0.0.1</c> by default: Sockhop is meant for processes of one machine.</summary>
    public string BindIP { get; set; } = "127.0.0.1";

    /// <summary>Listens on a Unix domain socket of this path instead; <see langword="null"/> by default. Only its owner may connect.</summary>
    public string? UnixSocketPath { get; set; }

    /// <summary>Speaks as version 1.x: no handshake, text only; <see langword="false"/> by default. Clients of 1.x are served either way.</summary>
    public bool CompatibilityMode { get; set; }

    /// <summary>How long a handshake may take before a connection goes on as text; 3 seconds by default.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest message that is accepted, in bytes; 67,108,864 (64 MiB) by default.</summary>
    /// <remarks>A longer one ends the connection. Protects memory.</remarks>
    public int MaxMessageSize { get; set; } = 64 * 1024 * 1024;

    /// <summary>How often clients are pinged, the fourth tick without an answer ending the connection; zero (default) for never.</summary>
    public TimeSpan PingInterval { get; set; }

    /// <summary>Connections at once; 10,000 by default. One more is closed. Protects memory and descriptors.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Connections that one address may have, TLS handshakes included; 0 (default) for any number. One more is closed.</summary>
    /// <remarks>Addresses of version 6 count by their first 64 bits. Protects the server from one machine that opens connections without end.</remarks>
    public int MaxConnectionsPerAddress { get; set; }
}
