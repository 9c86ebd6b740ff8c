using System.Collections.Concurrent;
using System.Text.Json;
using Polywire.Sockhop;

namespace PeerUnderTest;

/// <summary>A server or client under command: what both have in common.</summary>
internal abstract class Role(bool echo, bool quiet) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, SockhopMessage> _requests = new();
    private int _lastRequest;
    private long _received;
    private long _bytes;
    private long _replies;

    public abstract string Name { get; }

    public Dictionary<string, object?> Stats => new() { ["received"] = _received, ["bytes"] = _bytes, ["replies"] = _replies };

    public abstract Task BeginAsync();

    /// <summary>The connection that a command means.</summary>
    public abstract SockhopPeer Peer(JsonElement command);

    /// <summary>A command that only one role knows; null where neither does.</summary>
    public abstract Task<Dictionary<string, object?>?>? RunAsync(string command, JsonElement arguments);

    public abstract ValueTask DisposeAsync();

    public ValueTask ReplyAsync(JsonElement command)
    {
        if (!_requests.TryRemove(command.GetProperty("cb").GetInt32(), out var request))
        {
            throw new SockhopException(SockhopErrorCodes.BadData, "There is no such request.");
        }

        return Payload.Bytes(command) is { } bytes ? request.ReplyAsync(bytes)
            : Payload.Text(command) is { } text ? request.ReplyAsync(text)
            : Payload.HasValue(command, out var value) ? request.ReplyAsync(Payload.Type(command, value), value)
            : request.ReplyAsync();
    }

    protected ValueTask ReceiveAsync(SockhopMessage message, long connection)
    {
        Interlocked.Increment(ref _received);
        Interlocked.Add(
            ref _bytes,
            message.Kind != SockhopMessageKind.Json ? message.Memory.Length
            : message.Json.ValueKind == JsonValueKind.String ? System.Text.Encoding.UTF8.GetByteCount(message.Json.GetString()!)
            : 0);
        if (echo && message.IsRequest)
        {
            Interlocked.Increment(ref _replies);
            return message.Kind != SockhopMessageKind.Json ? message.ReplyAsync(message.Memory)
                : message.HasValue ? message.ReplyAsync(message.Type, message.Json)
                : message.ReplyAsync();
        }

        if (!quiet)
        {
            int? number = null;
            if (message.IsRequest)
            {
                number = Interlocked.Increment(ref _lastRequest);
                _requests[number.Value] = message;
            }

            Output.Write(new Event("receive") { ["conn"] = connection, ["cb"] = number }.With(message));
        }

        return default;
    }

    protected static void WriteHandshake(long connection, SockhopHandshakeResult result, SockhopBinaryMode mode) => Output.Write(new Event("handshake")
    {
        ["conn"] = connection,
        ["success"] = result.Success,
        ["code"] = result.Error?.Code,
        ["tx"] = mode.Tx,
        ["rx"] = mode.Rx,
    });

    protected static void WriteBinary(long connection, SockhopBinaryModeChange change) =>
        Output.Write(new Event("binary") { ["conn"] = connection, ["dir"] = change.Receiving ? "rx" : "tx", ["on"] = change.IsOn });

    protected static void WriteDisconnect(long connection, SockhopDisconnect end) =>
        Output.Write(new Event("disconnect") { ["conn"] = connection, ["handshaked"] = end.WasHandshaked });

    protected static void WriteError(long connection, SockhopException error) =>
        Output.Write(new Event("error") { ["conn"] = connection, ["code"] = error.Code, ["message"] = error.Message });

    protected static Dictionary<string, object?> State(SockhopPeer peer) => new()
    {
        ["handshaked"] = peer.IsHandshaked,
        ["init"] = peer.IsInitialized,
        ["tx"] = peer.BinaryMode.Tx,
        ["rx"] = peer.BinaryMode.Rx,
    };

    protected static string? Address(System.Net.EndPoint? endPoint) => (endPoint as System.Net.IPEndPoint)?.Address.ToString();
}
