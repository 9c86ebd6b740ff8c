using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Polywire.Sockhop;

namespace Polywire.AotCheck;

/// <summary>What the TCP server answers.</summary>
internal static class SocketChecks
{
    public static Task RunAsync(Transcript transcript, int port) => transcript.AddAsync("TCP", async () =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        var said = new StringBuilder(await reader.ReadLineAsync());
        string[] lines =
        [
            "roomAdd lobby", "roomView lobby", "say lobby hello", "paramAdd name=Ada", "paramsView", "greet",
            """{"action":"add","params":{"a":1,"b":2}}""", """{"action":"nested","params":{"lines":[{"amount":1}],"table":{},"any":null,"tags":[]}}""",
            """{"action":"cacheTest","params":{"key":"k","value":"v"}}""", "push", "documentation", "detailsView", "nonsense", "quit",
        ];
        foreach (var line in lines)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        }

        // Answers of several runs may overtake one another.
        var answers = (await reader.ReadToEndAsync()).Split("\r\n").Order(StringComparer.Ordinal);
        return said.AppendJoin(" | ", answers).ToString();
    });
}

/// <summary>What the WebSocket server answers.</summary>
internal static class WebSocketChecks
{
    private static readonly string[] Messages =
    [
        """{"event":"action","params":{"action":"greet","name":"Ada"},"messageId":1}""",
        """{"event":"action","params":{"action":"greet"},"messageId":2}""",
        """{"event":"roomAdd","room":"hall","messageId":3}""",
        """{"event":"roomView","room":"hall","messageId":4}""",
        """{"event":"action","params":{"action":"add","a":1,"b":2},"messageId":5}""",
        """{"event":"detailsView","messageId":6}""",
        """{"event":"file","file":"page.html","messageId":7}""",
        """{"event":"action","params":{"action":"nested","lines":[{"amount":2}],"table":{},"any":"x","tags":["a"]},"messageId":8}""",
        """{"event":"action","params":{"action":"push"},"messageId":9}""",
    ];

    public static async Task RunAsync(Transcript transcript, Uri server)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/primus" }.Uri, CancellationToken.None);
        foreach (var message in Messages)
        {
            await transcript.AddAsync("WebSocket " + message, async () =>
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
                var id = message[message.LastIndexOf("\"messageId\"", StringComparison.Ordinal)..].TrimEnd('}');
                var heard = new List<string>();
                do
                {
                    heard.Add(await ReceiveAsync(socket));
                }
                while (!heard[^1].Contains(id, StringComparison.Ordinal));
                return string.Join(" | ", heard.Order(StringComparer.Ordinal));
            });
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            length += received.Count;
            if (received.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }
}

/// <summary>What the Sockhop server answers.</summary>
internal static class SockhopChecks
{
    public static async Task RunAsync(Transcript transcript, int port)
    {
        var types = new SockhopTypeRegistry().AddJsonContext(CheckJson.Default);
        await using var client = new SockhopClient(new SockhopClientOptions { Port = port, Types = types });
        await client.StartAsync();
        string[] messages =
        [
            """{"action":"greet","name":"Ada"}""", """{"action":"greet"}""", """{"event":"roomAdd","room":"lobby"}""",
            """{"action":"add","a":1,"b":2}""", """{"action":"text"}""", """{"action":"nowhere"}""",
        ];
        foreach (var message in messages)
        {
            await transcript.AddAsync("Sockhop " + message, async () =>
                (await client.RequestAsync<System.Text.Json.JsonElement>(System.Text.Json.JsonDocument.Parse(message).RootElement.Clone())).GetRawText());
        }
    }
}
