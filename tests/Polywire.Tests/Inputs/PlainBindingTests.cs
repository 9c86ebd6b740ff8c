using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polywire.Binding;
using Polywire.Params;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

public sealed class PlainBindingTests
{
    private const string Refused = "refused";

    private static readonly InputDescriptor[] Descriptors = GeneratedInputs.Polywire_Tests_Inputs_PlainAction_Input;
    private static readonly InputBinder<PlainAction.Input> Bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_PlainAction_Input;

    public static TheoryData<string, string, string?> Texts => new()
    {
        { "text", "", "" },
        { "text", "ab c", "ab c" },
        { "text", "null", "null" },
        { "text", "{\"a\":1}", "{\"a\":1}" },
        { "text", "grün\u2028", "grün\u2028" },
        { "flag", "true", "True" },
        { "flag", "TRUE", "True" },
        { "flag", "1", "True" },
        { "flag", "false", "False" },
        { "flag", "0", "False" },
        { "flag", "", null },
        { "flag", "2", Refused },
        { "flag", "yes", Refused },
        { "letter", "x", "x" },
        { "letter", "ü", "ü" },
        { "letter", "xy", Refused },
        { "letter", "😀", Refused },
        { "i8", "-128", "-128" },
        { "i8", "128", Refused },
        { "u8", "255", "255" },
        { "u8", "-1", Refused },
        { "i16", "-32768", "-32768" },
        { "u16", "65536", Refused },
        { "i32", "+5", "5" },
        { "i32", "-2147483648", "-2147483648" },
        { "i32", "2147483648", Refused },
        { "i32", " 5", Refused },
        { "i32", "5 ", Refused },
        { "i32", "5\0", Refused },
        { "i32", "5.0", Refused },
        { "i32", "1,000", Refused },
        { "i32", "0x10", Refused },
        { "i32", "abc", Refused },
        { "i32", "", null },
        { "u32", "4294967295", "4294967295" },
        { "i64", "9223372036854775807", "9223372036854775807" },
        { "i64", "9223372036854775808", Refused },
        { "u64", "18446744073709551615", "18446744073709551615" },
        { "i128", "170141183460469231731687303715884105727", "170141183460469231731687303715884105727" },
        { "f16", "1.5", "1.5" },
        { "f16", "1e9", Refused },
        { "f32", "1.5", "1.5" },
        { "f64", "1.5e3", "1500" },
        { "f64", "-.5", "-0.5" },
        { "f64", "NaN", Refused },
        { "f64", "Infinity", Refused },
        { "f64", "1e999", Refused },
        { "f64", "1,5", Refused },
        { "money", "0.10", "0.10" },
        { "money", "1e2", "100" },
        { "money", "79228162514264337593543950336", Refused },
        { "id", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "6f9619ff-8b86-d011-b42d-00c04fc964ff" },
        { "id", "6f9619ff", Refused },
        { "at", "2026-01-31T10:20:30Z", "2026-01-31T10:20:30.0000000+00:00" },
        { "at", "2026-01-31T10:20:30+02:00", "2026-01-31T10:20:30.0000000+02:00" },
        { "at", "2026-01-31T10:20:30", "2026-01-31T10:20:30.0000000+00:00" },
        { "at", "2026-01-31", "2026-01-31T00:00:00.0000000+00:00" },
        { "at", "1000", "1970-01-01T00:00:01.0000000+00:00" },
        { "at", "-1000", "1969-12-31T23:59:59.0000000+00:00" },
        { "at", "99999999999999999", Refused },
        { "at", "01/31/2026", Refused },
        { "at", "2026-13-01", Refused },
        { "at", "2026-01-31\"", Refused },
        { "when", "2026-01-31T10:20:30+02:00", "2026-01-31T08:20:30.0000000Z" },
        { "when", "2026-01-31T10:20:30", "2026-01-31T10:20:30.0000000" },
        { "when", "0", "1970-01-01T00:00:00.0000000Z" },
        { "day", "2026-01-31", "2026-01-31" },
        { "day", "2026-1-31", Refused },
        { "time", "23:59", "23:59:00.0000000" },
        { "time", "23:59:58.5", "23:59:58.5000000" },
        { "time", "24:00", Refused },
        { "span", "00:00:10", "00:00:10" },
        { "span", "1.02:03:04.5", "1.02:03:04.5000000" },
        { "span", "5", Refused },
        { "link", "https://polywire.example/a?b", "https://polywire.example/a?b" },
        { "link", "a/b", "a/b" },
        { "link", "", null },
        { "data", "AQID", "1,2,3" },
        { "data", "AQI", Refused },
        { "data", "!", Refused },
        { "colour", "Red", "Red" },
        { "colour", "DARKgreen", "DarkGreen" },
        { "colour", "Größe", "Größe" },
        { "colour", "0", Refused },
        { "colour", "Blue", Refused },
        { "colour", "Red,DarkGreen", Refused },
        { "release", "1.2.3", "1.2.3" },
        { "release", "x", Refused },
        { "any", "5", "5" },
        { "any", "", "" },
        { "element", "a\"b", "a\"b" },
        { "node", "a", "a" },
        { "members", "{\"a\":[1]}", "{\"a\":[1]}" },
        { "members", "{\"a\":[1]", Refused },
        { "elements", "[1,null]", "[1,null]" },
        { "elements", "x", "[\"x\"]" },
        { "array", "[1,2]", "1,2" },
        { "array", " [1, 2] ", "1,2" },
        { "array", "7", "7" },
        { "array", "[1,x]", Refused },
        { "array", "[1,null]", Refused },
        { "array", "", null },
        { "list", "[\"a\",1,true]", "a,1,true" },
        { "list", "[a", "[a" },
        { "readOnlyList", "[1,null]", "1,~" },
        { "enumerable", "[\"a\",null]", "a,~" },
        { "collection", "[\"red\",\"DarkGreen\"]", "Red,DarkGreen" },
        { "immutable", "[1.5]", "1.5" },
        { "dictionary", "{\"a\":1,\"b\":2,\"a\":3}", "a=3,b=2" },
        { "dictionary", "[]", Refused },
        { "dictionary", "x", Refused },
        { "readOnlyDictionary", "{\"a\":[true,false]}", "a=True,False" },
        { "jagged", "[[1],[2,3],[]]", "1,2,3," },
    };

    public static TheoryData<string, string, string?> Jsons => new()
    {
        { "text", "\"a\\n\\u00e9\"", "a\né" },
        { "text", "\"\\ud800x\"", "\ufffdx" },
        { "text", "\"\"", "" },
        { "text", "5.10", "5.10" },
        { "text", "true", "true" },
        { "text", "null", null },
        { "text", "[]", Refused },
        { "text", "{}", Refused },
        { "flag", "true", "True" },
        { "flag", "false", "False" },
        { "flag", "1", "True" },
        { "flag", "0", "False" },
        { "flag", "\"true\"", "True" },
        { "flag", "\"0\"", "False" },
        { "flag", "\"\"", Refused },
        { "flag", "2", Refused },
        { "flag", "null", null },
        { "i32", "5", "5" },
        { "i32", "5.0", "5" },
        { "i32", "1e3", "1000" },
        { "i32", "5.5", Refused },
        { "i32", "1e30", Refused },
        { "i32", "1e999999999", Refused },
        { "i32", "\"5\"", "5" },
        { "i32", "\"\\u0035\"", "5" },
        { "i32", "\"5.0\"", Refused },
        { "i32", "\"\"", Refused },
        { "i32", "true", Refused },
        { "i32", "[5]", Refused },
        { "i32", "\"\\ud800\"", Refused },
        { "u8", "-0", "0" },
        { "u64", "18446744073709551615", "18446744073709551615" },
        { "f64", "1e999", Refused },
        { "f64", "1.25", "1.25" },
        { "f64", "\"1.25\"", "1.25" },
        { "money", "0.10", "0.10" },
        { "id", "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\"", "6f9619ff-8b86-d011-b42d-00c04fc964ff" },
        { "id", "5", Refused },
        { "at", "1000", "1970-01-01T00:00:01.0000000+00:00" },
        { "at", "\"1000\"", "1970-01-01T00:00:01.0000000+00:00" },
        { "at", "\"2026-01-31T10:20:30.123Z\"", "2026-01-31T10:20:30.1230000+00:00" },
        { "at", "1.5", Refused },
        { "at", "{}", Refused },
        { "day", "\"2026-01-31\"", "2026-01-31" },
        { "span", "\"00:01:00\"", "00:01:00" },
        { "span", "5", Refused },
        { "link", "\"a\\/b\"", "a/b" },
        { "link", "\"\"", Refused },
        { "data", "\"\"", "" },
        { "data", "\"+\\/+\\/\"", "251,255,191" },
        { "data", "[1]", Refused },
        { "colour", "\"red\"", "Red" },
        { "colour", "0", Refused },
        { "release", "\"1.2\"", "1.2" },
        { "any", "5", "5" },
        { "any", "1e999", "1e999" },
        { "any", "[1]", "[1]" },
        { "element", "{\"a\":1}", "{\"a\":1}" },
        { "element", "null", null },
        { "node", "{\"a\":1,\"a\":2}", "{\"a\":2}" },
        { "members", "[]", Refused },
        { "elements", "5", Refused },
        { "array", "[1,\"2\",3.0]", "1,2,3" },
        { "array", "[]", "" },
        { "array", "5", Refused },
        { "array", "\"[5]\"", Refused },
        { "list", "[\"a\",[]]", Refused },
        { "readOnlyList", "[null]", "~" },
        { "immutable", "[]", "" },
        { "dictionary", "{\"\\ud800\":1}", "\ufffd=1" },
        { "dictionary", "{\"a\":null}", Refused },
        { "jagged", "[[1],2]", Refused },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void ReadsText(string name, string sent, string? expected) =>
        Check(name, Sent.Texts((name, sent)), expected);

    [Theory]
    [MemberData(nameof(Jsons))]
    public void ReadsJson(string name, string sent, string? expected) =>
        Check(name, Sent.Json($"{{\"{name}\": {sent} }}"), expected);

    [Fact]
    public void LeavesWhatWasNotSentNull()
    {
        var input = Sent.Texts().Bind(Descriptors, Bind).Good();

        input.ShouldBe(new PlainAction.Input());
    }

    [Fact]
    public void TakesTheLastOfTwo()
    {
        var input = Sent.Json("{\"i32\":1,\"i32\":2}").Bind(Descriptors, Bind).Good();

        input.I32.ShouldBe(2);
    }

    [Fact]
    public void KnowsNamesToTheLetter()
    {
        var input = Sent.Texts(("I32", "1"), ("Text", "x")).Bind(Descriptors, Bind).Good();

        input.ShouldBe(new PlainAction.Input());
    }

    private static void Check(string name, ParamSet set, string? expected)
    {
        var bound = set.Bind(Descriptors, Bind);
        if (expected == Refused)
        {
            bound.Refused().ShouldBe($"Input for parameter \"{name}\" failed validation!");
            return;
        }

        var property = typeof(PlainAction.Input).GetProperty(char.ToUpperInvariant(name[0]) + name[1..]).ShouldNotBeNull();
        Show(property.GetValue(bound.Good())).ShouldBe(expected ?? "~");
    }

    private static string Show(object? value) =>
        value switch
        {
            null => "~",
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
            JsonElement element => element.GetRawText(),
            JsonValue node => node.ToString(),
            JsonNode node => node.ToJsonString(),
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
            Uri link => link.OriginalString,
            IEnumerable<KeyValuePair<string, int>> pairs => string.Join(',', pairs.Select(pair => $"{pair.Key}={pair.Value}")),
            IEnumerable<KeyValuePair<string, List<bool>>> pairs => string.Join(',', pairs.Select(pair => $"{pair.Key}={Show(pair.Value)}")),
            IEnumerable elements => string.Join(',', elements.Cast<object?>().Select(Show)),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
}
