#pragma warning disable xUnit1051 // Every wait is bounded by the client.
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>A WebSocket client of bare bytes, for what no well-kept client would send.</summary>
internal sealed class WebSocketClient : IAsyncDisposable
{
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private readonly TcpLineClient _tcp;

    private WebSocketClient(TcpLineClient tcp, string answer) => (_tcp, Answer) = (tcp, answer);

    /// <summary>What the upgrade was answered, head and all.</summary>
    public string Answer { get; }

    public string Status => Answer.Split(' ')[1];

    /// <summary>The bytes below the frames.</summary>
    public TcpLineClient Tcp => _tcp;

    /// <summary>Connects and reads the welcome.</summary>
    public static async Task<WebSocketClient> ConnectAsync(
        SocketHost host, string path = "/primus", string headers = "", int? receiveBufferSize = null)
    {
        var client = await ConnectRawAsync(host, path, headers, receiveBufferSize);
        client.Answer.ShouldStartWith("HTTP/1.1 101 ");
        (await client.ReadJsonAsync()).GetProperty("welcome").GetString().ShouldNotBeNullOrEmpty();
        return client;
    }

    /// <summary>Asks for the upgrade.</summary>
    public static Task<WebSocketClient> ConnectRawAsync(
        SocketHost host, string path = "/primus", string headers = "", int? receiveBufferSize = null, byte[]? behind = null) =>
        ConnectRawAsync(host.Http.BaseAddress!, path, headers, receiveBufferSize, behind, host.WebTls);

    /// <inheritdoc cref="ConnectRawAsync(SocketHost, string, string, int?, byte[])"/>
    public static Task<WebSocketClient> ConnectRawAsync(
        Uri address,
        string path = "/primus",
        string headers = "",
        int? receiveBufferSize = null,
        byte[]? behind = null,
        SslClientAuthenticationOptions? tls = null) =>
        RequestAsync(
            address,
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n",
            receiveBufferSize,
            behind,
            tls);

    /// <summary>Sends a request and reads the head of its answer.</summary>
    public static Task<WebSocketClient> RequestAsync(SocketHost host, string request) => RequestAsync(host.Http.BaseAddress!, request, tls: host.WebTls);

    /// <inheritdoc cref="RequestAsync(SocketHost, string)"/>
    public static async Task<WebSocketClient> RequestAsync(
        Uri address, string request, int? receiveBufferSize = null, byte[]? behind = null, SslClientAuthenticationOptions? tls = null)
    {
        var tcp = await TcpLineClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), tls, receiveBufferSize);
        await tcp.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(request), .. behind ?? []]);
        var head = new StringBuilder();
        for (string line; (line = await tcp.ReadLineAsync()).Length > 0;)
        {
            head.Append(line).Append('\n');
        }

        return new WebSocketClient(tcp, head.ToString());
    }

    public Task SendAsync(byte[] bytes) => _tcp.SendAsync(bytes);

    public Task SendAsync(string message) => _tcp.SendAsync(ClientFrame.Message(message));

    /// <summary>The next frame.</summary>
    public async Task<(byte First, byte[] Payload)> ReadFrameAsync()
    {
        var head = await _tcp.ReadBytesAsync(2);
        var length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await _tcp.ReadBytesAsync(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await _tcp.ReadBytesAsync(8)),
            var small => small,
        };
        return (head[0], length == 0 ? [] : await _tcp.ReadBytesAsync(length));
    }

    /// <summary>The next frame, which is to be a text message.</summary>
    public async Task<string> ReadAsync()
    {
        var (first, payload) = await ReadFrameAsync();
        first.ShouldBe((byte)0x81, Encoding.UTF8.GetString(payload));
        return Encoding.UTF8.GetString(payload);
    }

    public async Task<JsonElement> ReadJsonAsync()
    {
        using var document = JsonDocument.Parse(await ReadAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Sends a message and reads the answer.</summary>
    public async Task<string> AskAsync(string message)
    {
        await SendAsync(message);
        return await ReadAsync();
    }

    /// <summary>The next frame, which is to be a close frame.</summary>
    /// <returns>Its code, 1005 for none, and its reason.</returns>
    public async Task<(int Code, string Reason)> ReadCloseAsync()
    {
        var (first, payload) = await ReadFrameAsync();
        first.ShouldBe((byte)0x88, Encoding.UTF8.GetString(payload));
        return payload.Length == 0 ? (1005, "") : (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload.AsSpan(2)));
    }

    public ValueTask DisposeAsync() => _tcp.DisposeAsync();
}
