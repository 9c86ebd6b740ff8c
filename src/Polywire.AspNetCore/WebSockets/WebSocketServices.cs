using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Files;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>What every WebSocket connection needs of the host.</summary>
internal sealed class WebSocketServices
{
    private readonly ConcurrentDictionary<string, int> _addresses = new(StringComparer.Ordinal);
    private volatile bool _isStopping;

    public WebSocketServices(
        ConnectionServices connections,
        ResponseWriter responses,
        ErrorCatalog texts,
        FileTypes types,
        IOptions<WebSocketServerOptions> options,
        IOptions<PolywireOptions> common)
    {
        Connections = connections;
        Types = types;
        Options = options.Value;
        Plain = new JsonMessageProtocol(responses, texts, compresses: false);
        Compressed = new JsonMessageProtocol(responses, texts, compresses: true);
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

    /// <summary>Set when the host has begun to stop: connections that come later are told to go.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>Counts a connection of an address in; each that came in is to be counted out.</summary>
    /// <returns>False where there are as many as may be.</returns>
    public bool TryEnter(string address)
    {
        if (Options.MaxConnectionsPerAddress == 0)
        {
            return true;
        }

        if (_addresses.AddOrUpdate(address, 1, static (_, count) => count + 1) <= Options.MaxConnectionsPerAddress)
        {
            return true;
        }

        Leave(address);
        return false;
    }

    /// <summary>Counts a connection of an address out.</summary>
    public void Leave(string address)
    {
        if (Options.MaxConnectionsPerAddress > 0
            && _addresses.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
        {
            _addresses.TryRemove(new KeyValuePair<string, int>(address, 0));
        }
    }
}
