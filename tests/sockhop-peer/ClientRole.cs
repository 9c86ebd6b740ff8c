using System.Text.Json;
using Polywire.Sockhop;

namespace PeerUnderTest;

internal sealed class ClientRole : Role
{
    private readonly SockhopClient _client;
    private long _connection;

    public ClientRole(SockhopClientOptions options, bool echo, bool quiet)
        : base(echo, quiet)
    {
        _client = new SockhopClient(options);
        _client.OnMessage((message, _, _) => ReceiveAsync(message, _connection));
        _client.Connected += _ => Output.Write(new Event("connect") { ["conn"] = ++_connection });
        _client.HandshakeCompleted += (client, result) => WriteHandshake(_connection, result, client.BinaryMode);
        _client.BinaryModeChanged += (_, change) => WriteBinary(_connection, change);
        _client.Disconnected += (_, end) => WriteDisconnect(_connection, end);
        _client.HandshakeLost += _ => Output.Write(new Event("unhandshake") { ["conn"] = _connection });
        _client.ProtocolError += (_, error) => WriteError(_connection, error);
        _client.HandlerFailed += (_, exception) => ServerRole.Failed(exception);
    }

    public override string Name => "client";

    public override Task BeginAsync() => Task.CompletedTask;

    public override SockhopPeer Peer(JsonElement command) => _client;

    public override Task<Dictionary<string, object?>?>? RunAsync(string command, JsonElement arguments) => command switch
    {
        "connect" => Without(_client.ConnectAsync()),
        "start" => Without(_client.StartAsync()),
        "ping" => Ping(arguments.GetProperty("ms").GetInt32()),
        "disconnect" => Without(_client.DisconnectAsync()),
        "state" => Task.FromResult<Dictionary<string, object?>?>(State()),
        _ => null,
    };

    public override ValueTask DisposeAsync() => _client.DisposeAsync();

    private static async Task<Dictionary<string, object?>?> Without(Task task)
    {
        await task;
        return null;
    }

    private Task<Dictionary<string, object?>?> Ping(int milliseconds)
    {
        _client.PingInterval = TimeSpan.FromMilliseconds(milliseconds);
        return Task.FromResult<Dictionary<string, object?>?>(null);
    }

    private Dictionary<string, object?> State()
    {
        var state = State(_client);
        state["connected"] = _client.IsConnected;
        state["address"] = Address(_client.LocalEndPoint);
        return state;
    }
}
