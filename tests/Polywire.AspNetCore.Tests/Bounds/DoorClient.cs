using System.Text;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.TestSupport;
using Shouldly;

namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>A client that sends one message of a given length in two parts, in the words of its door.</summary>
internal sealed class DoorClient(Door door, TcpLineClient tcp) : IAsyncDisposable
{
    // The end of a message, filled up with blanks where its length was announced.
    private const int EndLength = 10;

    private readonly string _start = door switch
    {
        Door.Socket => "{'action':'echo','params':{'key':'v'},'x':'",
        Door.WebSocket => "{'event':'action','params':{'action':'echo','key':'v'},'x':'",
        Door.Sockhop => "{'type':'Object','data':{'action':'echo','key':'v','x':'",
        _ => "{'key':'v','x':'",
    };

    public Door Door => door;

    /// <summary>Sends so many bytes of a message that is to be a little longer.</summary>
    public async Task BeginAsync(int bytes)
    {
        var text = Encoding.ASCII.GetBytes(_start.Replace('\'', '"') + new string('x', Math.Max(0, bytes - _start.Length)));
        if (door == Door.Web)
        {
            await BeginRequestAsync(text.Length + EndLength);
        }

        await tcp.SendAsync(door == Door.WebSocket ? ClientFrame.Of(ClientFrame.Text, text) : text);
    }

    /// <summary>Sends a few bytes more of it, but not the end.</summary>
    public Task GoOnAsync(int bytes)
    {
        var more = new byte[bytes];
        more.AsSpan().Fill((byte)'y');
        return tcp.SendAsync(door == Door.WebSocket ? ClientFrame.Of(ClientFrame.Continuation, more) : more);
    }

    /// <summary>Sends the rest and reads the answer.</summary>
    public async Task<string> FinishAsync()
    {
        switch (door)
        {
            case Door.Socket:
                return await tcp.AskAsync("\"}");
            case Door.WebSocket:
                await tcp.SendAsync(ClientFrame.Of(ClientFrame.Fin | ClientFrame.Continuation, "\"}"));
                return Encoding.UTF8.GetString(await ReadFrameAsync());
            case Door.Sockhop:
                await tcp.SendAsync("\"}}\n");
                return await ReadSockhopAsync();
            default:
                await tcp.SendAsync("\"}".PadRight(EndLength));
                return await ReadAnswerAsync();
        }
    }

    /// <summary>Asks something that comes whole, and reads the answer.</summary>
    public async Task<string> AskAsync()
    {
        await BeginAsync(0);
        return await FinishAsync();
    }

    /// <summary>Reads how the server ends the connection, to its last byte.</summary>
    public async Task<string> ReadEndAsync()
    {
        try
        {
            if (door == Door.WebSocket)
            {
                // The reason behind the code. What the server still reads is let go, and an answer ends its wait.
                var reason = Encoding.UTF8.GetString((await ReadFrameAsync()).AsSpan(2));
                await tcp.SendAsync(ClientFrame.Closing(1000));
                return reason;
            }

            return door == Door.Web ? await ReadAnswerAsync("503") : Encoding.UTF8.GetString(await tcp.ReadToEndAsync());
        }
        catch (IOException)
        {
            return "reset";
        }
    }

    /// <summary>Adds a sticky param of that many bytes; on the doors that have such.</summary>
    public async Task StickAsync(int bytes)
    {
        var value = new string('v', bytes);
        switch (door)
        {
            case Door.Socket:
                await tcp.LineAsync($"paramAdd key={value}");
                break;
            default:
                await tcp.SendAsync($$$"""{"type":"Object","data":{"event":"paramAdd","key":"key","value":"{{{value}}}"}}""" + "\n");
                break;
        }
    }

    public ValueTask DisposeAsync() => tcp.DisposeAsync();

    private async Task BeginRequestAsync(int length)
    {
        await tcp.SendAsync(
            $"POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    }

    private async Task<byte[]> ReadFrameAsync()
    {
        var head = await tcp.ReadBytesAsync(2);
        int length = head[1] == 126 ? (await tcp.ReadBytesAsync(2)) is [var high, var low] ? (high << 8) | low : 0 : head[1];
        return length == 0 ? [] : await tcp.ReadBytesAsync(length);
    }

    // The handshake's messages come first.
    private async Task<string> ReadSockhopAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = (char)(await tcp.ReadBytesAsync(1))[0];
            line.Append(next);
            if (next != '\n')
            {
                continue;
            }

            var text = line.ToString();
            if (text.Contains("\"context\"", StringComparison.Ordinal))
            {
                return text;
            }

            line.Clear();
        }
    }

    private async Task<string> ReadAnswerAsync(string status = "200")
    {
        var length = 0;
        var head = await tcp.ReadLineAsync();
        head.ShouldStartWith($"HTTP/1.1 {status} ");
        for (string line; (line = await tcp.ReadLineAsync()).Length > 0;)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return Encoding.UTF8.GetString(await tcp.ReadBytesAsync(length));
    }
}
