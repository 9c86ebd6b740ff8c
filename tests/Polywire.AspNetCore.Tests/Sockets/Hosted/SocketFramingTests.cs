using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>How bytes become lines and answers become bytes; docs/protocol/socket.md, 2 and 3.</summary>
public sealed class SocketFramingTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    [Theory, InlineData("\n"), InlineData("\r\n"), InlineData("\r"), InlineData("\n\n\r\r\n")]
    public async Task EndsALineAtLfCrLfAndCr_AndIgnoresEmptyOnes(string end)
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync($"{end}paramAdd key=1{end}paramView key{end}");

        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync(Wire.Ok(2, "\"1\""));
    }

    [Fact]
    public async Task TakesALineInManyPackets()
    {
        await using var client = await shared.ConnectAsync();
        foreach (var split in Splits.Of("paramsDelete\r\nparamAdd key=é€😀\r\nparamView key\r\n"u8.ToArray()).Where(split => split.Name != "byte by byte, with empty pieces"))
        {
            await client.SendAsync(split);

            (await client.ReadJsonAsync()).Text("status").ShouldBe("OK", split.Name);
            (await client.ReadJsonAsync()).Text("status").ShouldBe("OK", split.Name);
            (await client.ReadJsonAsync()).Text("data").ShouldBe("é€😀", split.Name);
        }
    }

    [Fact]
    public async Task TakesManyLinesInOnePacket_TheLastUnfinished()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramsView\nparamsView\nparamsV");
        await client.ExpectAsync(Wire.Ok(1, "{}"));
        await client.ExpectAsync(Wire.Ok(2, "{}"));
        await client.SendAsync("iew\n");

        await client.ExpectAsync(Wire.Ok(3, "{}"));
    }

    [Fact]
    public async Task AnswersThousandsOfLinesOfOnePacket_InOrder()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Range(0, 3000).Select(i => $"paramAdd key={i}\nparamView key\n")));

        for (var i = 0; i < 3000; i++)
        {
            await client.ExpectAsync(Wire.Ok((2 * i) + 1));
            await client.ExpectAsync(Wire.Ok((2 * i) + 2, $"\"{i}\""));
        }
    }

    [Fact]
    public async Task MakesReplacementCharacters_OfBytesThatAreNoUtf8()
    {
        await using var client = await shared.ConnectAsync();
        foreach (var (bytes, text) in ((byte[] Bytes, string Text)[])
            [([0xff], "\ufffd"), ([0xc3], "\ufffd"), ([0xe2, 0x82], "\ufffd"), ([0xc0, 0xaf], "\ufffd\ufffd"), ([0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd")])
        {
            var hex = Convert.ToHexString(bytes);
            await client.SendBytesAsync([.. "paramAdd key=a"u8, .. bytes, .. "z\n"u8]);
            (await client.ReadJsonAsync()).Text("status").ShouldBe("OK", hex);
            (await client.AskJsonAsync("paramView key")).Text("data").ShouldBe($"a{text}z", hex);

            await client.SendBytesAsync([.. "{\"action\":\"echo\",\"params\":{\"a\":\""u8, .. bytes, .. "\",\"b\":{\""u8, .. bytes, .. "\":1},\"messageId\":\""u8, .. bytes, .. "\"}}\n"u8]);
            var echo = await client.ReadJsonAsync();
            echo.Text("params", "a").ShouldBe(text, hex);
            echo.Text("params", "b", text).ShouldBe("1", hex);
            echo.Text("messageId").ShouldBe(text, hex);

            await client.SendBytesAsync([.. "say "u8, .. bytes, .. " hi\n"u8]);
            (await client.ReadJsonAsync()).Text("error").ShouldBe($"connection not in this room ({text})", hex);
            await client.SendBytesAsync([.. "paramAdd messageId="u8, .. bytes, .. "\n"u8]);
            await client.ReadJsonAsync();
            (await client.AskJsonAsync("nope")).Text("messageId").ShouldBe(text, hex);
            (await client.AskJsonAsync("paramsDelete")).Text("messageId").ShouldBe(text, hex);
        }
    }

    [Fact]
    public async Task KeepsNulAndControlCharacters()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramAdd key=a\0b\u0001\t\u007f\u001b\n");
        await client.ReadLineAsync();

        (await client.AskJsonAsync("paramView key")).Text("data").ShouldBe("a\0b\u0001\t\u007f\u001b");
        (await client.AskJsonAsync("\0")).Text("error").ShouldBe(Wire.Unknown);
    }

    [Fact]
    public async Task KeepsEveryMessageOnOneLine_WhateverIsInIt()
    {
        await using var client = await shared.ConnectAsync();
        await client.ExpectAsync("""{"action":"echo","params":{"a":"x\r\ny\u2028\"\\"}}""", """{"params":{"a":"x\r\ny\u2028\"\\","action":"echo","apiVersion":1},"type":"socket","context":"response","messageId":1,"messageCount":1}""");
    }

    [Fact]
    public async Task TakesAnotherDelimiter_AndStripsLineEndsAroundIt()
    {
        await using var host = await SocketHost.StartAsync(socket => socket.Delimiter = "^]");
        await using var client = await host.ConnectAsync();
        await client.SendAsync("randomNumber^]\r\nparamAdd key=a\r\nb\r\n^]\r\n^]^]paramView key^");
        await client.ExpectAsync(Wire.Answer(1, "\"value\":0.5"));
        await client.ExpectAsync(Wire.Ok(2));
        await client.SendAsync("]");

        await client.ExpectAsync(Wire.Ok(3, "\"a\\r\\nb\""));
    }

    [Fact]
    public async Task TakesJsonOverSeveralLines_WithAnotherDelimiter()
    {
        await using var host = await SocketHost.StartAsync(socket => socket.Delimiter = "\0");
        await using var client = await host.ConnectAsync();
        await client.SendAsync("{\r\n\"action\":\r\n\"echo\",\n\"params\": {\n \"a\": [1,\r\n2],\r\n\"messageId\": {\n\"x\":\r\n\"y \\ud800\"}\n}}\0");

        // Line ends between tokens never reach the wire: they would cut the answer in two.
        await client.ExpectAsync("""{"params":{"a":[1,2],"messageId":{"x":"y �"},"action":"echo","apiVersion":1},"type":"socket","context":"response","messageId":{"x":"y \ufffd"},"messageCount":1}""");
        await client.SendAsync("paramView a\0paramsView\0detailsView\0");
        (await client.ReadJsonAsync()).Text("data").ShouldBe("[1,2]");
        (await client.ReadJsonAsync()).Text("data", "a").ShouldBe("[1,2]");
        (await client.ReadJsonAsync()).Text("data", "params", "a").ShouldBe("[1,2]");
    }

    [Fact]
    public async Task TakesCrLfForADelimiterOfItsOwn()
    {
        await using var host = await SocketHost.StartAsync(socket => socket.Delimiter = "\r\n");
        await using var client = await host.ConnectAsync();
        await client.SendAsync("paramAdd key=a\rb\nc\r");
        await client.SendAsync("\nparamView key\r\n");

        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync(Wire.Ok(2, "\"a\\rb\\nc\""));
    }

    [Fact]
    public async Task RefusesALineOverTheLimit_AndGoesOn()
    {
        await using var host = await SocketHost.StartAsync(socket => socket.MaxDataLength = 64);
        await using var client = await host.ConnectAsync();
        await client.SendAsync($"paramAdd key=1\n{new string('x', 65)}\n{new string('y', 64)}\nparamView key\n");

        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync("""{"status":"error","error":"data length is too big (64 received/65 max)","context":"response","messageId":2,"messageCount":2}""");
        await client.ExpectAsync(Wire.Error(3, Wire.Unknown));
        await client.ExpectAsync(Wire.Ok(4, "\"1\""));
        await client.ExpectAsync("paramAdd messageId=abc", Wire.Ok(5));
        await client.ExpectAsync(new string('é', 33), """{"status":"error","error":"data length is too big (64 received/66 max)","context":"response","messageId":"abc","messageCount":6}""");
    }

    [Fact]
    public async Task KeepsNothingOfALineOverTheLimit()
    {
        await using var host = await SocketHost.StartAsync(socket => socket.MaxDataLength = 1000);
        await using var client = await host.ConnectAsync();
        var block = new byte[1 << 20];
        Array.Fill(block, (byte)'x');
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 256; i++)
        {
            await client.SendAsync(block);
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await client.SendAsync("\nrandomNumber\n");

        (await client.ReadJsonAsync()).Text("error").ShouldBe($"data length is too big (1000 received/{256 << 20} max)");
        await client.ExpectAsync(Wire.Answer(2, "\"value\":0.5"));

        // What other tests do meanwhile counts too.
        grown.ShouldBeLessThan(128 << 20);
    }

    [Fact]
    public async Task EndsTheConnectionAtTheCeiling_WhereThereIsNoLimit()
    {
        await using var host = await SocketHost.StartAsync(socket => socket.MaxLineBytes = 1000);
        await using var client = await host.ConnectAsync();
        await client.SendAsync("paramAdd messageId=last\n" + new string('x', 1001));

        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync("""{"status":"error","error":"data length is too big (1000 received/1001 max)","context":"response","messageId":"last","messageCount":2}""");
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task TakesALineOfMegabytes()
    {
        await using var client = await shared.ConnectAsync();
        var text = string.Concat(Enumerable.Repeat("abcdé", 700_000));
        var sending = client.SendAsync($$$"""{"action":"echo","params":{"a":"{{{text}}}","messageId":"m"}}""" + "\n");
        var line = await client.ReadLineAsync();
        await sending;

        Encoding.UTF8.GetByteCount(line).ShouldBeGreaterThan(4_000_000);
        line.ShouldContain(text);
        (await client.AskJsonAsync("paramView a")).Text("data").ShouldBe(text);
    }
}
