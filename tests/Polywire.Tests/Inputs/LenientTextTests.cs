using System.Text.Json;
using System.Text.Json.Serialization;
using Polywire.Params;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

/// <summary>Odd texts for every plain type: nothing is taken that System.Text.Json would not take, but for what the guide tells.</summary>
public sealed class LenientTextTests
{
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    private static readonly string[] Around = [" {0}", "{0} ", "\t{0}", "{0}\n", "{0}\0", "\0{0}", "\u00a0{0}", "{0},", ",{0}", "{0}{0}", "{0};", "\"{0}\"", "'{0}'", "[{0}]"];

    private static readonly string[] Numbers =
        ["", "+", "-", "--1", "1-", "(1)", "1,000", "1.000,5", "1_000", "0x1F", "1F", "$1", "1%", "1.", "1.0", "1e2", "1E+2", "NaN", "Infinity", "-Infinity", "∞", "１", "٣", "1 2", "true", "null", "1e999", "-1e999", "99999999999999999999999999999999999999999"];

    /// <summary>The input, a text that is good for it, and odd ones of its own.</summary>
    private static readonly (string Name, string Good, string[] Odd)[] Kinds =
    [
        ("flag", "true", ["yes", "on", "t", "2", "-1", "01", "tru", "TRUE\0"]),
        ("i8", "5", Numbers),
        ("u8", "5", [.. Numbers, "-1", "-0", "256"]),
        ("i32", "5", [.. Numbers, "2147483648"]),
        ("u64", "5", [.. Numbers, "-1", "18446744073709551616"]),
        ("i128", "5", Numbers),
        ("f16", "1.5", Numbers),
        ("f32", "1.5", Numbers),
        ("f64", "1.5", Numbers),
        ("money", "1.5", Numbers),
        ("id", "6f9619ff-8b86-d011-b42d-00c04fc964ff", ["6f9619ff-8b86-d011-b42d-00c04fc964f", "{0x6f9619ff,0x8b86,0xd011,{0xb4,0x2d,0x00,0xc0,0x4f,0xc9,0x64,0xff}}", "6f9619ff-8b86-d011-b42d-00c04fc964fg", "+f9619ff-8b86-d011-b42d-00c04fc964ff", "0x9619ff-8b86-d011-b42d-00c04fc964ff"]),
        ("day", "2026-01-31", ["2026-1-31", "31.01.2026", "01/31/2026", "2026-02-30", "20260131", "2026-01-31T00:00:00", "Jan 31 2026", "+2026-01-31"]),
        ("time", "23:59:58", ["24:00", "24:00:00", "1:2", "11:59 PM", "23:59:60", "23:59:58.", "23:59:58.12345678", "-01:00", "1.00:00:00", "23"]),
        ("span", "01:02:03", ["24:00:00", "25:00:00", "-24:00:00", "1.24:00:00", "1:24:00:00", "1:00:00:00", "23:60:00", "00:00:60", "00:10", "5", "1.5", "5.", "+00:00:01", "00:00:01.", "00:00:01.12345678", "10675200.00:00:00", "10675199.02:48:05.4775808", "1d", "PT1S", "00:-01:00", ":00:01", "00::01"]),
        ("at", "2026-01-31T10:20:30Z", ["2026-01-31 10:20:30", "31.01.2026", "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T10:20:30+25:00", "2026-01-31T10:20:30 Z", "Sat, 31 Jan 2026 10:20:30 GMT", "now", "1e3", "1.5"]),
        ("when", "2026-01-31T10:20:30", ["2026-01-31 10:20:30", "31.01.2026", "2026-1-31T10:20:30", "2026-01-31T10:20:30.", "today", "1e3", "1.5"]),
        ("colour", "red", ["0", "1", "-1", "Red,Green", "Red, Green", "red|green", "Colour.Red", "re", "redd", "ｒed"]),
        ("data", "AQI=", ["AQI", "A", "AQ-_", "====", "AQI=="]),
        ("letter", "x", ["xy", "\\u0041", ""]),
    ];

    // What the guide tells beyond it, and zero with a sign.
    private static readonly HashSet<(string, string)> Told =
        [("flag", "true"), ("u8", "-0"), ("id", "6f9619ff8b86d011b42d00c04fc964ff"), ("id", "{6f9619ff-8b86-d011-b42d-00c04fc964ff}"), ("id", "(6f9619ff-8b86-d011-b42d-00c04fc964ff)")];

    public static TheoryData<string, string> Texts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (name, good, odd) in Kinds)
            {
                foreach (var text in Around.Select(format => format.Replace("{0}", good, StringComparison.Ordinal)).Concat(odd).Append(good))
                {
                    data.Add(name, text);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void TakesNoMoreThanJsonDoes(string name, string text)
    {
        var asText = IsTaken(Sent.Texts((name, text)), name);
        var asJson = IsTaken(Sent.Json($"{{\"{name}\":{JsonSerializer.Serialize(text)}}}"), name);
        var isTold = Told.Contains((name, text)) || (name == "letter" && text.Length == 1);

        asJson.ShouldBe(asText);
        if (asText && !isTold)
        {
            Should.NotThrow(() => JsonSerializer.Deserialize<PlainAction.Input>($"{{\"{name}\":{JsonSerializer.Serialize(text)}}}", Options));
        }
    }

    [Theory]
    [InlineData("24:00:00", false)]
    [InlineData("1.00:00:00", true)]
    [InlineData("23:59:59.9999999", true)]
    [InlineData("-23:59:59", true)]
    [InlineData("00:10", false)]
    [InlineData("1.24:00:00", false)]
    public void CountsHoursTo23(string text, bool isGood) => IsTaken(Sent.Texts(("span", text)), "span").ShouldBe(isGood);

    [Theory]
    [InlineData("24:00:00")]
    [InlineData("5")]
    [InlineData(" 00:00:05")]
    public void TellsHowADeadlineIsWritten(string text) =>
        Should.Throw<FormatException>(() => new TimeoutAttribute(text)).Message.ShouldContain("hours 0 to 23; days as 1.00:00:00");

    private static bool IsTaken(ParamSet set, string name)
    {
        var bound = set.Bind(GeneratedInputs.Polywire_Tests_Inputs_PlainAction_Input, GeneratedInputs.Bind_Polywire_Tests_Inputs_PlainAction_Input);
        if (bound.Error is not null)
        {
            return false;
        }

        var property = typeof(PlainAction.Input).GetProperty(char.ToUpperInvariant(name[0]) + name[1..]).ShouldNotBeNull();
        return property.GetValue(bound.Value) is not null;
    }
}
