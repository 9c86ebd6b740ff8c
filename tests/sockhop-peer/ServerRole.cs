using System.Collections.Concurrent;
using System.Text.Json;
using Polywire.Sockhop;

namespace PeerUnderTest;

internal sealed class ServerRole : Role
{
    private readonly SockhopServer<DelayedSession> _server;
    private readonly ConcurrentDictionary<long, DelayedSession> _sessions = new();

    public ServerRole(SockhopServerOptions options, TimeSpan startDelay, bool echo, bool quiet)
        : base(echo, quiet)
    {
        _server = new SockhopServer<DelayedSession>(options, () => new DelayedSession(startDelay));
        _server.OnMessage((message, session, _) => ReceiveAsync(message, session.Number));
        _server.Connected += session =>
        {
            _sessions[session.Number] = session;
            Output.Write(new Event("connect") { ["conn"] = session.Number });
        };
        _server.HandshakeCompleted += (session, result) => WriteHandshake(session.Number, result, session.BinaryMode);
        _server.BinaryModeChanged += (session, change) => WriteBinary(session.Number, change);
        _server.Disconnected += (session, end) => WriteDisconnect(session.Number, end);
        _server.HandshakeLost += session => Output.Write(new Event("unhandshake") { ["conn"] = session.Number });
        _server.ProtocolError += (session, error) => WriteError(session.Number, error);
        _server.HandlerFailed += (_, exception) => Failed(exception);
    }

    public override string Name => "server";

    public static void Failed(Exception exception)
    {
        if (exception is not SockhopException)
        {
            Output.Crash(exception);
        }
    }

    public override Task BeginAsync() => _server.StartAsync();

    public override SockhopPeer Peer(JsonElement command) => Session(command);

    public override Task<Dictionary<string, object?>?>? RunAsync(string command, JsonElement arguments) => command switch
    {
        "sendall" => SendAllAsync(arguments),
        "ping" => Done(() => _server.PingInterval = TimeSpan.FromMilliseconds(arguments.GetProperty("ms").GetInt32())),
        "kill" => KillAsync(Session(arguments)),
        "disconnect" => DisconnectAsync(),
        "close" => CloseAsync(),
        "state" => Task.FromResult<Dictionary<string, object?>?>(State(arguments)),
        _ => null,
    };

    public override ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Task<Dictionary<string, object?>?> Done(Action action)
    {
        action();
        return Task.FromResult<Dictionary<string, object?>?>(null);
    }

    private static async Task<Dictionary<string, object?>?> KillAsync(DelayedSession session)
    {
        await session.CloseAsync();
        return null;
    }

    private async Task<Dictionary<string, object?>?> SendAllAsync(JsonElement command)
    {
        await (Payload.Bytes(command) is { } bytes ? _server.BroadcastAsync(bytes)
            : Payload.Text(command) is { } text ? _server.BroadcastAsync(text)
            : Payload.HasValue(command, out var value) ? _server.BroadcastAsync(Payload.Type(command, value), value)
            : _server.BroadcastAsync<object>(null!));
        return null;
    }

    private async Task<Dictionary<string, object?>?> DisconnectAsync()
    {
        await _server.DisconnectAllAsync();
        return null;
    }

    private async Task<Dictionary<string, object?>?> CloseAsync()
    {
        await _server.StopAsync();
        return null;
    }

    private Dictionary<string, object?> State(JsonElement command)
    {
        var state = command.TryGetProperty("conn", out _) ? State(Session(command)) : [];
        state["sessions"] = _server.Sessions.Count;
        state["address"] = Address(_server.LocalEndPoint);
        return state;
    }

    private DelayedSession Session(JsonElement command)
    {
        var number = command.TryGetProperty("conn", out var conn) ? conn.GetInt64() : _sessions.Keys.DefaultIfEmpty().Max();
        return _sessions.TryGetValue(number, out var session)
            ? session
            : throw new SockhopException(SockhopErrorCodes.NoSocket, $"There is no connection {number}.");
    }

    private sealed class DelayedSession(TimeSpan delay) : SockhopSession
    {
        protected override async ValueTask OnStartAsync(CancellationToken cancellationToken)
        {
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, cancellationToken);
            }
        }
    }
}
