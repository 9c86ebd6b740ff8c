using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polywire.AspNetCore.Http.Answers;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>JSON, laid out as JSON.stringify does.</summary>
public sealed class JsonIndenterTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"a\"", "\"a\"")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "{}")]
    [InlineData("[ ]", "[]")]
    [InlineData("[1,[2,{}],\"x\"]", "[\n  1,\n  [\n    2,\n    {}\n  ],\n  \"x\"\n]")]
    [InlineData("{\"a\":{\"b\":null},\"c\":[true]}", "{\n  \"a\": {\n    \"b\": null\n  },\n  \"c\": [\n    true\n  ]\n}")]
    [InlineData("{\"[,:{}]\":\"\\\"\\\\\"}", "{\n  \"[,:{}]\": \"\\\"\\\\\"\n}")]
    [InlineData("\t{ \"a\" :\r\n-1.5e3 } ", "{\n  \"a\": -1.5e3\n}")]
    public void LaysOut(string json, string expected) => Write(json, 2).ShouldBe(expected);

    [Theory]
    [InlineData("{ \"a b\" : [ 1 , 2 ] ,\n\"c\" : { } }", "{\"a b\":[1,2],\"c\":{}}")]
    [InlineData(" [ ] ", "[]")]
    public void TakesWhiteSpaceOut(string json, string expected) => Write(json, 0).ShouldBe(expected);

    [Fact]
    public void DoesWhatTheFrameworkDoes()
    {
        byte[][] corpus = [
            .. new[] { "{\"a\":[1,{\"b\":\"\\u0041 \\\\\"}],\"c\":{},\"d\":[]}", "[[[1,2],\"x,y\"],null,true,-0.5]", "{ \"a\" : \"é\" }" }.Select(Encoding.UTF8.GetBytes)];
        var compared = 0;
        Fuzz.Run(corpus, 3000, input =>
        {
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(input);
            }
            catch (JsonException)
            {
                // What is no JSON never comes here.
                return;
            }

            using (document)
            {
                Parse(Write(Encoding.UTF8.GetString(input), 3)).ShouldBe(Parse(Encoding.UTF8.GetString(input)));
                compared++;
            }
        });
        compared.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void BearsAnyDepth()
    {
        var json = new string('[', 2000) + new string(']', 2000);

        Write(Write(json, 1), 0).ShouldBe(json);
    }

    private static string Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Write(string json, int indent)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonIndenter.Write(Encoding.UTF8.GetBytes(json), output, indent);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
