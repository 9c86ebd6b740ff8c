#pragma warning disable xUnit1051 // Nothing here waits for a peer.
using System.Text;
using Polywire.AspNetCore.Http.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>RFC 2046 5.1 and RFC 5322 2.2: where parts begin and end, whole, cut at every byte, and byte by byte.</summary>
public class PartReaderTests
{
    private const string A = "Content-Disposition: form-data; name=a\r\n";
    private const string B = "Content-Disposition: form-data; name=b\r\n";
    private static readonly string Broken = "broken";
    private static readonly string TooLarge = "too large";

    /// <summary>What it is about, the body with the boundary XX, and the parts: name = content, with the file's name and type where there are any.</summary>
    public static TheoryData<string, string, string> Grammar { get; } = new()
    {
        // Boundaries.
        { "one part", $"--XX\r\n{A}\r\n1\r\n--XX--\r\n", "a=1" },
        { "two parts", $"--XX\r\n{A}\r\n1\r\n--XX\r\n{B}\r\n2\r\n--XX--\r\n", "a=1|b=2" },
        { "no parts", "--XX--\r\n", "" },
        { "no parts and no end of line", "--XX--", "" },
        { "no end of the last line", $"--XX\r\n{A}\r\n1\r\n--XX--", "a=1" },
        { "the last line ends as scripts end it", $"--XX\r\n{A}\r\n1\r\n--XX--\n", "a=1" },
        { "half an end of the last line", $"--XX\r\n{A}\r\n1\r\n--XX--\r", Broken },
        { "no bytes", "", "" },
        { "no boundary", "hello", Broken },
        { "only the first boundary", "--XX\r\n", Broken },
        { "no last boundary", $"--XX\r\n{A}\r\n1\r\n--XX\r\n", Broken },
        { "no last boundary, content goes on", $"--XX\r\n{A}\r\n1", Broken },
        { "cut in the last boundary", $"--XX\r\n{A}\r\n1\r\n--XX-", Broken },
        { "cut behind the last boundary's name", $"--XX\r\n{A}\r\n1\r\n--XX", Broken },
        { "padding behind a boundary", $"--XX \t \r\n{A}\r\n1\r\n--XX  \r\n{B}\r\n2\r\n--XX-- \t\r\n", "a=1|b=2" },
        { "padding behind the last boundary and no end", $"--XX\r\n{A}\r\n1\r\n--XX--  ", "a=1" },
        { "padding before the dashes is content", $"--XX\r\n{A}\r\n1\r\n--XX --\r\n--XX--\r\n", "a=1\r\n--XX --" },

        // What only looks like one.
        { "a longer name", $"--XX\r\n{A}\r\n1\r\n--XXX\r\n2\r\n--XX--\r\n", "a=1\r\n--XXX\r\n2" },
        { "a shorter name", $"--XX\r\n{A}\r\n1\r\n--X\r\n--XX--\r\n", "a=1\r\n--X" },
        { "another case", $"--XX\r\n{A}\r\n1\r\n--xx\r\n--XX--\r\n", "a=1\r\n--xx" },
        { "words behind it", $"--XX\r\n{A}\r\n1\r\n--XX y\r\n--XX--\r\n", "a=1\r\n--XX y" },
        { "words behind the dashes", $"--XX\r\n{A}\r\n1\r\n--XX--y\r\n--XX--\r\n", "a=1\r\n--XX--y" },
        { "three dashes behind it", $"--XX\r\n{A}\r\n1\r\n--XX---\r\n--XX--\r\n", "a=1\r\n--XX---" },
        { "one dash behind it", $"--XX\r\n{A}\r\n1\r\n--XX-\r\n--XX--\r\n", "a=1\r\n--XX-" },
        { "one dash before it", $"--XX\r\n{A}\r\n1\r\n-XX\r\n--XX--\r\n", "a=1\r\n-XX" },
        { "in the middle of a line", $"--XX\r\n{A}\r\n1--XX\r\n--XX--\r\n", "a=1--XX" },
        { "behind a line feed alone", $"--XX\r\n{A}\r\n1\n--XX\n2\r\n--XX--\r\n", "a=1\n--XX\n2" },
        { "behind a carriage return alone", $"--XX\r\n{A}\r\n1\r--XX\r2\r\n--XX--\r\n", "a=1\r--XX\r2" },
        { "the end of line is doubled", $"--XX\r\n{A}\r\n1\r\r\n--XX--\r\n", "a=1\r" },
        { "content ends as a boundary begins", $"--XX\r\n{A}\r\n1\r\n--X\r\n--\r\n-\r\n\r\n--XX--\r\n", "a=1\r\n--X\r\n--\r\n-\r\n" },
        { "content is nothing but line ends", $"--XX\r\n{A}\r\n\r\n\r\n\r\n--XX--\r\n", "a=\r\n\r\n" },
        { "a boundary of another kind of line", $"--XX\r\n{A}\r\n1\r\n--XX\n\r\n--XX--\r\n", "a=1\r\n--XX\n" },
        { "lines end with line feeds alone", "--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--\n", Broken },

        // Around the parts.
        { "a preamble", $"hello\r\n--XX\r\n{A}\r\n1\r\n--XX--\r\n", "a=1" },
        { "a preamble of lines", $"This is a form.\r\n\r\nNobody reads this.\r\n--XX\r\n{A}\r\n1\r\n--XX--\r\n", "a=1" },
        { "a preamble that looks like a boundary", $"--XXX\r\n--X\r\nx--XX\r\n--XX\r\n{A}\r\n1\r\n--XX--\r\n", "a=1" },
        { "an empty preamble", $"\r\n--XX\r\n{A}\r\n1\r\n--XX--\r\n", "a=1" },
        { "a preamble that does not end its line", $"hello--XX\r\n{A}\r\n1\r\n--XX--\r\n", "" },
        { "an epilogue", $"--XX\r\n{A}\r\n1\r\n--XX--\r\ngoodbye\r\n--XX\r\n{B}\r\n2\r\n--XX--\r\n", "a=1" },
        { "an epilogue without parts", "--XX--\r\n--XX\r\n\r\n", "" },

        // Parts without a body, parts without headers.
        { "no body, no blank line", $"--XX\r\n{A}--XX\r\n{B}\r\n2\r\n--XX--\r\n", "a=|b=2" },
        { "no body behind the blank line", $"--XX\r\n{A}\r\n--XX\r\n{B}\r\n2\r\n--XX--\r\n", "a=|b=2" },
        { "an empty body", $"--XX\r\n{A}\r\n\r\n--XX\r\n{B}\r\n2\r\n--XX--\r\n", "a=|b=2" },
        { "no body, last, no blank line", $"--XX\r\n{A}--XX--", "a=" },
        { "no body, last", $"--XX\r\n{A}\r\n--XX--", "a=" },
        { "no body, padding", $"--XX\r\n{A}--XX \t\r\n{B}\r\n--XX-- \r\n", "a=|b=" },
        { "the body looks like a boundary", $"--XX\r\n{A}\r\n--XXX\r\n--XX--\r\n", "a=--XXX" },
        { "the body is dashes", $"--XX\r\n{A}\r\n--\r\n--XX--\r\n", "a=--" },
        { "no headers", $"--XX\r\n\r\nhello\r\n--XX\r\n{B}\r\n2\r\n--XX--\r\n", "?=hello|b=2" },
        { "no headers and no body", $"--XX\r\n\r\n--XX\r\n{B}\r\n2\r\n--XX--\r\n", "?=|b=2" },
        { "nothing at all", $"--XX\r\n--XX\r\n{B}\r\n2\r\n--XX--\r\n", "?=|b=2" },
        { "nothing at all, last", "--XX\r\n--XX--\r\n", "?=" },
        { "headers end with the body", $"--XX\r\n{A}", Broken },
        { "headers end in the middle", "--XX\r\nContent-Dispo", Broken },
        { "headers end behind the blank line", $"--XX\r\n{A}\r\n", Broken },

        // Headers.
        { "folded", "--XX\r\nContent-Disposition:\r\n form-data;\r\n\tname=a\r\n\r\n1\r\n--XX--\r\n", "a=1" },
        { "folded type", $"--XX\r\n{A}Content-Type:\r\n text/plain\r\n\r\n1\r\n--XX--\r\n", "a(text/plain)=1" },
        { "folded within a value", $"--XX\r\nContent-Disposition: form-data; name=\"a\r\n b\"\r\n\r\n1\r\n--XX--\r\n", "a b=1" },
        { "folded with a line of blanks", $"--XX\r\nContent-Disposition: form-data;\r\n \t \r\n name=a\r\n\r\n1\r\n--XX--\r\n", "a=1" },
        { "folded first", $"--XX\r\n {A}\r\n1\r\n--XX--\r\n", Broken },
        { "folded line looks like a boundary", $"--XX\r\nX: y\r\n --XX\r\n{A}\r\n1\r\n--XX--\r\n", "a=1" },
        { "case does not count", "--XX\r\ncONTENT-dISPOSITION: FORM-DATA; NAME=a; FileName=f\r\nCONTENT-TYPE: x/y\r\n\r\n1\r\n--XX--\r\n", "a(f,x/y)=1" },
        { "no blank behind the colon", "--XX\r\nContent-Disposition:form-data;name=a\r\n\r\n1\r\n--XX--\r\n", "a=1" },
        { "blanks around", "--XX\r\nContent-Disposition: \t form-data ; name = a \t\r\nContent-Type:  x/y  \r\n\r\n1\r\n--XX--\r\n", "a(x/y)=1" },
        { "other headers", $"--XX\r\nX-Y: z\r\n{A}Content-Length: 5\r\nContent-ID: <a@b>\r\n\r\n1\r\n--XX--\r\n", "a=1" },
        { "an empty header", $"--XX\r\nX-Y:\r\n{A}\r\n1\r\n--XX--\r\n", "a=1" },
        { "a colon in a value", $"--XX\r\n{A}Content-Type: x/y; z=\"a:b\"\r\n\r\n1\r\n--XX--\r\n", "a(x/y; z=\"a:b\")=1" },
        { "another disposition", "--XX\r\nContent-Disposition: attachment; name=a; filename=f\r\n\r\n1\r\n--XX--\r\n", "a(f)=1" },
        { "no header", $"--XX\r\nhello\r\n{A}\r\n1\r\n--XX--\r\n", Broken },
        { "no name", $"--XX\r\n: x\r\n{A}\r\n1\r\n--XX--\r\n", Broken },
        { "a name with a blank", $"--XX\r\nX Y: x\r\n{A}\r\n1\r\n--XX--\r\n", Broken },
        { "a blank before the colon", "--XX\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n--XX--\r\n", Broken },
        { "a control character", $"--XX\r\nX: \u0001\r\n{A}\r\n1\r\n--XX--\r\n", Broken },
        { "a line feed alone", $"--XX\r\nX: y\n{A}\r\n1\r\n--XX--\r\n", Broken },
        { "a carriage return alone", $"--XX\r\nX: y\r{A}\r\n1\r\n--XX--\r\n", Broken },
        { "a header twice", $"--XX\r\n{A}{B}\r\n1\r\n--XX--\r\n", Broken },
        { "a type twice", $"--XX\r\n{A}Content-Type: x/y\r\nContent-Type: x/y\r\n\r\n1\r\n--XX--\r\n", Broken },
        { "many headers", $"--XX\r\n{A}{string.Concat(Enumerable.Repeat("X: y\r\n", 31))}\r\n1\r\n--XX--\r\n", "a=1" },
        { "too many headers", $"--XX\r\n{A}{string.Concat(Enumerable.Repeat("X: y\r\n", 32))}\r\n1\r\n--XX--\r\n", TooLarge },

        // Parameters: whole names, outside of quotes.
        { "filename alone is no name", Named("filename=f"), "?=1" },
        { "a longer name is another", Named("xname=x; name=a; xfilename=y"), "a=1" },
        { "a name in quotes is none", Named("x=\"; name=b; filename=f\"; name=a"), "a=1" },
        { "a name in the name is none", Named("name=\"a; filename=f\""), "a; filename=f=1" },
        { "quoted marks", Named("name=\"a\\\"b\\\\c\""), "a\"b\\c=1" },
        { "marks as browsers write them", Named("name=\"a%22b\"; filename=\"c%22d\""), "a\"b(c\"d)=1" },
        { "any other percent stays", Named("name=\"a%20b%\""), "a%20b%=1" },
        { "an empty name", Named("name=\"\""), "=1" },
        { "an empty file name", Named("name=a; filename=\"\""), "a()=1" },
        { "no quotes", Named("name=a b; filename=c d.txt"), "a b(c d.txt)=1" },
        { "semicolons", Named("; ;name=a;;filename=f;"), "a(f)=1" },
        { "a parameter without a value", Named("x; name=a"), "a=1" },
        { "folders", Named("name=\"a/b\\\\c\"; filename=\"/x/y\\\\z.txt\""), "a/b\\c(z.txt)=1" },
        { "a folder of Windows", Named("name=a; filename=\"C:\\dir\\n.txt\""), "a(n.txt)=1" },
        { "ends with a backslash", Named("name=a; filename=\"C:\\\""), "a()=1" },
        { "beyond ASCII", Named("name=\"é\"; filename=\"😀.txt\""), "é(😀.txt)=1" },
        { "an extended name wins", Named("name=a; filename=x; filename*=UTF-8''%C3%BC%E2%82%AC.txt"), "a(ü€.txt)=1" },
        { "an extended name comes first", Named("name=a; filename*=utf-8'en'%C3%BC; filename=x"), "a(ü)=1" },
        { "an extended name in Latin 1", Named("name=a; filename*=iso-8859-1''%FC"), "a(ü)=1" },
        { "an extended name of another charset", Named("name=a; filename=x; filename*=koi8-r''%FC"), "a(x)=1" },
        { "an extended name that is no UTF-8", Named("name=a; filename=x; filename*=utf-8''%FC"), "a(x)=1" },
        { "an extended name that is cut", Named("name=a; filename=x; filename*=utf-8''%F"), "a(x)=1" },
        { "an extended name that is none", Named("name=a; filename=x; filename*=y"), "a(x)=1" },
        { "an extended name with folders", Named("name=a; filename*=utf-8''..%2F..%5Cx"), "a(x)=1" },
        { "a name twice", Named("name=a; name=b"), Broken },
        { "a file name twice", Named("name=a; filename=b; FILENAME=b"), Broken },
        { "quotes that do not end", Named("name=\"a"), Broken },
        { "words behind quotes", Named("name=\"a\" b"), Broken },
    };

    [Theory, MemberData(nameof(Grammar))]
    public async Task ReadsTheSame_HoweverABodyIsCut(string about, string body, string parts)
    {
        foreach (var split in Splits.Of(Encoding.UTF8.GetBytes(body)))
        {
            (await ReadAsync(new PieceStream(split.Pieces))).ShouldBe(parts, $"{about}, {split}");
        }
    }

    [Theory]
    [InlineData("X")]
    [InlineData("'()+_,-./:=?")]
    [InlineData("a b c")]
    [InlineData("----")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890")]
    public async Task TakesAnyBoundary(string boundary)
    {
        var body = $"--{boundary}\r\n{A}\r\n1\r\n--{boundary}x\r\n-\r\n--{boundary}\r\n{B}--{boundary}--";
        foreach (var split in Splits.Of(Encoding.UTF8.GetBytes(body)))
        {
            (await ReadAsync(new PieceStream(split.Pieces), boundary)).ShouldBe($"a=1\r\n--{boundary}x\r\n-|b=", split.ToString());
        }
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(65_527), InlineData(65_530), InlineData(65_533), InlineData(65_536), InlineData(200_000)]
    public async Task TakesAnyLength_WhereverTheBufferEnds(int length)
    {
        for (var more = 0; more < 12; more++)
        {
            var content = string.Concat(Enumerable.Repeat("\r\n--X", (length + more) / 5)) + new string('-', (length + more) % 5);

            (await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes($"--XX\r\n{A}\r\n{content}\r\n--XX--\r\n")))).ShouldBe($"a={content}");
            (await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes($"{content}\r\n--XX\r\n{A}\r\n1\r\n--XX--\r\n")), maxPreamble: 300_000)).ShouldBe("a=1");
        }
    }

    [Fact]
    public async Task BoundsHeadersPaddingAndPreamble()
    {
        (await ReadAsync(Body($"--XX\r\n{A}X: {new string('y', 16_000)}\r\n\r\n1\r\n--XX--"))).ShouldBe("a=1");
        (await ReadAsync(Body($"--XX\r\n{A}X: {new string('y', 17_000)}\r\n\r\n1\r\n--XX--"))).ShouldBe(TooLarge);
        (await ReadAsync(Body($"--XX\r\nX: {new string('y', 1_000_000)}"))).ShouldBe(TooLarge);
        (await ReadAsync(Body($"--XX\r\nX: y\r\n{string.Concat(Enumerable.Repeat(" z\r\n", 10_000))}{A}\r\n1\r\n--XX--"))).ShouldBe(TooLarge);
        (await ReadAsync(Body($"--XX{new string(' ', 1024)}\r\n{A}\r\n1\r\n--XX--"))).ShouldBe("a=1");
        (await ReadAsync(Body($"--XX{new string(' ', 1_000_000)}\r\n{A}\r\n1\r\n--XX--"))).ShouldBe(TooLarge);
        (await ReadAsync(Body($"{new string('x', 990)}\r\n--XX\r\n{A}\r\n1\r\n--XX--"), maxPreamble: 1000)).ShouldBe("a=1");
        (await ReadAsync(Body($"{new string('x', 1010)}\r\n--XX\r\n{A}\r\n1\r\n--XX--"), maxPreamble: 1000)).ShouldBe(TooLarge);
    }

    private static MemoryStream Body(string text) => new MemoryStream(Encoding.UTF8.GetBytes(text));

    private static string Named(string parameters) => $"--XX\r\nContent-Disposition: form-data; {parameters}\r\n\r\n1\r\n--XX--\r\n";

    private static async Task<string> ReadAsync(Stream body, string boundary = "XX", long maxPreamble = 10_000)
    {
        using var reader = new PartReader(body, boundary, maxPreamble);
        var parts = new List<string>();
        try
        {
            while (await reader.NextAsync(CancellationToken.None) is { } headers)
            {
                if (!PartNames.TryRead(headers.Disposition, out var name, out var fileName))
                {
                    return Broken;
                }

                using var content = new MemoryStream();
                await reader.CopyToAsync(content);
                string?[] more = [fileName, headers.ContentType];
                var told = string.Join(',', more.Where(text => text is not null));
                parts.Add($"{name ?? "?"}{(fileName is null && headers.ContentType is null ? "" : $"({told})")}={Encoding.UTF8.GetString(content.ToArray())}");
            }

            return string.Join('|', parts);
        }
        catch (PartTooLargeException)
        {
            return TooLarge;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return Broken;
        }
        finally
        {
            reader.Release();
        }
    }
}
