using System.Text;
using Microsoft.Extensions.Options;
using Polywire.Bounds;
using Polywire.Doors;

namespace Polywire.AspNetCore.Sockets;

/// <summary>What every socket connection needs of the host.</summary>
internal sealed class SocketServices(
    ConnectionServices connections,
    ErrorCatalog texts,
    DoorGates gates,
    IOptions<SocketOptions> options,
    ForeignClientLog foreigners)
{
    public ConnectionServices Connections { get; } = connections;

    /// <summary>Bounds the connections of the server's own endpoint and of the application's together.</summary>
    public DoorGate Gate { get; } = gates.Create(
        "socket", "Polywire:Socket", options.Value.MaxConnections, options.Value.MaxConnectionsPerAddress);

    public ErrorCatalog Texts { get; } = texts;

    public ForeignClientLog Foreigners { get; } = foreigners;

    public JsonLineProtocol Protocol { get; } = new(texts);

    public LineRules Rules { get; } = new(
        Encoding.UTF8.GetBytes(options.Value.Delimiter), options.Value.MaxDataLength, options.Value.MaxLineBytes);
}
