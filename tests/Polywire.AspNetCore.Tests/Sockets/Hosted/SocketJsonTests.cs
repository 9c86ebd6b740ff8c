using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Requests in JSON; docs/protocol/socket.md, 5.</summary>
public sealed class SocketJsonTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    [Fact]
    public async Task ReplacesTheStickyParams_WhereThereAreParams()
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("paramAdd b=2");

        await client.ExpectAsync("""{"action":"needsA","params":{"a":1,"zzz":2}}""", Wire.Answer(2, "\"a\":1"));
        await client.ExpectAsync("paramsView", Wire.Ok(3, """{"a":1,"zzz":2,"action":"needsA"}"""));
        await client.ExpectAsync("""{"action":"needsA","params":{}}""", Wire.Error(4, "a is a required parameter for this action"));
        await client.ExpectAsync("paramsView", Wire.Ok(5, """{"action":"needsA"}"""));
    }

    [Fact]
    public async Task RunsWithTheStickyParams_WhereThereAreNone()
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("paramAdd a=sticky");

        await client.ExpectAsync("""{"action":"needsA"}""", Wire.Answer(2, "\"a\":\"sticky\""));
        await client.ExpectAsync("{}", Wire.Answer(3, "\"a\":\"sticky\""));
        await client.ExpectAsync(" \t{ } \t", Wire.Answer(4, "\"a\":\"sticky\""));
    }

    [Fact]
    public async Task KeepsParamsThatCameWithoutAnAction()
    {
        await using var client = await shared.ConnectAsync();
        await client.ExpectAsync("""{"params":{"a":5}}""", Wire.Error(1, Wire.Unknown));

        await client.ExpectAsync("needsA", Wire.Answer(2, "\"a\":5"));
    }

    [Theory, InlineData("null"), InlineData("7"), InlineData("\"text\""), InlineData("[1,2]"), InlineData("true")]
    public async Task TakesParamsThatAreNoObject_ForNone(string value)
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("paramAdd a=1");

        await client.ExpectAsync($$"""{"action":"needsA","params":{{value}}}""", Wire.Error(2, "a is a required parameter for this action"));
        await client.ExpectAsync("paramsView", Wire.Ok(3, """{"action":"needsA"}"""));
    }

    [Theory, InlineData("[\"randomNumber\"]"), InlineData("{\"a\":1}"), InlineData("5"), InlineData("true")]
    public async Task TakesAnActionThatIsNoText_ForUnknown_AndKeepsTheStickyOne(string action)
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("randomNumber");

        await client.ExpectAsync($$"""{"action":{{action}}}""", Wire.Error(2, Wire.Unknown));
        await client.ExpectAsync("paramsView", Wire.Ok(3, """{"action":"randomNumber"}"""));
    }

    [Theory, InlineData("0"), InlineData("0.0"), InlineData("-0e5"), InlineData("\"\""), InlineData("null"), InlineData("false")]
    public async Task RunsTheStickyAction_WhereTheActionIsFalsy(string action)
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("randomNumber");

        await client.ExpectAsync($$"""{"action":{{action}}}""", Wire.Answer(2, "\"value\":0.5"));
    }

    [Fact]
    public async Task ReadsEscapes_InNamesAndValues()
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync("""{"\u0061ction":"n\u0065edsA","p\u0061rams":{"\u0061":"\u00e9"}}""", Wire.Answer(1, "\"a\":\"é\""));
        await client.ExpectAsync("""{"action":"versioned","params":{"api\u0056ersion":1}}""", Wire.Answer(2, "\"value\":1"));
        await client.ExpectAsync("paramsView", Wire.Ok(3, """{"apiVersion":1,"action":"versioned"}"""));
    }

    [Fact]
    public async Task LetsTheLastOfSeveralKeysCount()
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(
            """{"action":"nope","params":{"a":1},"params":{"a":2,"a":3},"action":"needsA"}""", Wire.Answer(1, "\"a\":3"));
        await client.ExpectAsync("paramsView", Wire.Ok(2, """{"a":3,"action":"needsA"}"""));
    }

    [Theory]
    [InlineData("{"), InlineData("{\"action\":"), InlineData("{\"action\":\"randomNumber\""), InlineData("[1,"), InlineData("\"open")]
    [InlineData("{\"action\":\"randomNumber\"} x"), InlineData("{\"action\":\"randomNumber\"}{}"), InlineData("[] []"), InlineData("\"a\" b")]
    [InlineData("{'action':'randomNumber'}"), InlineData("{\"action\":\"randomNumber\",}"), InlineData("{\"a\":01}"), InlineData("  {x}")]
    [InlineData("{\"a\":\"\t\"}"), InlineData("{\"action\":\"\\x\"}"), InlineData("{\"action\":\"\\u12\"}"), InlineData("{\0}")]
    public async Task RefusesWhatLooksLikeJsonAndIsNone_AndChangesNothing(string line)
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("paramAdd a=1");

        await client.ExpectAsync(line, Wire.Error(2, Wire.NotJson));
        await client.ExpectAsync("paramsView", Wire.Ok(3, """{"a":"1"}"""));
    }

    [Theory, InlineData(100), InlineData(10_000), InlineData(300_000)]
    public async Task RefusesJsonThatIsNestedTooDeep(int depth)
    {
        await using var client = await shared.ConnectAsync();
        var (open, close) = (new string('[', depth), new string(']', depth));

        await client.ExpectAsync($$$"""{"action":"echo","params":{"a":{{{open}}}{{{close}}}}}""", Wire.Error(1, Wire.NotJson));
        await client.ExpectAsync($"{open}{close}", Wire.Error(2, Wire.NotJson));
        await client.ExpectAsync(open, Wire.Error(3, Wire.NotJson));
        await client.ExpectAsync("paramsView", Wire.Ok(4, "{}"));
    }

    [Fact]
    public async Task GivesBackJsonAsDeepAsIsAllowed()
    {
        await using var client = await shared.ConnectAsync();
        var deep = $"{new string('[', 62)}1{new string(']', 62)}";

        await client.ExpectAsync(
            $$$"""{"action":"echo","params":{"a":{{{deep}}},"messageId":{{{deep}}}}}""",
            Wire.Echo(1, $$"""{"a":{{deep}},"messageId":{{deep}},"action":"echo","apiVersion":1}""", deep));
    }

    [Theory]
    [InlineData("123"), InlineData("-1.5e3"), InlineData("0"), InlineData("true"), InlineData("false"), InlineData("null"), InlineData("\"randomNumber\"")]
    [InlineData("[]"), InlineData("[{\"action\":\"randomNumber\"}]"), InlineData(" 123 "), InlineData("\ttrue\t")]
    public async Task DoesNothingForJsonThatIsNoObject(string line)
    {
        await using var client = await shared.ConnectAsync();
        await client.AskAsync("randomNumber");

        await client.ExpectAsync(line, Wire.Error(2, Wire.Unknown));
        await client.ExpectAsync("paramsView", Wire.Ok(3, """{"action":"randomNumber"}"""));
    }

    [Theory, InlineData("123x", "123x"), InlineData("123 456", "123"), InlineData("nullify", "nullify"), InlineData("true false", "true"), InlineData("-", "-")]
    public async Task TakesWhatOnlyBeginsLikeAValue_ForTheNameOfAnAction(string line, string action)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(line, Wire.Error(1, Wire.Unknown));
        await client.ExpectAsync("paramsView", Wire.Ok(2, $$"""{"action":"{{action}}"}"""));
    }

    [Theory, InlineData("__proto__"), InlineData("constructor"), InlineData("toString"), InlineData("hasOwnProperty")]
    public async Task GivesNoMeaningToNamesOfJavaScript(string name)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(name, Wire.Error(1, Wire.Unknown));
        await client.ExpectAsync($$$"""{"action":"{{{name}}}","params":{"apiVersion":"name"}}""", Wire.Error(2, Wire.Unknown));
        await client.ExpectAsync($$$"""{"action":"randomNumber","params":{"apiVersion":"{{{name}}}"}}""", Wire.Error(3, Wire.Unknown));
        await client.ExpectAsync($"roomAdd {name}", Wire.Error(4, "room does not exist"));
        await client.ExpectAsync($"say {name} x", Wire.Error(5, $"connection not in this room ({name})"));
        await client.ExpectAsync($$$$"""{"action":"needsA","params":{"{{{{name}}}}":{"a":1}}}""", Wire.Error(6, "a is a required parameter for this action"));
        await client.ExpectAsync($"paramView {name}", Wire.Ok(7, "{\"a\":1}"));
    }

    [Theory]
    [InlineData("""{"\ud800":1,"action":"needsA","params":{"a":1}}""")]
    [InlineData("""{"\udc00\ud800":1,"action":"needsA","params":{"a":1}}""")]
    [InlineData("""{"a\ud800":1,"m\ud800":1,"p\ud800":2,"action":"needsA","params":{"a":1,"\ud800":2,"x":{"\ud800":"\ud800"}}}""")]
    public async Task BearsNamesWithHalfASurrogatePair(string line)
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(line, Wire.Answer(1, "\"a\":1"));
        (await client.AskJsonAsync("paramsView")).Text("data", "a").ShouldBe("1");
    }

    [Fact]
    public async Task MakesReplacementCharacters_OfHalfASurrogatePair()
    {
        await using var client = await shared.ConnectAsync();
        await client.ExpectAsync("""{"action":"x\ud800"}""", Wire.Error(1, Wire.Unknown));
        var echo = await client.AskJsonAsync(
            """{"action":"echo","params":{"a":"x\ud800y","b":["\udfff",{"\ud800":"\ud800"}],"c":{"k":"\ud83d\ude00\ud83d"}}}""");

        echo.Text("params", "a").ShouldBe("x\ufffdy");
        echo.GetProperty("params").GetProperty("b")[0].GetString().ShouldBe("\ufffd");
        echo.Text("params", "b").ShouldBe("[\"\ufffd\",{\"\ufffd\":\"\ufffd\"}]");
        echo.Text("params", "c", "k").ShouldBe("😀\ufffd");
        (await client.AskJsonAsync("""{"action":"randomNumber","params":{"messageId":"\ud800"}}""")).GetProperty("messageId").GetRawText().ShouldBe("\"\\ufffd\"");
        (await client.AskJsonAsync("""{"action":"pair","params":{"key":"k","value":"\ud800"}}""")).Text("value").ShouldBe("\ufffd");
    }

    [Fact]
    public async Task GivesBackNumbersAsTheyAre()
    {
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync(
            """{"action":"pair","params":{"key":12345678901,"value":-0.25}}""", Wire.Answer(1, "\"key\":12345678901,\"value\":-0.25"));
        (await client.AskJsonAsync("""{"action":"pair","params":{"key":1e999,"value":1}}""")).Text("context").ShouldBe("response");
    }
}
