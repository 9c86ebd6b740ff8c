using System.Text;
using Polywire.AspNetCore.Sockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets;

public class LineProtocolTests
{
    [Theory]
    [InlineData("\x04", true)]
    [InlineData("\xff\xf4\xff\xfd\x06", true)]
    [InlineData("", false)]
    [InlineData("\x03", false)]
    [InlineData("\x04\x04", false)]
    [InlineData("\x04\n", false)]
    [InlineData("a\x04", false)]
    [InlineData("\xff\xf4\xff\xfd", false)]
    [InlineData("\xff\xf4\xff\xfd\x07", false)]
    [InlineData("\xff\xf4\xff\xfd\x06\n", false)]
    [InlineData("status", false)]
    public void ABreakIsAWholePacket(string packet, bool isBreak)
    {
        foreach (var split in Splits.Of(Encoding.Latin1.GetBytes(packet)))
        {
            LineProtocol.IsBreak(split.ToSequence()).ShouldBe(isBreak, split.Name);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\r\n\n", "")]
    [InlineData("a", "a")]
    [InlineData("\r\na\r\n", "a")]
    [InlineData("\n\n a\r\nb \r", " a\r\nb ")]
    [InlineData("a\n", "a")]
    [InlineData("\ra", "a")]
    public void StripsBothEndsOnly(string line, string stripped)
    {
        foreach (var split in Splits.Of(Encoding.Latin1.GetBytes(line)))
        {
            Encoding.Latin1.GetString(LineProtocol.Strip(split.ToSequence())).ShouldBe(stripped, split.Name);
        }
    }

    [Theory]
    [InlineData("", -1)]
    [InlineData("abc", -1)]
    [InlineData("\nabc", 0)]
    [InlineData("abc\r\n", 3)]
    [InlineData("abc\n\r", 3)]
    public void FindsTheFirstLineBreak(string text, long offset)
    {
        foreach (var split in Splits.Of(Encoding.Latin1.GetBytes(text)))
        {
            LineProtocol.FindLineBreak(split.ToSequence()).ShouldBe(offset, split.Name);
        }
    }

    [Theory]
    [InlineData("", "ab", -1)]
    [InlineData("a", "ab", -1)]
    [InlineData("aab", "ab", 1)]
    [InlineData("xxaaab", "aab", 3)]
    [InlineData("abab", "ab", 0)]
    [InlineData("x;", ";", 1)]
    [InlineData("\r\r\n", "\r\n", 1)]
    public void FindsADelimiterAcrossSegments(string text, string delimiter, long offset)
    {
        foreach (var split in Splits.Of(Encoding.Latin1.GetBytes(text)))
        {
            LineProtocol.Find(split.ToSequence(), Encoding.Latin1.GetBytes(delimiter)).ShouldBe(offset, split.Name);
        }
    }

    [Fact]
    public void RefusesRulesThatMeanNothing()
    {
        Should.Throw<ArgumentException>(() => new LineRules([])).ParamName.ShouldBe("delimiter");
        Should.Throw<ArgumentOutOfRangeException>(() => new LineRules("\n"u8, -1)).ParamName.ShouldBe("maxDataLength");
        Should.Throw<ArgumentOutOfRangeException>(() => new LineRules("\n"u8, 0, -1)).ParamName.ShouldBe("maxLineBytes");
        LineRules.Default.MaxLineBytes.ShouldBe(64 * 1024 * 1024);
        LineRules.Default.MaxDataLength.ShouldBe(0);
    }
}
