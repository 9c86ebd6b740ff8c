using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polywire.AspNetCore.Compatibility.JavaScript;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Compatibility.JavaScript;

/// <summary>Values that are written again; docs/protocol/websocket.md 5.6.</summary>
public class JavaScriptJsonTests
{
    /// <summary>JSON, and what <c>JSON.stringify(JSON.parse(…))</c> makes of it.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "null", "null" },
        { "true", "true" },
        { "\"a b\"", "\"a b\"" },
        { "\"\\u0041\\/\\n\\u00e9\\u0001\"", "\"A/\\n\u00e9\\u0001\"" },
        { "-0", "0" },
        { "-0.0", "0" },
        { "-1", "-1" },
        { "10.50", "10.5" },
        { "1E3", "1000" },
        { "1e21", "1e+21" },
        { "1.0e-7", "1e-7" },
        { "0.1e1", "1" },
        { "[ ]", "[]" },
        { "{ }", "{}" },
        { "[1,\t2 , [ 3 ] ]", "[1,2,[3]]" },
        { """{ "a" : { "b" : " " } }""", """{"a":{"b":" "}}""" },
        { """{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""" },
        { """{"a":1,"\u0061":{"x":1,"x":2}}""", """{"a":{"x":2}}""" },
        {
            """{"b":1,"10":1,"9":1,"01":1,"-1":1,"1.5":1,"4294967295":1,"4294967294":1,"":1}""",
            """{"9":1,"10":1,"4294967294":1,"b":1,"01":1,"-1":1,"1.5":1,"4294967295":1,"":1}"""
        },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void AreWrittenAsInJavaScript(string json, string written)
    {
        Write(json).ShouldBe(written);
        Write(written).ShouldBe(written, "what is written so stays so");
    }

    [Theory]
    [InlineData("12345678901234567890")]
    [InlineData("-9007199254740993")]
    [InlineData("1e999")]
    [InlineData("[9007199254740993,-1e999]")]
    public void NumbersBeyondADouble_StayWhatTheyAre(string json) => Write(json).ShouldBe(json);

    [Fact]
    public void MayBeAsDeepAsAMessage()
    {
        var deep = new string('[', 128) + new string(']', 128);

        Write(deep.Replace("[]", "[ ]", StringComparison.Ordinal)).ShouldBe(deep);
    }

    [Fact]
    public void ManyKeys_AreInTheirOrderToo()
    {
        var names = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? $"{100 - i}" : $"n{i}").ToArray();
        var expected = names.Where(name => name[0] != 'n').Reverse().Concat(names.Where(name => name[0] == 'n'));

        Write(ObjectOf(", ", names)).ShouldBe(ObjectOf(",", expected));

        static string ObjectOf(string comma, IEnumerable<string> names) => $"{{{string.Join(comma, names.Select(name => $"\"{name}\":0"))}}}";
    }

    private static string Write(string json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        JavaScriptJson.Write(writer, Encoding.UTF8.GetBytes(json));
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
