using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>The verbs on params, and <c>detailsView</c> and <c>documentation</c>; docs/protocol/socket.md, 6 and 11.</summary>
public sealed class SocketParamsTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    [Theory]
    [InlineData("paramAdd key=v", "\"v\"")]
    [InlineData("paramAdd key v", "\"v\"")]
    [InlineData("paramAdd key=a=b=c", "\"a=b=c\"")]
    [InlineData("paramAdd key=hello there  world", "\"hello there  world\"")]
    [InlineData("paramAdd key hello there  world", "\"hello there  world\"")]
    [InlineData("paramAdd key a=b", "\"a=b\"")]
    [InlineData("paramAdd key=", "\"\"")]
    [InlineData("paramAdd key= ", "\" \"")]
    [InlineData("paramAdd key ", "\"\"")]
    [InlineData("paramAdd key", "null")]
    [InlineData("paramAdd  key=v", "\"v\"")]
    [InlineData("paramAdd key={\"a\":1}", "\"{\\\"a\\\":1}\"")]
    [InlineData("paramAdd key==", "\"=\"")]
    [InlineData("paramAdd key true", "\"true\"")]
    [InlineData("paramAdd", "\"before\"")]
    [InlineData("paramAdd =v", "\"before\"")]
    [InlineData("paramAdd Key=v", "\"before\"")]
    public async Task LosesNothingOfAValue(string line, string data)
    {
        await using var client = await shared.ConnectAsync();
        await client.ExpectAsync("paramAdd key=before", Wire.Ok(1));

        await client.ExpectAsync(line, Wire.Ok(2));
        await client.ExpectAsync("paramView key", Wire.Ok(3, data));
    }

    [Fact]
    public async Task KeepsOnlyNamesThatSomeActionKnows_AndTheSafeOnes()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramAdd notKnown=1\nparamAdd file=1\nparamAdd apiVersion=1\nparamAdd callback=1\nparamAdd action=a\nparamAdd string=1\n");
        for (var i = 1; i <= 6; i++)
        {
            await client.ExpectAsync(Wire.Ok(i));
        }

        await client.ExpectAsync("paramsView", Wire.Ok(7, """{"file":"1","apiVersion":"1","callback":"1","action":"a","string":"1"}"""));
    }

    [Fact]
    public async Task KeepsEveryName_WithoutScrubbing()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.DisableParamScrubbing = true);
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("paramAdd whatever=1", Wire.Ok(1));

        await client.ExpectAsync("paramsView", Wire.Ok(2, """{"whatever":"1"}"""));
        await client.ExpectAsync(
            """{"action":"echo","params":{"zzz":1}}""", Wire.Echo(3, """{"zzz":1,"action":"echo","apiVersion":1}"""));
    }

    [Fact]
    public async Task RemovesOneAndAll()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramAdd key=1\nparamAdd value=2\nparamDelete key\nparamDelete nothing\nparamDelete\n");
        for (var i = 1; i <= 5; i++)
        {
            await client.ExpectAsync(Wire.Ok(i));
        }

        await client.ExpectAsync("paramsView", Wire.Ok(6, """{"value":"2"}"""));
        await client.ExpectAsync("paramView", Wire.Ok(7));
        await client.ExpectAsync("paramView key", Wire.Ok(8));
        await client.ExpectAsync("paramsDelete", Wire.Ok(9));
        await client.ExpectAsync("paramsView", Wire.Ok(10, "{}"));
    }

    [Fact]
    public async Task RemovesActionAndMessageIdToo()
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("""{"action":"randomNumber","params":{"messageId":"m"}}""");
        await client.ExpectAsync("paramsDelete", Wire.Ok(2, id: "\"m\""));

        await client.ExpectAsync("paramsView", Wire.Ok(3, "{}"));
        await client.ExpectAsync("{}", Wire.Error(4, Wire.Unknown));
    }

    [Theory, InlineData("1.5"), InlineData("{\"x\":[1,\"y\"]}"), InlineData("null"), InlineData("[]"), InlineData("\"é\\n\"")]
    public async Task ShowsValuesAsTheyCame(string value)
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync($$$"""{"action":"randomNumber","params":{"a":{{{value}}}}}""");

        await client.ExpectAsync("paramView a", Wire.Ok(2, value));
        await client.ExpectAsync("paramsView", Wire.Ok(3, $$"""{"a":{{value}},"action":"randomNumber"}"""));
    }

    [Fact]
    public async Task SetsOneParamThousandsOfTimes_WithinTheMemoryOfAFew()
    {
        await using var client = await shared.ConnectAsync();
        for (var round = 0; round < 20; round++)
        {
            await client.SendAsync(string.Concat(Enumerable.Range(0, 500).Select(i => $"paramAdd key={new string('x', (i * 37) % 300)}{i}\n")));
            for (var i = 0; i < 500; i++)
            {
                await client.ReadLineAsync();
            }
        }

        (await client.AskJsonAsync("paramView key")).Text("data").ShouldEndWith("499");
    }

    [Fact]
    public async Task ChangesOneOfHundredsOfThousandsOfParams_InReasonableTime()
    {
        await using var client = await shared.ConnectAsync();
        var many = string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"n{i}\":1"));
        await client.ExpectAsync($$$"""{"params":{"messageId":"m",{{{many}}}}}""", Wire.Error(1, Wire.Unknown, "\"m\""));

        // The id's share of the params makes each change begin with a copy of them.
        await client.ExpectAsync("paramAdd key=1", Wire.Ok(2, id: "\"m\""));
        await client.ExpectAsync("randomNumber", Wire.Answer(3, "\"value\":0.5", "\"m\""));
        await client.ExpectAsync("paramView key", Wire.Ok(4, "\"1\"", "\"m\""));
        await client.ExpectAsync("paramView n299999", Wire.Ok(5, "1", "\"m\""));
    }

    [Theory, InlineData("PARAMSVIEW"), InlineData("addParam"), InlineData("viewParam"), InlineData("setParam"), InlineData("Quit")]
    public async Task KnowsVerbsWithCaseOnly(string line)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(line, Wire.Error(1, Wire.Unknown));
    }

    [Theory, InlineData("detailsView"), InlineData("quit"), InlineData("paramsView"), InlineData("file")]
    public async Task KnowsNoVerbsInJson(string verb)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync($$"""{"action":"{{verb}}"}""", Wire.Error(1, Wire.Unknown));
    }

    [Fact]
    public async Task TellsTheDetailsOfTheConnection()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramAdd a=1\nneedsA\nnope\nroomAdd anotherRoom\nroomAdd defaultRoom\n");
        for (var i = 0; i < 5; i++)
        {
            await client.ReadLineAsync();
        }

        var line = await client.AskAsync("detailsView");
        var data = System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("data");

        Guid.TryParse(data.Text("id"), out _).ShouldBeTrue();
        var port = ((System.Net.IPEndPoint)client.LocalEndPoint).Port;
        var at = data.GetProperty("connectedAt").GetInt64();
        line.ShouldBe(Wire.Ok(6, $$"""{"id":"{{data.Text("id")}}","fingerprint":"{{data.Text("id")}}","remoteIP":"127.0.0.1","remotePort":{{port}},"params":{"a":"1","action":"nope"},"connectedAt":{{at}},"rooms":["anotherRoom","defaultRoom"],"totalActions":2,"pendingActions":0}"""));
        (TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at)).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Documents_EveryVersionOfEveryAction()
    {
        await using var client = await shared.ConnectAsync();
        var answer = await client.AskJsonAsync("documentation");

        answer.Text("status").ShouldBe("OK");
        answer.Text("data", "pair", "1", "name").ShouldBe("pair");
        answer.Text("data", "pair", "1", "version").ShouldBe("1");
        answer.Text("data", "pair", "1", "inputs", "key", "required").ShouldBe("true");
        answer.Text("data", "versioned", "1", "version").ShouldBe("1");
        answer.Text("data", "versioned", "2", "version").ShouldBe("2");
    }
}
