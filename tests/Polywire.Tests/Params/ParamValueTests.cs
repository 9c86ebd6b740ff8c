using System.Text;
using Polywire.Json;
using Polywire.Params;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Params;

public class ParamValueTests
{
    [Theory]
    [InlineData("""{"a": [1, 2], "b": "x\ny"}""")]
    [InlineData("-1.50e3")]
    [InlineData("\"\\u0041\"")]
    public void WritesJsonAsItWasSent(string json)
    {
        Written($$"""{"v":{{json}}}""").ShouldBe(json);
    }

    [Fact]
    public void NoLineEndOfThePeersReachesAMessageOfOurs()
    {
        Written("{\"v\":{\r\n\"a\":\n[1,\r2]\n}}").ShouldBe("""{"a":[1,2]}""");
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0xFF, 0x62 }, "\"a\\uFFFDb\"")]
    [InlineData(new byte[] { 0xE2, 0x82 }, "\"\\uFFFD\"")]
    [InlineData(new byte[] { 0x0A, 0x22, 0x5C, 0x00 }, "\"\\n\\\"\\\\\\u0000\"")]
    public void WritesTextAsAJsonStringWhateverItsBytes(byte[] text, string expected)
    {
        var set = ParamSet.Rent();
        set.Set("v"u8, text, ParamKind.Text);

        Written(set).ShouldBe(expected);
    }

    private static string Written(string json) => Written(Act.Set(json));

    private static string Written(ParamSet set)
    {
        using var buffer = ResponseBuffer.Rent();
        set.TryFind("v"u8, out var value).ShouldBeTrue();
        value.WriteTo(buffer.Writer);
        buffer.Writer.Flush();
        set.Release();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
