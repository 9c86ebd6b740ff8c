using System.Net;
using System.Net.Sockets;

namespace Polywire.Load.Wire;

/// <summary>A server under load.</summary>
/// <param name="Host">Name or address; not used with <paramref name="UnixPath"/>.</param>
/// <param name="Port">TCP port.</param>
/// <param name="UnixPath">Path of a Unix socket, or null for TCP.</param>
/// <param name="Pid">Process to read CPU and memory of, or 0.</param>
/// <param name="HasWelcome">Whether the server speaks first. Source: docs/protocol/socket.md 4.1.</param>
/// <param name="WebSocketPath">Path of a WebSocket endpoint, which is then spoken to instead of the socket server; null for none.</param>
internal sealed record Target(string Host, int Port, string? UnixPath, int Pid, bool HasWelcome, string? WebSocketPath = null)
{
    public Dialect Dialect => WebSocketPath is null ? Dialect.Lines : Dialect.Frames;

    public override string ToString() => (WebSocketPath is null ? "" : "ws://") + (UnixPath ?? $"{Host}:{Port}") + WebSocketPath;

    public Socket NewSocket() => UnixPath is null
        ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public EndPoint EndPoint() => UnixPath is not null ? new UnixDomainSocketEndPoint(UnixPath)
        : IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port)
        : new DnsEndPoint(Host, Port);
}
