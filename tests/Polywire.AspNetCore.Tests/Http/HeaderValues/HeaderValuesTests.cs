using Microsoft.Extensions.Primitives;
using Polywire.AspNetCore.Http.HeaderValues;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.HeaderValues;

/// <summary>Lists, parameters, ranges and entity tags in headers.</summary>
public sealed class HeaderValuesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(",, ,\t,", "")]
    [InlineData("a", "a")]
    [InlineData(" a ,b\t, c", "a|b|c")]
    [InlineData(",a,,b,", "a|b")]
    [InlineData("a=\"x,y\", b", "a=\"x,y\"|b")]
    [InlineData("a=\"x\\\",y\",b", "a=\"x\\\",y\"|b")]
    [InlineData("a=\"x\\\\\",b", "a=\"x\\\\\"|b")]
    [InlineData("a=\"x,y", "a=\"x,y")]
    [InlineData("a=\"x\\", "a=\"x\\")]
    public void ListsArePartedOutsideOfQuotes(string header, string elements) => string.Join('|', Elements(header)).ShouldBe(elements);

    [Fact]
    public void ElementsOfTwoListsAreThoseOfBothInOneLine()
    {
        string[] pieces = ["", " ", "a", "b=1", "c=\"x,y\"", "d=\"\\\"\"", ",", "e;q=0.5"];
        var count = 0;
        foreach (var first in pieces)
        {
            foreach (var second in pieces)
            {
                foreach (var third in pieces)
                {
                    Elements($"{first},{second} , {third}").ShouldBe([.. Elements(first), .. Elements(second), .. Elements(third)]);
                    count++;
                }
            }
        }

        count.ShouldBe(512);
    }

    [Theory]
    [InlineData("no-cache", true)]
    [InlineData("max-age=0, No-Cache", true)]
    [InlineData("no-cache=\"x\"", true)]
    [InlineData("x-no-cache", false)]
    [InlineData("no-cachex", false)]
    [InlineData("x=\"no-cache\"", false)]
    [InlineData("x=\"a, no-cache\"", false)]
    [InlineData("max-age=0\nno-cache", true)]
    public void AnElementIsFoundByItsWholeName(string lines, bool has) => HeaderList.Has(new StringValues(lines.Split('\n')), "no-cache").ShouldBe(has);

    [Theory]
    [InlineData("gzip;q=0.5", "0.5")]
    [InlineData("gzip ; Q = 0.5", "0.5")]
    [InlineData("gzip;xq=1;q=0.5", "0.5")]
    [InlineData("gzip;x=\";q=1\";q=0.5", "0.5")]
    [InlineData("gzip;q=0.5;q=1", "0.5")]
    [InlineData("q=1", null)]
    [InlineData("gzip;q", null)]
    [InlineData("gzip;=1", null)]
    [InlineData("gzip", null)]
    [InlineData("", null)]
    public void AParameterIsFoundByItsWholeName(string value, string? found) =>
        (HeaderParameters.TryFind(value, "q", out var text) ? text.ToString() : null).ShouldBe(found);

    [Theory]
    [InlineData("bytes=0-3", 0L, 3L)]
    [InlineData(" BYTES=0-3 ", 0L, 3L)]
    [InlineData("bytes=5-", 5L, null)]
    [InlineData("bytes=-5", null, 5L)]
    [InlineData("bytes=0-0", 0L, 0L)]
    [InlineData("bytes=,0-3, ,", 0L, 3L)]
    [InlineData("bytes=007-0009", 7L, 9L)]
    [InlineData("bytes=0-99999999999999999999999999", 0L, long.MaxValue)]
    [InlineData("bytes=99999999999999999999999999-", long.MaxValue, null)]
    public void ARangeIsRead(string header, long? first, long? last)
    {
        ByteRange.TryParse(header, out var range).ShouldBeTrue();

        range.ShouldBe(new ByteRange(first, last));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=,")]
    [InlineData("bytes=-")]
    [InlineData("bytes=3")]
    [InlineData("bytes=5-3")]
    [InlineData("bytes=0 -3")]
    [InlineData("bytes=0- 3")]
    [InlineData("bytes=+0-3")]
    [InlineData("bytes=0-3-4")]
    [InlineData("bytes=--3")]
    [InlineData("bytes=0-3,5-6")]
    [InlineData("bytes=0-3,x")]
    [InlineData("bytes=0x0-3")]
    [InlineData("bytes =0-3")]
    [InlineData("bytes:0-3")]
    [InlineData("lines=0-3")]
    [InlineData("bytes=\u0660-3")]
    public void WhatIsNoRangeIsNone(string header) => ByteRange.TryParse(header, out _).ShouldBeFalse();

    [Theory]
    [InlineData("W/\"a\"", true)]
    [InlineData("\"a\"", true)]
    [InlineData("\"x\", W/\"a\"", true)]
    [InlineData(" , W/\"a\" ,", true)]
    [InlineData("\"x,y\",W/\"a\"", true)]
    [InlineData("\"x\\\",W/\"a\"", true)]
    [InlineData("rubbish, \"a\"", true)]
    [InlineData("\"x\"y, \"a\"", true)]
    [InlineData("\"x\"\n\"a\"", true)]
    [InlineData("\"\", \"a\"", true)]
    [InlineData("w/\"a\"", false)]
    [InlineData("W/ \"a\"", false)]
    [InlineData("a", false)]
    [InlineData("\"A\"", false)]
    [InlineData("\"a", false)]
    [InlineData("a\"", false)]
    [InlineData("\"a\"\"a\"", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    public void ATagIsFoundAmongOthers(string lines, bool isThere)
    {
        var header = new StringValues(lines.Split('\n'));

        EntityTags.Contains(header, "W/\"a\"", weakly: true).ShouldBe(isThere);
        EntityTags.Contains(header, "\"a\"", weakly: true).ShouldBe(isThere);
        EntityTags.Contains(header, "W/\"a\"", weakly: false).ShouldBeFalse();
        EntityTags.Contains(header, "\"a\"", weakly: false).ShouldBe(isThere && lines != "W/\"a\"" && !lines.Contains("W/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData(" * ", true)]
    [InlineData("\"*\"", false)]
    [InlineData("*, \"a\"", false)]
    [InlineData("*\n*", false)]
    [InlineData("", false)]
    public void AnythingIsAnythingAlone(string lines, bool isAny) => EntityTags.IsAny(new StringValues(lines.Split('\n'))).ShouldBe(isAny);

    private static List<string> Elements(string header)
    {
        var elements = new List<string>();
        foreach (var element in new HeaderList(header))
        {
            elements.Add(element.ToString());
        }

        return elements;
    }
}
