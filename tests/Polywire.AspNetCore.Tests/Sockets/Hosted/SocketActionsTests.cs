using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Actions on the socket: checks, order, limits, answers; docs/protocol/socket.md, 5 and 10.</summary>
public sealed class SocketActionsTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    [Theory]
    [InlineData("randomNumber", "\"value\":0.5")]
    [InlineData("randomNumber foo bar", "\"value\":0.5")]
    [InlineData(" randomNumber", "\"value\":0.5")]
    [InlineData("handmade", "\"value\":7")]
    [InlineData("versioned", "\"value\":2")]
    [InlineData("""{"action":"versioned","params":{"apiVersion":1}}""", "\"value\":1")]
    [InlineData("""{"action":"versioned","params":{"apiVersion":"1"}}""", "\"value\":1")]
    [InlineData("socketOnly", "\"value\":4")]
    [InlineData("text", "\"response\":\"hello\"")]
    [InlineData("list", "\"response\":[\"a\",\"b\"]")]
    [InlineData("throwValue", "\"error\":{\"code\":42}")]
    [InlineData("""{"action":"nested","params":{"nested":{"x":"1","z":3}}}""", "\"nested\":{\"x\":\"1\"}")]
    public async Task Answers(string line, string members)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(line, Wire.Answer(1, members));
    }

    [Theory]
    [InlineData("nope", Wire.Unknown)]
    [InlineData("RANDOMNUMBER", Wire.Unknown)]
    [InlineData("   ", Wire.Unknown)]
    [InlineData("""{"action":"versioned","params":{"apiVersion":9}}""", Wire.Unknown)]
    [InlineData("webOnly", "this action does not support the socket connection type")]
    [InlineData("pair", "key is a required parameter for this action")]
    [InlineData("""{"action":"pair","params":{"key":"","value":1}}""", "key is a required parameter for this action")]
    [InlineData("""{"action":"pair","params":{"key":1,"value":null}}""", "value is a required parameter for this action")]
    [InlineData("""{"action":"nested","params":{"nested":{"y":2}}}""", "nested.x is a required parameter for this action")]
    [InlineData("""{"action":"upper","params":{"string":"abc"}}""", "Input for parameter \"string\" failed validation!")]
    [InlineData("""{"action":"worded","params":{"string":"abc"}}""", "not like that")]
    [InlineData("throwError", "an error")]
    public async Task Refuses(string line, string error)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(line, Wire.Error(1, error));
        await client.ExpectAsync("paramView nothing", Wire.Ok(2));
    }

    [Fact]
    public async Task ARunFindsNothingOfTheFlowOfTheOneBefore()
    {
        await using var client = await shared.ConnectAsync();

        await client.SendAsync("setsItsFlow\ntellsItsFlow\n");

        (await client.ReadJsonAsync()).Text("response").ShouldBe("set");
        (await client.ReadJsonAsync()).Text("response").ShouldBe("nothing");
    }

    [Fact]
    public async Task HidesTheWordsOfAnUnexpectedException_AndLogsThem()
    {
        await using var host = await SocketHost.StartAsync();
        host.ExpectedErrors = entry => entry.Exception is InvalidOperationException;
        await using var client = await host.ConnectAsync();
        var error = (await client.AskJsonAsync("throwUnexpected")).Text("error");

        error.ShouldStartWith("internal error");
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Exception != null && entry.Exception.Message == "secret words");
    }

    [Fact]
    public async Task DoesNotMakeTheNewestVersionStick()
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("versioned");

        await client.ExpectAsync("paramsView", Wire.Ok(2, """{"action":"versioned"}"""));
        await client.AskAsync("paramAdd apiVersion=1");
        await client.ExpectAsync("versioned", Wire.Answer(4, "\"value\":1"));
    }

    [Fact]
    public async Task GivesAnActionItsOwnInputsAndTheSafeOnesOnly()
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(
            """{"action":"echo","params":{"a":1,"zzz":2,"string":3,"file":"f","messageId":"m"}}""",
            Wire.Echo(1, """{"a":1,"file":"f","messageId":"m","action":"echo","apiVersion":1}""", "\"m\""));
        await client.ExpectAsync("paramView zzz", Wire.Ok(2, "2", "\"m\""));
    }

    [Fact]
    public async Task AnswersAsTheyEnd_NotAsTheyBegan()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("""
            {"action":"wait","params":{"gate":"slow","messageId":"slow"}}
            {"action":"wait","params":{"gate":"fast","messageId":"fast"}}
            detailsView

            """);
        var details = await client.ReadJsonAsync();
        details.Text("data", "pendingActions").ShouldBe("2");
        details.Text("data", "totalActions").ShouldBe("2");
        shared.Host.Gate("fast").Open();
        await client.ExpectAsync(Wire.Answer(2, "\"gate\":\"fast\"", "\"fast\""));
        shared.Host.Gate("slow").Open();

        await client.ExpectAsync(Wire.Answer(1, "\"gate\":\"slow\"", "\"slow\""));
        (await client.AskJsonAsync("detailsView")).Text("data", "pendingActions").ShouldBe("0");
    }

    [Fact]
    public async Task GivesEachRunTheParamsOfItsMoment()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramAdd a=1\nneedsA\nparamAdd a=2\nneedsA\nparamsDelete\nneedsA\n");

        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync(Wire.Answer(2, "\"a\":\"1\""));
        await client.ExpectAsync(Wire.Ok(3));
        await client.ExpectAsync(Wire.Answer(4, "\"a\":\"2\""));
        await client.ExpectAsync(Wire.Ok(5));
        await client.ExpectAsync(Wire.Error(6, "a is a required parameter for this action"));
    }

    [Fact]
    public async Task RefusesOneMoreThanTheLimit_AtOnce()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Range(1, 6).Select(i => $$$"""{"action":"wait","params":{"gate":"limit-{{{i}}}"}}""" + "\n")));
        await client.ExpectAsync(Wire.Error(6, "you have too many pending requests"));
        (await client.AskJsonAsync("detailsView")).Text("data", "totalActions").ShouldBe("6");
        await client.ExpectAsync("randomNumber", Wire.Error(8, "you have too many pending requests"));
        shared.Host.Gate("limit-3").Open();
        await client.ExpectAsync(Wire.Answer(3, "\"gate\":\"limit-3\""));

        await client.ExpectAsync("randomNumber", Wire.Answer(9, "\"value\":0.5"));
        foreach (var i in (int[])[1, 2, 4, 5])
        {
            shared.Host.Gate($"limit-{i}").Open();
            await client.ExpectAsync(Wire.Answer(i, $"\"gate\":\"limit-{i}\""));
        }
    }

    [Fact]
    public async Task AnswersNothing_WhereNothingIsToBeRendered()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("silent\nrandomNumber\n");

        await client.ExpectAsync(Wire.Answer(2, "\"value\":0.5"));
        (await client.AskJsonAsync("detailsView")).Text("data", "pendingActions").ShouldBe("0");
    }

    [Fact]
    public async Task PushesAMessageAsItIs_BeforeTheAnswer()
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync("""{"action":"push","params":{"message":"psst"}}""", """{"message":"psst","context":"alert"}""");
        await client.ExpectAsync(Wire.Answer(1, "\"ok\":true"));
    }

    [Fact]
    public async Task TimesOutARunThatTakesTooLong()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.ActionTimeout = TimeSpan.FromMilliseconds(20));
        await using var client = await host.ConnectAsync();

        await client.ExpectAsync("""{"action":"wait","params":{"gate":"late","messageId":"m"}}""", Wire.Error(1, "the action timed out", "\"m\""));
        await host.Gate("late").Cancelled.WithinLimit();
        (await client.AskJsonAsync("detailsView")).Text("data", "pendingActions").ShouldBe("0");
    }
}
