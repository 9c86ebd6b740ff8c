using System.Text;
using System.Text.Json;
using Polywire.Diagnostics;
using Polywire.Params;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Diagnostics;

/// <summary>core.md L-2: the params of a log line, whatever a client sends.</summary>
public class ParamsLineTests
{
    private static readonly string[] WellKnown =
    [
        "password", "passwd", "pwd", "passphrase", "pin", "secret", "clientSecret", "token", "accessToken", "refreshToken", "idToken", "apiKey",
        "authorization", "cookie", "creditCard", "cardNumber", "cvc", "cvv",
    ];

    public static TheoryData<string> Hidden { get; } = [.. HiddenCharacters().Select(rune => $"{rune.Value:x4}")];

    public static TheoryData<string> SecretSpellings { get; } =
    [
        .. WellKnown.SelectMany(name => (string[])[name, name.ToUpperInvariant(), Snake(name), Snake(name).Replace('_', '-'), $"_{name}_", $"user[{name}]", $"user[a][{name}][]", $"user.{name}"]),
    ];

    [Theory, MemberData(nameof(Hidden))]
    public void NothingHiddenReachesTheLog_InNamesAndValuesOnEveryLevel(string hex)
    {
        var text = new Rune(int.Parse(hex, System.Globalization.NumberStyles.HexNumber, null)).ToString();
        var raw = JsonSerializer.Serialize(text);
        var unescaped = text[0] is < ' ' or '"' or '\\' ? raw[1..^1] : text;
        foreach (var sent in (string[])[raw[1..^1], unescaped])
        {
            foreach (var json in (string[])
            [
                $$"""{"a":"{{sent}}"}""", $$"""{"{{sent}}":"a"}""", $$"""{"a":["{{sent}}31m"]}""", """{"a":{"SENT":[{"SENT":"xSENT"}]}}""".Replace("SENT", sent),
            ])
            {
                var line = Write(json);

                line.EnumerateRunes().ShouldNotContain(rune => LogText.IsHidden(rune), json);
                JsonElement.DeepEquals(JsonDocument.Parse(line).RootElement, JsonDocument.Parse(json).RootElement).ShouldBeTrue(json);
            }
        }

        LogText.OneLine($"a{text}b", 100).EnumerateRunes().ShouldNotContain(rune => LogText.IsHidden(rune));
        WriteText("a", $"x{text}y").EnumerateRunes().ShouldNotContain(rune => LogText.IsHidden(rune));
        WriteText($"x{text}y", "a").EnumerateRunes().ShouldNotContain(rune => LogText.IsHidden(rune));
    }

    [Theory]
    [InlineData("""{"a":"é €  😀 ~"}""", """{"a":"é €  😀 ~"}""")]
    [InlineData("""{"a":"\u00e9\ud83d\ude00\/\"\\\n\t\r\b\f"}""", """{"a":"é😀/\"\\\n\t\r\u0008\u000c"}""")]
    [InlineData("""{"a":"\ud83dx"}""", """{"a":"�x"}""")]
    [InlineData("""{ "a" : [ 1 , { "b" : null } , true , -1.5e3 ] }""", """{"a":[1,{"b":null},true,-1.5e3]}""")]
    [InlineData("""{"a":{},"b":[],"c":""}""", """{"a":{},"b":[],"c":""}""")]
    [InlineData("""{"a":[1,2,3,4,5,6,7,8,9,10]}""", """{"a":[1,2,3,4,5,6,7,8,9,10]}""")]
    [InlineData("""{"a":[1,2,3,4,5,6,7,8,9,10,11]}""", """{"a":"11 items"}""")]
    [InlineData("""{"a":{"b":[[1,2,3,4,5,6,7,8,9,10,[11]],2]}}""", """{"a":{"b":["11 items",2]}}""")]
    public void WhatIsSentIsShown(string sent, string line) => Write(sent).ShouldBe(line);

    [Fact]
    public void OfALongNameTheEndCounts()
    {
        var x = new string('x', 200);

        Write($$"""{"{{x}}[password]":"a"}""").ShouldBe($$"""{"{{x[..100]}}":"[FILTERED]"}""");
        Write($$"""{"{{x}}[key]":"a"}""").ShouldBe($$"""{"{{x[..100]}}":"a"}""");
    }

    [Fact]
    public void TextsNumbersAndNamesAreCut_OnEveryLevel()
    {
        var x = new string('x', 300_000);
        var digits = new string('9', 300_000);

        Write($$"""{"a":["{{x}}",{"b":"{{x}}"}]}""").ShouldBe($$"""{"a":["{{x[..100]}}",{"b":"{{x[..100]}}"}]}""");
        Write($$"""{"a":{{digits}},"b":[-{{digits}}]}""").ShouldBe($$"""{"a":"{{digits[..100]}}","b":["-{{digits[..99]}}"]}""");
        Write("""{"XX":1,"a":{"XX":2}}""".Replace("XX", x)).ShouldBe("""{"XX":1,"a":{"XX":2}}""".Replace("XX", x[..100]));
        Write($$"""{"a":"{{string.Concat(Enumerable.Repeat("\\u009b", 50_000))}}"}""").Length.ShouldBe(8 + (6 * 100));
    }

    [Theory]
    [InlineData(20_000, 0)]
    [InlineData(0, 20_000)]
    public void TheWholeIsBounded(int names, int members)
    {
        var json = names > 0
            ? $"{{{string.Join(',', Enumerable.Range(0, names).Select(i => $"\"name{i}\":{i}"))}}}"
            : $"{{\"a\":{{{string.Join(',', Enumerable.Range(0, members).Select(i => $"\"name{i}\":[{{\"x\":\"{new string('y', 90)}\"}}]"))}}}}}";

        var line = Write(json);

        line.Length.ShouldBeLessThan(4096 + 300);
        JsonDocument.Parse(line).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
        line.ShouldEndWith(names > 0 ? " more\"}" : "\"...\":\"more\"}}");
    }

    [Fact]
    public void DeepAndLargeIsBoundedToo_AndQuick()
    {
        var inner = string.Join(',', Enumerable.Repeat("\"xxxxxxxxxxxxxxxxxxxx\"", 200_000));
        var json = $"{{\"a\":{new string('[', 60)}{inner}{new string(']', 60)}}}";

        var line = Write(json);

        line.ShouldBe($"{{\"a\":{new string('[', 59)}\"200000 items\"{new string(']', 59)}}}");
    }

    [Theory, MemberData(nameof(SecretSpellings))]
    public void NamesThatEverybodyKnowsAreFiltered_OnEveryLevel(string name)
    {
        Write($$"""{"{{name}}":"HIDDEN","a":1}""").ShouldBe($$"""{"{{name}}":"[FILTERED]","a":1}""");
        Write("""{"a":[{"b":{"NAME":["HIDDEN"]}}]}""".Replace("NAME", name)).ShouldBe("""{"a":[{"b":{"NAME":"[FILTERED]"}}]}""".Replace("NAME", name));
        Write("""{"a":"{\"b\":{\"NAME\":\"HIDDEN\"}}"}""".Replace("NAME", name)).ShouldBe("""{"a":"[FILTERED]"}""");
        WriteText(name, "HIDDEN").ShouldBe($$"""{"{{name}}":"[FILTERED]"}""");
        WriteText("a", $$"""[{"{{name}}":"HIDDEN"}""").ShouldBe("""{"a":"[FILTERED]"}""");
        WriteText($$"""{"{{name}}":"HIDDEN"}""", "").ShouldBe("""{"[FILTERED]":""}""");
        Write($$"""{"{{name}}":"shown"}""", new PolywireOptions { FilterWellKnownNames = false }).ShouldContain("shown");
    }

    [Theory]
    [InlineData("""{"p\u0061ssword":"HIDDEN","a":{"p\u0061ssword":"HIDDEN"}}""", """{"password":"[FILTERED]","a":{"password":"[FILTERED]"}}""")]
    [InlineData("""{"password":null,"PIN":{"a":1},"cvc":[1,2]}""", """{"password":"[FILTERED]","PIN":"[FILTERED]","cvc":"[FILTERED]"}""")]
    public void TheNameCounts_HoweverItIsWritten(string sent, string line) => Write(sent).ShouldBe(line);

    [Theory]
    [InlineData("passwords"), InlineData("pinned"), InlineData("tokens"), InlineData("myPassword"), InlineData("secretary"), InlineData("spin"), InlineData("cookies")]
    public void OtherNamesAreShown(string name) => Write($$"""{"{{name}}":"shown"}""").ShouldContain("shown");

    private static IEnumerable<Rune> HiddenCharacters() =>
    [
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Concat([0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029]).Concat(Enumerable.Range(0x202a, 5))
            .Concat(Enumerable.Range(0x2066, 4)).Concat([0xfeff, 0xe0001, 0xe0041]).Select(value => new Rune(value)),
    ];

    private static string Snake(string name) => string.Concat(name.Select(c => char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}"));

    private static string Write(string json, PolywireOptions? options = null)
    {
        var set = Act.Set(json);
        try
        {
            return new ParamsLine(options ?? new PolywireOptions()).Write(set, [], []);
        }
        finally
        {
            set.Release();
        }
    }

    private static string WriteText(string name, string value)
    {
        var set = ParamSet.Rent();
        try
        {
            set.AddLast(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), ParamKind.Text);
            return new ParamsLine(new PolywireOptions()).Write(set, [], []);
        }
        finally
        {
            set.Release();
        }
    }
}
