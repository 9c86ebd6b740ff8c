using System.Net;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Files;
using Polywire.Bounds;
using Polywire.Doors;
using Polywire.Outbound;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>What every WebSocket connection needs of the host.</summary>
internal sealed class WebSocketServices
{
    private readonly DoorGate _gate;

    public WebSocketServices(
        ConnectionServices connections,
        ErrorCatalog texts,
        FileTypes types,
        DoorGates gates,
        IOptions<WebSocketServerOptions> options,
        IOptions<PolywireOptions> common)
    {
        Connections = connections;
        Types = types;
        Options = options.Value;
        _gate = gates.Create("websocket", WebSocketServerOptionsSetup.Section, Options.MaxConnections, Options.MaxConnectionsPerAddress);
        Plain = new JsonMessageProtocol(texts, compresses: false);
        Compressed = new JsonMessageProtocol(texts, compresses: true);
        Limits = Options.MaxQueueLength is { } bytes ? new OutboundLimits(bytes, common.Value.MaxQueueMessages) : connections.Limits;
        Path = '/' + Options.Path.Trim('/');
    }

    public ConnectionServices Connections { get; }

    public FileTypes Types { get; }

    public WebSocketServerOptions Options { get; }

    /// <summary>The path of the endpoint, with a slash in front and none behind.</summary>
    public string Path { get; }

    public JsonMessageProtocol Plain { get; }

    public JsonMessageProtocol Compressed { get; }

    public OutboundLimits Limits { get; }

    /// <summary>Whether connections keep headers and query of their upgrade.</summary>
    public bool KeepsHandshakes => Options.KeepHandshake;

    /// <summary>Counts a connection in; each that came in is to be counted out.</summary>
    /// <param name="address">The client's, as <see cref="Connection.RemoteIP"/> has it.</param>
    public GateAnswer TryEnter(string address) => _gate.TryEnter(Parse(address));

    /// <summary>Counts a connection out.</summary>
    public void Leave(string address) => _gate.Leave(Parse(address));

    private IPAddress? Parse(string address) => _gate.CountsAddresses && IPAddress.TryParse(address, out var parsed) ? parsed : null;
}
