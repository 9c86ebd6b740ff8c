namespace Polywire;

/// <summary>Settings of the socket server; configuration section <c>Polywire:Socket</c>.</summary>
public sealed class SocketOptions
{
    internal const int DefaultPort = 5000;

    /// <summary>Whether the server listens; <see langword="true"/> once <c>AddSocketServer</c> was called.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The TCP port; 5000 by default, 0 for any free one. Not used with <see cref="UnixSocketPath"/>.</summary>
    public int Port { get; set; } = DefaultPort;

    /// <summary>The address to listen on; <c>0.0.0.0</c> (every IPv4 address) by default.</summary>
    public string BindIP { get; set; } = "0.0.0.0";

    /// <summary>Listens on a Unix domain socket of this path instead; <see langword="null"/> by default.</summary>
    public string? UnixSocketPath { get; set; }

    /// <summary>Speaks TLS; <see langword="null"/> (default) does so where a certificate is given.</summary>
    public bool? Secure { get; set; }

    /// <summary>The server's certificate; without one, no TLS.</summary>
    public CertificateOptions Certificate { get; set; } = new();

    /// <summary>What is asked of clients in TLS; nothing by default.</summary>
    public ClientCertificateOptions ClientCertificate { get; set; } = new();

    /// <summary>TCP keep-alive on every connection; <see langword="false"/> by default.</summary>
    public bool SetKeepAlive { get; set; }

    /// <summary>What ends a line from a client; LF by default, with which CR LF and CR end one too.</summary>
    public string Delimiter { get; set; } = "\n";

    /// <summary>The longest line that is executed, in bytes without its delimiter; 0 (default) for no limit.</summary>
    /// <remarks>A longer one is answered with an error and the connection goes on. Protects memory: no more than this is kept.</remarks>
    public int MaxDataLength { get; set; }

    /// <summary>The longest line that is borne where <see cref="MaxDataLength"/> is 0, in bytes; 67,108,864 (64 MiB) by default, 0 for none.</summary>
    /// <remarks>A longer one ends the connection. Protects memory from a peer that never ends its line.</remarks>
    public int MaxLineBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Connections at once, TLS handshakes included; 100,000 by default, 0 for any number. One more is closed.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Connections that one address may have, TLS handshakes included; 0 (default) for any number. One more is closed.</summary>
    /// <remarks>
    /// Addresses of version 6 count by their first 64 bits, Unix sockets not at all. Protects the server from one machine that opens connections
    /// without end. Behind a load balancer that hides its clients all of them have one address.
    /// </remarks>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>Connections that the system holds until they are accepted; 512 by default.</summary>
    public int Backlog { get; set; } = 512;
}
