using System.Text.Json;
using System.Text.Json.Nodes;
using Polywire.Params;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Params;

public class ActionParamsTests
{
    [Fact]
    public void GivesEachKindOfJsonAsAPlainValue()
    {
        var parameters = Of("""{"s":"é\n","i":42,"d":1.5,"big":1e300,"t":true,"f":false,"n":null,"l":[1],"o":{"a":1}}""");

        parameters["s"].ShouldBe("é\n");
        parameters["i"].ShouldBe(42L);
        parameters["d"].ShouldBe(1.5);
        parameters["big"].ShouldBe(1e300);
        parameters["t"].ShouldBe(true);
        parameters["f"].ShouldBe(false);
        parameters["n"].ShouldBeNull();
        parameters["l"].ShouldBeOfType<JsonElement>().GetArrayLength().ShouldBe(1);
        parameters["o"].ShouldBeOfType<JsonElement>().GetProperty("a").GetInt32().ShouldBe(1);
        parameters["missing"].ShouldBeNull();
    }

    [Theory]
    [InlineData("\"\\ud800\"", "\uFFFD")]
    [InlineData("\"a\\udc00\\ud800b\"", "a\uFFFD\uFFFDb")]
    [InlineData("\"\\ud83d\\ude00\"", "😀")]
    [InlineData("\"\\ud800\\n\\\"\\\\\\/\\b\\f\\r\\t\"", "\uFFFD\n\"\\/\b\f\r\t")]
    public void HalfASurrogatePairBecomesTheReplacementCharacter(string json, string expected)
    {
        Of($$"""{"s":{{json}}}""")["s"].ShouldBe(expected);
    }

    [Theory]
    [InlineData("99999999999999999999", 1e20)]
    [InlineData("-0.0", -0.0)]
    public void NumbersBeyondWholeOnesAreDoubles(string json, double expected)
    {
        Of($$"""{"n":{{json}}}""")["n"].ShouldBe(expected);
    }

    [Fact]
    public void ANumberThatNoDoubleHoldsStaysJson()
    {
        Of("""{"n":1e999}""")["n"].ShouldBeOfType<JsonElement>().GetRawText().ShouldBe("1e999");
    }

    [Fact]
    public void TellsNullFromNotSent()
    {
        var parameters = Of("""{"n":null}""");

        parameters.Contains("n").ShouldBeTrue();
        parameters.Contains("m").ShouldBeFalse();
        parameters.TryGet("n", out var value).ShouldBeTrue();
        value.ShouldBeNull();
    }

    [Fact]
    public void GivesTextOfEveryKind()
    {
        var parameters = Of("""{"s":"x","i":42,"d":1.5,"t":true,"n":null,"o":{"a": 1}}""");
        parameters["when"] = TimeSpan.FromSeconds(1);

        parameters.GetText("s").ShouldBe("x");
        parameters.GetText("i").ShouldBe("42");
        parameters.GetText("d").ShouldBe("1.5");
        parameters.GetText("t").ShouldBe("true");
        parameters.GetText("n").ShouldBeNull();
        parameters.GetText("o").ShouldBe("""{"a": 1}""");
        parameters.GetText("when").ShouldBe("00:00:01");
        parameters.GetText("missing").ShouldBeNull();
    }

    [Fact]
    public void ChangesAreSeenAndTheSetStaysAsItIs()
    {
        var set = Act.Set("""{"a":1,"b":2,"c":3}""");
        var parameters = new ActionParams();
        parameters.Attach(set.Share());

        parameters["a"] = "changed";
        parameters["new"] = null;
        parameters.Remove("b");

        parameters.ToDictionary(pair => pair.Key, pair => pair.Value).ShouldBe(
            new Dictionary<string, object?> { ["c"] = 3L, ["a"] = "changed", ["new"] = null }, ignoreOrder: true);
        parameters.Count.ShouldBe(3);
        parameters.Contains("b").ShouldBeFalse();
        parameters["b"].ShouldBeNull();
        parameters.Reset();
        parameters.Count.ShouldBe(0);
        set.TryFind("b"u8, out var kept).ShouldBeTrue();
        kept.GetText().ShouldBe("2");
        set.Release();
    }

    [Fact]
    public void AFilterHidesWhatIsSentAndWhatIsSet()
    {
        var parameters = Of("""{"a":1,"stranger":2,"action":"x","file":"f"}""");
        parameters["other"] = 3;

        parameters.Reduce(new ParamFilter(["a"], ["safe"]));
        parameters["safe"] = 4;

        parameters.Names.ShouldBe(["a", "action", "file", "safe"]);
        parameters["stranger"].ShouldBeNull();
        parameters["other"].ShouldBeNull();
    }

    [Fact]
    public void WhatWasSetIsFoundForBindingInTheFormThatWasSet()
    {
        var parameters = Of("""{"a":1}""");
        using var document = JsonDocument.Parse("""{"x":[1]}""");
        var values = new (object? Value, ParamKind Kind, string Text)[]
        {
            (null, ParamKind.Json, "null"),
            ("text", ParamKind.Text, "text"),
            (true, ParamKind.Json, "true"),
            (42, ParamKind.Json, "42"),
            (1.5m, ParamKind.Json, "1.5"),
            (0.1, ParamKind.Json, "0.1"),
            (document.RootElement, ParamKind.Json, """{"x":[1]}"""),
            (new JsonArray(1, 2), ParamKind.Json, "[1,2]"),
            (Guid.Empty, ParamKind.Text, "00000000-0000-0000-0000-000000000000"),
            (TimeSpan.FromSeconds(1), ParamKind.Text, "00:00:01"),
            (new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), ParamKind.Text, "2030-01-02T03:04:05.0000000+00:00"),
            (DayOfWeek.Friday, ParamKind.Text, "Friday"),
        };

        foreach (var (value, kind, text) in values)
        {
            parameters["a"] = value;
            parameters.TryFind(new InputDescriptor("a"), out var found).ShouldBeTrue();
            (found.Kind, found.GetText()).ShouldBe((kind, text));
        }

        parameters["a"] = new object();
        Should.Throw<NotSupportedException>(() => parameters.TryFind(new InputDescriptor("a"), out _)).Message.ShouldContain("System.Object");
        parameters.Remove("a");
        parameters.TryFind(new InputDescriptor("a"), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("null", true)]
    [InlineData("\"\"", true)]
    [InlineData("0", true)]
    [InlineData("-0.0e5", true)]
    [InlineData("false", true)]
    [InlineData("\"0\"", false)]
    [InlineData("\"false\"", false)]
    [InlineData("1", false)]
    [InlineData("10", false)]
    [InlineData("true", false)]
    [InlineData("[]", false)]
    [InlineData("{}", false)]
    public void KnowsWhatJavaScriptTakesForFalse(string json, bool falsy)
    {
        var set = Act.Set($$"""{"v":{{json}}}""");

        set.TryFind("v"u8, out var value).ShouldBeTrue();

        value.IsFalsy.ShouldBe(falsy);
        set.Release();
    }

    private static ActionParams Of(string json)
    {
        var parameters = new ActionParams();
        parameters.Attach(Act.Set(json));
        return parameters;
    }
}
