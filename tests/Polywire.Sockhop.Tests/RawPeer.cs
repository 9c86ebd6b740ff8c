using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Polywire.Sockhop.Protocol;
using Polywire.TestSupport;

namespace Polywire.Sockhop.Tests;

/// <summary>A bare socket: it says what a test tells it to, and reads what Polywire wrote, byte for byte.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _end;

    public RawPeer(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Whether frames are read; a transition sets it.</summary>
    public bool ReadsBinary { get; private set; }

    /// <summary>Whether pings are answered rather than given to the test.</summary>
    public bool AnswersPings { get; set; }

    /// <summary>Connects to a server.</summary>
    public static async Task<RawPeer> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).WithinLimit();
        return new RawPeer(socket);
    }

    public Task SendAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).WithinLimit();

    /// <summary>Says that nothing more comes.</summary>
    public void End() => _stream.Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads to the end of the connection, whatever comes.</summary>
    public async Task ReadToEndAsync()
    {
        try
        {
            while (await _stream.ReadAsync(_buffer).WithinLimit() > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    /// <summary>Reads a line that is longer than what this keeps; what follows it is the next message.</summary>
    /// <returns>How many bytes it had.</returns>
    public async Task<int> SkipLineAsync()
    {
        var length = 0;
        int end;
        while ((end = _buffer.AsSpan(0, _end).IndexOf((byte)'\n')) < 0)
        {
            length += _end;
            var count = await _stream.ReadAsync(_buffer).WithinLimit();
            _end = count > 0 ? count : throw new EndOfStreamException();
        }

        _end -= end + 1;
        _buffer.AsSpan(end + 1, _end).CopyTo(_buffer);
        return length + end;
    }

    /// <summary>Reads the next message; the test fails if the connection ends instead.</summary>
    public async Task<RawMessage> NextAsync()
    {
        while (true)
        {
            if (TryTake() is not { } message)
            {
                var count = await _stream.ReadAsync(_buffer.AsMemory(_end)).WithinLimit();
                _end += count > 0 ? count : throw new EndOfStreamException();
                continue;
            }

            if (AnswersPings && message.Type == "SockhopPing")
            {
                await PongAsync(message);
                continue;
            }

            return message;
        }
    }

    /// <summary>Answers a ping, as text.</summary>
    public Task PongAsync(RawMessage ping) =>
        SendAsync($$$"""{"type":"SockhopPong","data":{"_id":{{{Member(ping, "_id").GetRawText()}}}}}""");

    /// <summary>Shakes hands as version 2.1.0 does: sends a handshake, answers the other's, and waits for the answer.</summary>
    /// <returns>The other's handshake.</returns>
    public async Task<RawMessage> ShakeHandsAsync(bool binary = true, string version = "2.1.0")
    {
        await SendAsync(Handshake(binary, version));
        RawMessage? theirs = null;
        var answered = false;
        while (theirs is null || !answered)
        {
            var message = await NextAsync();
            if (message.Type == "SockhopHandshake")
            {
                theirs = message;
                await SendAsync($$$"""{"type":"Object","data":{"allow_binary_mode":{{{(binary ? "true" : "false")}}}},"callback_id":{{{message.Id}}}}""");
            }
            else
            {
                answered = message.Kind == FrameKind.Response;
            }
        }

        return theirs;
    }

    public static string Handshake(bool binary = true, string version = "2.1.0") =>
        $$$"""{"type":"SockhopHandshake","data":{"protocol_version":2,"library_version":"{{{version}}}","request_binary_mode":{{{(binary ? "true" : "false")}}}},"id":"00000000-0000-4000-8000-000000000001"}""";

    public static JsonElement Member(RawMessage message, string name) => JsonElement.Parse(message.Data).GetProperty(name);

    public void Dispose() => _stream.Dispose();

    private RawMessage? TryTake()
    {
        var there = _buffer.AsSpan(0, _end);
        RawMessage message;
        int length;
        if (ReadsBinary)
        {
            if (there.Length < 5 || there.Length < (length = 5 + BinaryPrimitives.ReadInt32LittleEndian(there)))
            {
                return null;
            }

            BinaryProtocol.Parse(there[4], there[5..length], out var frame);
            message = new RawMessage(
                true,
                frame.Kind,
                Encoding.UTF8.GetString(frame.Type),
                frame.IsBytes ? "" : Encoding.UTF8.GetString(frame.Data),
                frame.IsBytes ? frame.Data.ToArray() : [],
                Encoding.UTF8.GetString(frame.Id));
        }
        else
        {
            var end = there.IndexOf((byte)'\n');
            if (end < 0)
            {
                return null;
            }

            length = end + 1;
            var line = JsonElement.Parse(there[..end]);
            var isResponse = line.TryGetProperty("callback_id", out var id);
            var isRequest = !isResponse && line.TryGetProperty("id", out id);
            message = new RawMessage(
                false,
                isResponse ? FrameKind.Response : isRequest ? FrameKind.Request : FrameKind.Message,
                line.GetProperty("type").GetString()!,
                line.TryGetProperty("data", out var data) ? data.GetRawText() : "",
                [],
                isResponse || isRequest ? id.GetRawText() : "");
            ReadsBinary = message.Type == "SockhopBinaryModeTransition";
        }

        there[length..].CopyTo(_buffer);
        _end -= length;
        return message;
    }
}
