using System.Text;
using System.Text.Json.Nodes;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>A client of text messages.</summary>
internal sealed class WebSocketPeer : Peer
{
    private readonly WebSocketClient _client;

    private WebSocketPeer(SocketHost host, WebSocketClient client)
        : base(host) => _client = client;

    public static async Task<Peer> ConnectAsync(SocketHost host) => new WebSocketPeer(host, await WebSocketClient.ConnectAsync(host));

    public override Task SendAsync(Ask ask) => _client.SendAsync(
        (ask.IsAction ? new JsonObject { ["event"] = "action", ["params"] = ask.Members("action", ask.Name) } : ask.Members("event", ask.Name)).ToJsonString());

    public override ValueTask LeaveAsync()
    {
        _client.Tcp.Reset();
        return default;
    }

    public override ValueTask DisposeAsync() => _client.DisposeAsync();

    protected override async Task<IReadOnlyList<string>> ReadAsync(bool isVerb)
    {
        for (var seen = new List<string>(); ;)
        {
            var (first, payload) = await _client.ReadFrameAsync();
            if (first == 0x88)
            {
                await _client.SendAsync(ClientFrame.Closing(1000));
                return [.. seen, End];
            }

            var message = Encoding.UTF8.GetString(payload);
            if (message.StartsWith("""{"marker":true""", StringComparison.Ordinal))
            {
                return seen;
            }

            seen.Add(Envelope.Off(message, isVerb));
        }
    }
}
