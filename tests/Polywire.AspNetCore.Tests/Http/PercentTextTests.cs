using System.Text;
using CsCheck;
using Polywire.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>Percent-encoded text: strict, once, UTF-8.</summary>
public sealed class PercentTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("sp%C3%A4ce%20name", "späce name")]
    [InlineData("%c3%a4", "ä")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("100%25", "100%")]
    [InlineData("%252e", "%2e")]
    [InlineData("%00", "\0")]
    [InlineData("%2f%5C", "/\\")]
    [InlineData("%F0%9F%98%80", "😀")]
    public void Decodes(string text, string decoded)
    {
        PercentText.TryDecode(text, plusIsSpace: false, out var result).ShouldBeTrue();

        result.ShouldBe(decoded);
    }

    [Fact]
    public void TakesAPlusForASpaceWhereThatIsMeant()
    {
        PercentText.TryDecode("a+b%2Bc", plusIsSpace: true, out var result).ShouldBeTrue();

        result.ShouldBe("a b+c");
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    [InlineData("%4g")]
    [InlineData("%-1")]
    [InlineData("% 1")]
    [InlineData("a%")]
    [InlineData("%E9")]
    [InlineData("%ff")]
    [InlineData("%c0%af")]
    [InlineData("%c0%ae%c0%ae")]
    [InlineData("%e0%80%af")]
    [InlineData("%f0%80%80%af")]
    [InlineData("%ed%a0%80")]
    [InlineData("%f4%90%80%80")]
    [InlineData("%C3")]
    [InlineData("%u002e")]
    [InlineData("%C3%")]
    public void RefusesWhatIsNotWellFormed(string text)
    {
        PercentText.TryDecode(text, plusIsSpace: false, out var result).ShouldBeFalse();

        result.ShouldBeNull();
    }

    [Fact]
    public void DecodesWhatTheFrameworkEncodes() =>
        Gen.String[Gen.OneOf<char>(Gen.Char['\0', '\u007f'], Gen.Char['\u0080', '\uffff'])].Sample(text =>
        {
            var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

            return PercentText.TryDecode(Uri.EscapeDataString(valid), plusIsSpace: false, out var decoded) && decoded == valid;
        });

    [Fact]
    public void DecodesTextsOfAnyLength()
    {
        foreach (var length in new[] { 100, 170, 171, 172, 1000, 100_000 })
        {
            PercentText.TryDecode(string.Concat(Enumerable.Repeat("%C3%A4", length)), plusIsSpace: false, out var decoded).ShouldBeTrue();

            decoded.ShouldBe(new string('ä', length));
        }
    }
}
