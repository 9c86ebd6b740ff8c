#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>Requests and their answers; docs/protocol/websocket.md, "Requests", "Answers" and "Verbs".</summary>
public sealed class WebSocketRequestsTests
{
    /// <summary>What is sent, and the answer to the letter.</summary>
    public static TheoryData<string, string> Exchanges => new()
    {
        { """{"event":"action","params":{"action":"randomNumber"},"messageId":1}""", """{"value":0.5,"context":"response","messageId":1}""" },
        { """{"messageId":"late","params":{"action":"randomNumber"},"event":"action"}""", """{"value":0.5,"context":"response","messageId":"late"}""" },
        { """{"params":{"action":"needsA","a":{"b":[1,{"c":null}]}},"event":"action","messageId":5,"more":[{}]}""", """{"a":{"b":[1,{"c":null}]},"context":"response","messageId":5}""" },
        { """{"params":"x","event":"action","messageId":6}""", """{"error":"unknown action or invalid apiVersion","context":"response","messageId":6}""" },
        { """{"event":"action","params":{"action":"nope"},"params":{"action":"randomNumber"},"messageId":7}""", """{"value":0.5,"context":"response","messageId":7}""" },
        { """{"event":"action","params":{"action":"randomNumber"},"event":"nope","messageId":8}""", Unknown("nope", """{"params":{"action":"randomNumber"}}""", 8) },
        { """{"event":"\u0061ction","params":{"\u0061ction":"randomNumber"},"messageId":true}""", """{"value":0.5,"context":"response","messageId":true}""" },
        { """{"event":"action","params":{"action":"randomNumber"},"messageId":{"a":[1]}}""", """{"value":0.5,"context":"response","messageId":{"a":[1]}}""" },
        { """{"event":"action","action":"randomNumber","messageId":1}""", """{"error":"unknown action or invalid apiVersion","context":"response","messageId":1}""" },
        { """{"event":"action","params":"x","messageId":1}""", """{"error":"unknown action or invalid apiVersion","context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":5},"messageId":1}""", """{"error":"unknown action or invalid apiVersion","context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":"constructor"},"messageId":1}""", """{"error":"unknown action or invalid apiVersion","context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":"needsA"},"messageId":1}""", """{"error":"a is a required parameter for this action","context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":"needsA","a":1,"a":2},"messageId":1}""", """{"a":2,"context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":"text"},"messageId":1}""", """{"response":"hello","context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":"list"},"messageId":1}""", """{"response":["a","b"],"context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":"names"},"messageId":1}""", """{"context":"mine","messageId":"mine","messageCount":"mine","own":"mine"}""" },
        { """{"event":"action","params":{"action":"versioned","apiVersion":"1"},"messageId":1}""", """{"value":1,"context":"response","messageId":1}""" },
        { """{"event":"action","params":{"action":"echo","__proto__":{"a":1},"b":[1,null]},"messageId":1}""", """{"params":{"action":"echo","b":[1,null],"apiVersion":1},"type":"websocket","context":"response","messageId":1}""" },
        { """{"event":"nope","room":"r","x":{"a": 1},"messageId":1}""", Unknown("nope", """{"x":{"a":1}}""", 1) },
        { """{"event":"nope","x":[ 1.0, 1e3, -0, 12345678901234567890, 1e999, "\u0061\/" ],"y":{"b":1,"1":{ },"b":[ 2 ]},"messageId":1}""", Unknown("nope", """{"x":[1,1000,0,12345678901234567890,1e999,"a/"],"y":{"1":{},"b":[2]}}""", 1) },
        { """{"event":"action","params":{"action":"randomNumber"},"messageId":{ "a" : [ 1 ,{"b": "c d"} ] }}""", """{"value":0.5,"context":"response","messageId":{"a":[1,{"b":"c d"}]}}""" },
        { """{"event":"action","params":{"action":"randomNumber"},"messageId":12345678901234567890}""", """{"value":0.5,"context":"response","messageId":12345678901234567890}""" },
        { """{"event":"action","params":{"action":"randomNumber"},"messageId":1.50}""", """{"value":0.5,"context":"response","messageId":1.5}""" },
        { """{"event":"paramAdd","key":"a","value":"b","messageId":2}""", Unknown("paramAdd", """{"key":"a","value":"b"}""", 2) },
        { """{"event":5,"messageId":1}""", Unknown("5", """{}""", 1) },
        { """{"messageId":1}""", Unknown("", """{}""", 1) },
        { """{"event":"roomAdd","room":"nope","messageId":1}""", """{"status":"Error: room does not exist","error":"Error: room does not exist","context":"response","data":{},"messageId":1}""" },
        { """{"event":"roomAdd","room":["defaultRoom"],"messageId":1}""", """{"status":"Error: room does not exist","error":"Error: room does not exist","context":"response","data":{},"messageId":1}""" },
        { """{"event":"roomAdd","other":"defaultRoom","messageId":1}""", """{"status":"OK","context":"response","data":true,"messageId":1}""" },
        { """{"event":"say","message":"no room","messageId":1}""", """{"status":"Error: both room and message are required","error":"Error: both room and message are required","context":"response","data":{"message":"no room"},"messageId":1}""" },
        { """{"event":"say","room":"defaultRoom","message":"x","messageId":1}""", """{"status":"Error: connection not in this room (defaultRoom)","error":"Error: connection not in this room (defaultRoom)","context":"response","data":{"message":"x"},"messageId":1}""" },
        { """{"event":"file","file":"nope","messageId":1}""", """{"error":"That file is not found","content":null,"mime":"text/html","length":22,"context":"response","messageId":1}""" },
        { """{"event":"file","file":{"a":1},"messageId":1}""", """{"error":"That file is not found","content":null,"mime":"text/html","length":22,"context":"response","messageId":1}""" },
        { "{", """{"error":"the message is not valid JSON","context":"api"}""" },
        { "", """{"error":"the message is not valid JSON","context":"api"}""" },
        { "{} {}", """{"error":"the message is not valid JSON","context":"api"}""" },
        { new string('[', 129) + new string(']', 129), """{"error":"the message is not valid JSON","context":"api"}""" },
        { "{\"event\":\"action\",\"messageId\":\"\u2028\u2029\"}", """{"error":"unknown action or invalid apiVersion","context":"response","messageId":"\u2028\u2029"}""" },
        { """{"event":"action","messageId":"\ud800"}""", """{"error":"unknown action or invalid apiVersion","context":"response","messageId":"\ud800"}""" },
        { """{"messageId":{"\uDC00":["\u0041\ud800", 1]},"event":"nope","x":"\ud800"}""", Unknown("nope", "{\"x\":\"\ufffd\"}", """{"\uDC00":["\u0041\ud800", 1]}""") },
        { """{"event":"\u006eope","messageId":"\ud83d\ude00"}""", Unknown("nope", "{}", """ "😀" """.Trim()) },
        { """{"event":"roomAdd","room":"","x":"defaultRoom","messageId":1}""", """{"status":"Error: room does not exist","error":"Error: room does not exist","context":"response","data":{"room":"","x":"defaultRoom"},"messageId":1}""" },
        { """{"event":"say","room":null,"x":"defaultRoom","y":"hello","messageId":1}""", """{"status":"Error: both room and message are required","error":"Error: both room and message are required","context":"response","data":{"room":null,"x":"defaultRoom","y":"hello"},"messageId":1}""" },
    };

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task AreAnswered(string message, string answer)
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        (await client.AskAsync(message)).ShouldBe(answer);
    }

    [Theory]
    [InlineData("\"hello\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1,2]")]
    [InlineData(" [ 1, 2 ]\n", "[1,2]")]
    [InlineData("\"primus::foo::bar\"")]
    public async Task ThatAreNone_AreAnsweredAsAnUnknownVerb(string message, string? echoed = null)
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        await client.SendAsync(message);

        var answer = await client.ReadJsonAsync();
        answer.GetProperty("data").GetRawText().ShouldBe(echoed ?? message);
        answer.GetProperty("error").GetString().ShouldBe("Error: verb not found or not allowed ()");
        Guid.TryParse(answer.GetProperty("messageId").GetString(), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task NestedUpToTheLimit_ReachTheAction()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);
        var deep = new string('[', 120) + new string(']', 120);

        (await client.AskAsync($$"""{"event":"action","params":{"action":"needsA","a":{{deep}}},"messageId":1}""")).ShouldContain(deep);
    }

    /// <summary>What an answer has itself, and what of it is sent: a value that is false in JavaScript was not set.</summary>
    public static TheoryData<string, string> Own => new()
    {
        { """{"own":1,"context":"","messageId":null}""", """{"own":1,"context":"response","messageId":7}""" },
        { """{"context":null,"own":1,"messageId":""}""", """{"own":1,"context":"response","messageId":7}""" },
        { """{"context":false,"messageId":0}""", """{"context":"response","messageId":7}""" },
        { """{"context":-0.0,"messageId":"mine"}""", """{"messageId":"mine","context":"response"}""" },
        { """{"context":"response","messageId":false}""", """{"context":"response","messageId":7}""" },
        { """{"context":"mine","messageId":0}""", """{"context":"mine","messageId":0}""" },
        { """{"context":[],"messageId":{}}""", """{"context":[],"messageId":{}}""" },
        { """{"context":"0","messageId":"0"}""", """{"context":"0","messageId":"0"}""" },
        { """{"context":0.5}""", """{"context":0.5}""" },
    };

    [Theory]
    [MemberData(nameof(Own))]
    public async Task Answers_KeepTheirOwnContextAndId(string own, string answer)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(own)!;
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) =>
        {
            polywire.MapAction("typed", (ParamlessInput _) => members);
            polywire.MapDynamicAction("loose", _ => { }, (context, _) =>
            {
                foreach (var (name, value) in members)
                {
                    context.Response[name] = value;
                }

                return Task.CompletedTask;
            });
        });
        await using var client = await WebSocketClient.ConnectAsync(host);

        (await client.AskAsync("""{"event":"action","params":{"action":"loose"},"messageId":7}""")).ShouldBe(answer);
        (await client.AskAsync("""{"event":"action","params":{"action":"typed"},"messageId":7}""")).ShouldBe(answer);
    }

    [Theory]
    [InlineData("""{"a":1,"context":""}""", """{"a":1,"context":"response"}""")]
    [InlineData("""{"context":null,"messageId":0,"a":[[[[1]]]]}""", """{"a":[[[[1]]]],"context":"response"}""")]
    [InlineData("""{"context":"response","messageId":0}""", """{"context":"response","messageId":0}""")]
    [InlineData("""{"messageId":"mine"}""", """{"messageId":"mine","context":"response"}""")]
    public async Task Messages_GoOutAsTheyAre_WhereTheyHaveAContext(string message, string sent)
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);

        await host.Connections.All.Single().SendAsync(JsonSerializer.Deserialize<JsonElement>(message));

        (await client.ReadAsync()).ShouldBe(sent);
    }

    [Fact]
    public async Task Messages_WithoutAContext_BelongToTheRequestThatIsHandled()
    {
        await using var host = await SocketHost.StartAsync(more: (host, _, polywire) =>
        {
            polywire.MapDynamicAction("tell", inputs => inputs.Required("gate"), async (context, cancellationToken) =>
            {
                await context.Connection.SendAsync(new Dictionary<string, string> { ["when"] = "before" }, cancellationToken);
                await host.Gate(context.Params.GetText("gate")!).PassAsync(cancellationToken);
                await context.Connection.SendAsync(new Dictionary<string, string> { ["when"] = "after" }, cancellationToken);
            });
        });
        await using var client = await WebSocketClient.ConnectAsync(host);

        await client.SendAsync("""{"event":"action","params":{"action":"tell","gate":"one"},"messageId":1}""");
        (await client.ReadAsync()).ShouldBe("""{"when":"before","context":"response","messageId":1}""");
        await client.SendAsync("""{"event":"action","params":{"action":"tell","gate":"two"},"messageId":2}""");
        (await client.ReadAsync()).ShouldBe("""{"when":"before","context":"response","messageId":2}""");
        await host.Connections.All.Single().SendAsync(new Dictionary<string, string> { ["when"] = "outside" });
        (await client.ReadAsync()).ShouldBe("""{"when":"outside","context":"response"}""");
        host.Gate("one").Open();
        (await client.ReadAsync()).ShouldBe("""{"when":"after","context":"response","messageId":1}""");
        (await client.ReadAsync()).ShouldBe("""{"context":"response","messageId":1}""");
        host.Gate("two").Open();
        (await client.ReadAsync()).ShouldBe("""{"when":"after","context":"response","messageId":2}""");
    }

    [Fact]
    public async Task Files_ArePublicAndOnDisk()
    {
        Assert.SkipUnless(SpecialFiles.HavePipes, "needs named pipes");
        await using var host = await SocketHost.StartAsync();
        host.Folder.Write("public/.hidden", "never");
        SpecialFiles.MakePipe(host.Folder["public/pipe"]);
        SpecialFiles.MakeSocket(host.Folder["public/socket"]);
        await using var client = await WebSocketClient.ConnectAsync(host);

        foreach (var name in (string[])["pipe", "socket", ".hidden"])
        {
            (await client.AskAsync($$"""{"event":"file","file":"{{name}}","messageId":1}"""))
                .ShouldBe("""{"error":"That file is not found","content":null,"mime":"text/html","length":22,"context":"response","messageId":1}""");
        }
    }

    [Fact]
    public async Task Files_ComeAsTextOrBase64()
    {
        await using var host = await SocketHost.StartAsync();
        host.Folder.Write("public/odd.txt", [(byte)'a', 0xff, (byte)'\n']);
        host.Folder.Write("public/empty.txt", []);
        await using var client = await WebSocketClient.ConnectAsync(host);

        (await client.AskAsync("""{"event":"file","file":"odd.txt","messageId":1}"""))
            .ShouldStartWith("{\"content\":\"a\\uFFFD\\n\",\"mime\":\"text/plain\",\"length\":3,\"lastModified\":\"20");
        (await client.AskAsync("""{"event":"file","file":"odd.txt","encoding":"base64","messageId":2}"""))
            .ShouldStartWith("{\"content\":\"Yf8K\",\"encoding\":\"base64\",\"mime\":\"text/plain\",\"length\":3,");
        (await client.AskAsync("""{"event":"file","file":"empty.txt","messageId":3}""")).ShouldStartWith("{\"content\":\"\",\"mime\":\"text/plain\",\"length\":0,");
        (await client.AskAsync("""{"event":"action","params":{"action":"sendFile","name":"odd.txt"},"messageId":4}""")).ShouldEndWith(",\"context\":\"response\",\"messageId\":4}");
    }

    [Fact]
    public async Task Files_ThatWouldNotFitIntoTheQueue_AreTooLarge()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.MaxQueueLength = 10_000);
        host.Folder.Write("public/large.txt", new byte[10_001]);
        host.Folder.Write("public/larger.txt", new byte[4000]);
        await using var client = await WebSocketClient.ConnectAsync(host);

        // Four thousand zeros are 24,000 bytes of JSON.
        foreach (var file in (string[])["large.txt", "larger.txt"])
        {
            (await client.AskAsync($$"""{"event":"file","file":"{{file}}","messageId":1}"""))
                .ShouldBe("""{"error":"file is too large","content":null,"mime":"text/html","length":17,"context":"response","messageId":1}""");
        }
    }

    [Fact]
    public async Task ASpeaker_IsHeardOnEveryTransport()
    {
        await using var host = await SocketHost.StartAsync();
        await using var socket = await host.ConnectAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);
        await socket.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await client.AskAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":1}""");

        await client.SendAsync("""{"event":"say","room":"defaultRoom","message":"from the web","messageId":2}""");

        (await socket.ReadJsonAsync()).GetProperty("message").GetString().ShouldBe("from the web");
        string[] heard = [await client.ReadAsync(), await client.ReadAsync()];
        heard.ShouldContain("""{"status":"OK","context":"response","messageId":2}""");
        await socket.SendAsync("say defaultRoom from a telnet\n");
        (await client.ReadJsonAsync()).GetProperty("message").GetString().ShouldBe("from a telnet");
    }

    [Fact]
    public async Task SentInOneGo_AreDoneInTheirOrder()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await WebSocketClient.ConnectAsync(host);
        var many = Enumerable.Range(1, 200).SelectMany(i => ClientFrame.Message(
            i % 2 == 1 ? $$"""{"event":"roomAdd","room":"defaultRoom","messageId":{{i}}}""" : $$"""{"event":"roomLeave","room":"defaultRoom","messageId":{{i}}}"""));

        await client.SendAsync([.. many]);

        for (var i = 1; i <= 200; i++)
        {
            (await client.ReadAsync()).ShouldBe($$"""{"status":"OK","context":"response","data":true,"messageId":{{i}}}""");
        }
    }

    private static string Unknown(string verb, string data, int id) => Unknown(verb, data, id.ToString(CultureInfo.InvariantCulture));

    private static string Unknown(string verb, string data, string id)
    {
        var error = $"Error: verb not found or not allowed ({verb})";
        return $$"""{"status":"{{error}}","error":"{{error}}","context":"response","data":{{data}},"messageId":{{id}}}""";
    }

    private sealed record ParamlessInput;
}
