#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;
using static Polywire.AspNetCore.Tests.WebSockets.ClientFrame;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>Frames over the wire; docs/protocol/websocket.md, "Frames".</summary>
public abstract class WebSocketFramesTests(Under under)
{
    /// <inheritdoc/>
    public sealed class Direct() : WebSocketFramesTests(Under.Direct);

    /// <inheritdoc/>
    public sealed class Tls() : WebSocketFramesTests(Under.Tls);

    /// <inheritdoc/>
    public sealed class Kestrel() : WebSocketFramesTests(Under.Kestrel);

    public static TheoryData<string, byte[], int> Closing => new()
    {
        { "an unmasked frame", [0x81, 2, (byte)'h', (byte)'i'], 1002 },
        { "a reserved bit", Of(0xf1, "hi"), 1002 },
        { "compression that was not agreed on", Of(0xc1, "hi"), 1002 },
        { "an unknown opcode", Of(0x83, "hi"), 1002 },
        { "an unknown control opcode", Of(0x8b, ""), 1002 },
        { "a continuation of nothing", Of(0x80, "hi"), 1002 },
        { "a message within a message", [.. Of(0x01, "a"), .. Of(0x81, "b")], 1002 },
        { "a ping in fragments", Of(0x09, "hi"), 1002 },
        { "a ping over 125 bytes", Of(0x89, new string('x', 126)), 1002 },
        { "a close of one byte", Of(0x88, "x"), 1002 },
        { "a close with a code that is never sent", ClientFrame.Closing(1005), 1002 },
        { "a close with code 999", ClientFrame.Closing(999), 1002 },
        { "a close with code 1004", ClientFrame.Closing(1004), 1002 },
        { "a close with code 1006", ClientFrame.Closing(1006), 1002 },
        { "a close with code 1015", ClientFrame.Closing(1015), 1002 },
        { "a close with code 2999", ClientFrame.Closing(2999), 1002 },
        { "a close with code 5000", ClientFrame.Closing(5000), 1002 },
        { "a close with a reason that is no UTF-8", Of(0x88, [0x03, 0xe8, 0xff]), 1007 },
        { "text that is no UTF-8", Of(0x81, [0xff, 0xff]), 1007 },
        { "a binary message that is no UTF-8", Of(0x82, [0xff, 0xff]), 1007 },
        { "a message over the limit", Head(0x81, 4097, 2), 1009 },
        { "fragments over the limit", [.. Of(0x01, new string('x', 4000)), .. Of(0x80, new string('x', 97))], 1009 },
        { "a length beyond everything", Head(0x81, long.MaxValue, 8), 1009 },
        { "a close", ClientFrame.Closing(1000, "bye"), 1000 },
        { "a close of the application's", ClientFrame.Closing(4999), 4999 },
        { "a close of a library's", ClientFrame.Closing(3000), 3000 },
        { "a close while a message is on its way", [.. Of(0x01, "a"), .. ClientFrame.Closing(1001)], 1001 },
        { "a close without a code", Of(0x88, ""), 1005 },
        { "something behind a close", [.. ClientFrame.Closing(1000), .. Message("{}")], 1000 },
    };

    [Theory]
    [MemberData(nameof(Closing))]
    public async Task Close(string name, byte[] bytes, int code)
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        await client.SendAsync(bytes);

        (await client.ReadCloseAsync()).Code.ShouldBe(code, name);
        await client.Tcp.HalfCloseAsync();
        (await client.Tcp.ReadToEndAsync()).ShouldBeEmpty();
        await host.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task AreAnsweredTheSame_HoweverTheyArrive()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);
        byte[] bytes = [.. Of(0x01, """{"event":"nope","messa"""), .. Of(0x89, "p"), .. Of(0x80, "geId\":1}")];

        foreach (var split in Splits.Of(bytes))
        {
            await client.Tcp.SendAsync(split);

            var (first, payload) = await client.ReadFrameAsync();
            (first, Encoding.ASCII.GetString(payload)).ShouldBe(((byte)0x8a, "p"), split.Name);
            (await client.ReadAsync()).ShouldBe(
                """{"status":"Error: verb not found or not allowed (nope)","error":"Error: verb not found or not allowed (nope)","context":"response","data":{},"messageId":1}""",
                split.Name);
        }
    }

    [Fact]
    public async Task TakeABinaryMessageForText()
    {
        await using var host = await StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        await client.SendAsync(Of(0x82, """{"event":"action","params":{"action":"randomNumber"},"messageId":"b"}"""));

        (await client.ReadAsync()).ShouldBe("""{"value":0.5,"context":"response","messageId":"b"}""");
    }

    [Fact]
    public async Task AreCompressed_WhereBothSidesWantIt()
    {
        await using var host = await StartAsync(options => options.Compression = true);
        await using var client = await WebSocketClient.ConnectAsync(host, headers: "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
        client.Answer.ShouldContain("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\n");
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"word{i} "));
        var message = $$"""{"event":"action","params":{"action":"echo","a":"{{text}}"},"messageId":1}""";

        await client.SendAsync(Of(0xc1, MessageDeflate.Compress(Encoding.UTF8.GetBytes(message)).ToArray()));

        var (first, payload) = await client.ReadFrameAsync();
        first.ShouldBe((byte)0xc1);
        var set = ParamSet.Rent();
        MessageDeflate.Decompress(payload, 100_000, set);
        Encoding.UTF8.GetString(set.Slice(0, set.Size)).ShouldContain(text);
        set.Release();
    }

    [Fact]
    public async Task AreNotCompressed_WhereTheClientDoesNotAskForIt()
    {
        await using var host = await StartAsync(options => options.Compression = true);
        await using var client = await WebSocketClient.ConnectAsync(host);

        client.Answer.ShouldNotContain("Extensions");
        (await client.AskAsync($$"""{"event":"action","params":{"action":"echo","a":"{{new string('x', 3000)}}"},"messageId":1}""")).Length.ShouldBeGreaterThan(3000);
    }

    [Fact]
    public async Task HarmNobody_HoweverTheyAreSpoiled()
    {
        await using var host = await StartAsync();
        await using var bystander = await WebSocketClient.ConnectAsync(host);
        byte[][] corpus =
        [
            [.. Message("""{"event":"action","params":{"action":"echo","a":[1,{"b":null}]},"messageId":{"a":1}}"""), .. Of(0x89, "p")],
            [.. Message("""{"event":"say","room":"defaultRoom","message":"hi"}"""), .. Message("""{"event":"roomAdd","room":"defaultRoom","messageId":"r"}""")],
            [.. Of(0x01, "{\"event\":"), .. Of(0x00, "\"detailsView\""), .. Of(0x80, "}"), .. Message("null"), .. Message("[1,2")],
            [.. Message("\"primus::id::\""), .. Message("\"primus::ping::5\""), .. Message("""{"event":"file","file":"../x"}"""), .. ClientFrame.Closing(1000)],
        ];

        await Fuzz.RunAsync(corpus, 150, async input =>
        {
            await using var client = await WebSocketClient.ConnectAsync(host);
            await client.SendAsync(input);
            if (input.Length % 5 == 0)
            {
                client.Tcp.Reset();
                return;
            }

            await client.Tcp.HalfCloseAsync();
            try
            {
                await client.Tcp.ReadToEndAsync();
            }
            catch (IOException)
            {
                // Whoever goes without closing is reset.
            }
        });

        (await bystander.AskAsync("""{"event":"nope","messageId":1}""")).ShouldContain("\"messageId\":1}");
        await host.WaitForConnectionsAsync(1);
    }

    private Task<SocketHost> StartAsync(Action<WebSocketServerOptions>? configure = null) =>
        SocketHost.StartAsync(more: (_, builder, _) => builder.Services.Configure<WebSocketServerOptions>(options =>
        {
            options.MaxMessageLength = 4096;
            configure?.Invoke(options);
        }), web: under);
}
