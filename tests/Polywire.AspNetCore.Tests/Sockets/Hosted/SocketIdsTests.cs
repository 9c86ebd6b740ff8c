using Polywire.TestSupport;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>How answers find their requests; docs/protocol/socket.md, 7.</summary>
public sealed class SocketIdsTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    private const string Half = "\"value\":0.5";

    [Fact]
    public async Task CountsEveryLineThatIsNotEmpty()
    {
        shared.Host.Folder.Write("public/counted.txt", "bytes");
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("randomNumber\n\r\n\nnope\n{\"broken\nparamAdd key=1\nroomAdd defaultRoom\nfile counted.txt\nfile missing\n");
        await client.ExpectAsync(Wire.Answer(1, Half));
        await client.ExpectAsync(Wire.Error(2, Wire.Unknown));
        await client.ExpectAsync(Wire.Error(3, Wire.NotJson));
        await client.ExpectAsync(Wire.Ok(4));
        await client.ExpectAsync(Wire.Ok(5, "true"));
        await client.ReadBytesAsync(5);
        await client.ExpectAsync(Wire.Error(7, "That file is not found"));

        await client.ExpectAsync("randomNumber", Wire.Answer(8, Half));
    }

    [Theory]
    [InlineData("\"abc\"", "\"abc\""), InlineData("7", "7"), InlineData("0", "0"), InlineData("-1.50", "-1.50"), InlineData("false", "false")]
    [InlineData("{\"a\":[1,\"x\"]}", "{\"a\":[1,\"x\"]}"), InlineData("[]", "[]"), InlineData("\"\\u00e9\"", "\"\\u00e9\"")]
    [InlineData("null", null), InlineData("\"\"", null)]
    public async Task GivesBackTheIdOfARequest_AsItWasSent(string id, string? back)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync($$$"""{"action":"randomNumber","params":{"messageId":{{{id}}}}}""", Wire.Answer(1, Half, back));
        await client.ExpectAsync("randomNumber", Wire.Answer(2, Half, back));
        await client.ExpectAsync("paramsView", Wire.Ok(3, $$"""{"messageId":{{id}},"action":"randomNumber"}""", back));
        await client.ExpectAsync("""{"action":"nope"}""", Wire.Error(4, Wire.Unknown, back));
        await client.ExpectAsync($$"""{"action":"randomNumber","messageId":{{id}}}""", Wire.Answer(5, Half, back));
    }

    [Fact]
    public async Task PrefersParams_ThenTheTop_ThenWhatSticks()
    {
        await using var client = await shared.ConnectAsync();
        await client.ExpectAsync("paramAdd messageId=sticky", Wire.Ok(1));

        await client.ExpectAsync("""{"messageId":"top","action":"randomNumber"}""", Wire.Answer(2, Half, "\"top\""));
        await client.ExpectAsync("randomNumber", Wire.Answer(3, Half, "\"sticky\""));
        await client.ExpectAsync("""{"messageId":"top","action":"randomNumber","params":{"messageId":"inner"}}""", Wire.Answer(4, Half, "\"inner\""));
        await client.ExpectAsync("""{"messageId":null,"action":"randomNumber","params":{"messageId":null}}""", Wire.Answer(5, Half, "\"inner\""));
        await client.ExpectAsync("randomNumber", Wire.Answer(6, Half));
    }

    [Fact]
    public async Task TakesTheId_BeforeTheLineTakesEffect()
    {
        await using var client = await shared.ConnectAsync();
        await client.ExpectAsync("paramAdd messageId=first", Wire.Ok(1));
        await client.ExpectAsync("paramAdd messageId=second", Wire.Ok(2, id: "\"first\""));
        await client.ExpectAsync("""{"action":"randomNumber","params":{"a":1}}""", Wire.Answer(3, Half, "\"second\""));
        await client.ExpectAsync("randomNumber", Wire.Answer(4, Half));
        await client.ExpectAsync("paramAdd messageId=third", Wire.Ok(5));
        await client.ExpectAsync("paramDelete messageId", Wire.Ok(6, id: "\"third\""));
        await client.ExpectAsync("paramAdd messageId=fourth", Wire.Ok(7));
        await client.ExpectAsync("paramsDelete", Wire.Ok(8, id: "\"fourth\""));
        await client.ExpectAsync("paramsView", Wire.Ok(9, "{}"));
    }

    [Fact]
    public async Task TakesTheStickyIdForBrokenJsonToo()
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("paramAdd messageId=m");

        await client.ExpectAsync("""{"params":{"messageId":"x"}""", Wire.Error(2, Wire.NotJson, "\"m\""));
        await client.ExpectAsync("123", Wire.Error(3, Wire.Unknown, "\"m\""));
    }

    [Fact]
    public async Task CarriesTheIdWithTheRequest_WhateverComesAfterIt()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync(
            """
            {"action":"wait","params":{"gate":"ids-1","messageId":{"a":"first"}}}
            paramAdd messageId=second
            {"action":"wait","params":{"gate":"ids-2"}}
            paramsDelete
            {"action":"wait","params":{"gate":"ids-3"}}

            """);
        await client.ExpectAsync(Wire.Ok(2, id: """{"a":"first"}"""));
        await client.ExpectAsync(Wire.Ok(4));
        foreach (var (gate, count, id) in ((string, int, string)[])[("ids-3", 5, "5"), ("ids-1", 1, """{"a":"first"}"""), ("ids-2", 3, "\"second\"")])
        {
            await shared.Host.Gate(gate).Entered.WithinLimit();
            shared.Host.Gate(gate).Open();
            await client.ExpectAsync(Wire.Answer(count, $"\"gate\":\"{gate}\"", id));
        }
    }

    [Fact]
    public async Task LetsTheProtocolsNamesWin()
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync("names", Wire.Answer(1, "\"own\":\"mine\""));
    }

    [Fact]
    public async Task SuitsBothGenerationsOfClients_InOnePacket()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramAdd messageId=id-1\r\nrandomNumber\r\nparamAdd messageId=id-2\r\n{\"action\":\"pair\",\"params\":{\"key\":\"k\"}}\r\nparamAdd messageId=id-3\r\nroomView nope\r\n");

        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync(Wire.Answer(2, Half, "\"id-1\""));
        await client.ExpectAsync(Wire.Ok(3, id: "\"id-1\""));
        await client.ExpectAsync(Wire.Error(4, "value is a required parameter for this action", "\"id-2\""));
        await client.ExpectAsync(Wire.Ok(5));
        await client.ExpectAsync(Wire.Error(6, "connection not in this room (nope)", "\"id-3\""));
    }
}
