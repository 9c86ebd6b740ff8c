using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Polywire.AspNetCore.Sockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets;

/// <summary>Source: docs/protocol/socket.md, 3.</summary>
public class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("status\n", "line status")]
    [InlineData("status\r\n", "line status")]
    [InlineData("status\r", "line status")]
    [InlineData("a\nb\r\nc\rd\n", "line a|line b|line c|line d")]
    [InlineData("\n\r\n\r\r\n\n", "")]
    [InlineData("\r\n\r\na\n\n\r\n\nb\r\n\r\n", "line a|line b")]
    [InlineData("a\n\rb\n", "line a|line b")]
    [InlineData(" a \n", "line  a ")]
    [InlineData("a\0b\x01\x7f\n", "line a\0b\x01\x7f")]
    [InlineData("\xff\xfb\x1f\xc3\n", "line \xff\xfb\x1f\xc3")]
    [InlineData("whole\nhalf", "line whole")]
    [InlineData("half", "")]
    public void CutsLinesAtEveryLineBreak(string input, string results)
    {
        Check(LineRules.Default, input, results);
    }

    [Theory]
    [InlineData("^]", "a^]b^]", "line a|line b")]
    [InlineData("^]", "a^b]c^]", "line a^b]c")]
    [InlineData("^]", "a^^]", "line a^")]
    [InlineData("^]", "^]^]^]", "")]
    [InlineData("^]", "\r\na\r\n^]\r\n^]\nb^]\r\n", "line a|line b")]
    [InlineData("^]", "{\r\n\"a\":1\n}^]", "line {\r\n\"a\":1\n}")]
    [InlineData("^]", "a\nb", "")]
    [InlineData("^]", "a^", "")]
    [InlineData(";", "a;b\n;c", "line a|line b")]
    [InlineData("\r\n", "a\r\nb\nc\rd\r\n\r\n\r\r\n", "line a|line b\nc\rd")]
    [InlineData("\r", "a\r\nb\r\n", "line a|line b")]
    [InlineData("\n\n", "a\nb\n\nc\n\n\n\nd\n\n", "line a\nb|line c|line d")]
    [InlineData("aab", "aaab", "line a")]
    [InlineData("\x1d\xff", "x\x1d\xffy\x1d\x1d\xff", "line x|line y\x1d")]
    public void CutsLinesAtAnotherDelimiterAsItStands(string delimiter, string input, string results)
    {
        Check(Rules(delimiter), input, results);
    }

    [Theory]
    [InlineData("\n", "1234\n12345\n123456\n1\n", "line 1234|line 12345|long 6|line 1")]
    [InlineData("\n", "123456\r\n12345\r\n", "long 6|line 12345")]
    [InlineData("\n", "1234567890123456\r", "long 16")]
    [InlineData("\n", "1234567890123456\n\n12345\n1234567\n", "long 16|line 12345|long 7")]
    [InlineData("\n", "1234567890123456", "")]
    [InlineData("\n", "ääb\näää\n", "line ääb|long 6")]
    [InlineData("^]", "1234^]12345^]123456^]1^]", "line 1234|line 12345|long 6|line 1")]
    [InlineData("^]", "1234567890^]12345^]", "long 10|line 12345")]
    [InlineData("^]", "12345^12345^^]1^]", "long 12|line 1")]
    [InlineData("^]", "1234^^]", "line 1234^")]
    [InlineData("^]", "\n123\r^]\n1234\r^]", "line 123|long 6")]
    [InlineData("^]", "\n\n\n\n\n\n^]1^]", "long 6|line 1")]
    [InlineData("abcd", "12345abcd12345abcabcd1abcd", "line 12345|long 8|line 1")]
    public void TellsTheLengthOfALineOverTheLimitAndGoesOn(string delimiter, string input, string results)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        var expected = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(results));

        Check(Rules(delimiter, maxDataLength: 5), bytes, expected);
    }

    [Theory]
    [InlineData("\n", "12345\n123456\n1\n", "line 12345|ceiling")]
    [InlineData("\n", "1\n1234567890", "line 1|ceiling")]
    [InlineData("\n", "12345", "")]
    [InlineData("^]", "12345^]123456^]1^]", "line 12345|ceiling")]
    [InlineData("^]", "12345^", "")]
    [InlineData("^]", "1^]1234567890", "line 1|ceiling")]
    public void EndsTheConnectionAtTheCeilingWhereThereIsNoLimit(string delimiter, string input, string results)
    {
        Check(Rules(delimiter, maxLineBytes: 5), input, results);
    }

    [Fact]
    public void TheCeilingDoesNotCountBesideALimit()
    {
        Check(Rules("\n", maxDataLength: 10, maxLineBytes: 5), "12345678\n12345678901\n", "line 12345678|long 11");
    }

    [Fact]
    public void NoCeilingMeansNone()
    {
        Check(Rules("\n", maxLineBytes: 0), new string('x', 500) + "\n", "line " + new string('x', 500));
    }

    [Fact]
    public void CountsTheWholeLineInItsLength()
    {
        var buffer = new ReadOnlySequence<byte>("\r\nabc\r\n^]"u8.ToArray());
        var reader = new LineReader(Rules("^]"));

        reader.TryRead(ref buffer, out var line, out var length).ShouldBe(LineResult.Line);

        line.ToArray().ShouldBe("abc"u8.ToArray());
        length.ShouldBe(7);
        buffer.Length.ShouldBe(0);
        reader.TryRead(ref buffer, out line, out length).ShouldBe(LineResult.NeedMore);
        (line.IsEmpty, length).ShouldBe((true, 0));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("^]")]
    [InlineData("abcd")]
    public void KeepsNoMoreThanTheLimitAndADelimiter(string delimiter)
    {
        const int Limit = 1000;
        var feeder = new LineFeeder(Rules(delimiter, Limit));
        var packet = new byte[77];
        packet.AsSpan().Fill((byte)'x');

        for (var i = 0; i < 1000; i++)
        {
            feeder.Feed(packet);
        }

        feeder.MostWaiting.ShouldBeLessThanOrEqualTo(Limit + delimiter.Length);
        feeder.Feed(Encoding.Latin1.GetBytes(delimiter));
        feeder.Results.ShouldBe(["long 77000"]);
        feeder.Waiting.ShouldBe(0);
    }

    [Theory]
    [InlineData("\n", 65536)]
    [InlineData("^]", 65536)]
    [InlineData("abcd", 16384)]
    public void SearchesALongLineInManyPacketsOnlyOnce(string delimiter, int packetLength)
    {
        const int Packets = 160;
        var feeder = new LineFeeder(Rules(delimiter));
        var packet = new byte[packetLength];
        packet.AsSpan().Fill((byte)'x');

        for (var i = 0; i < Packets; i++)
        {
            feeder.Feed(packet);
        }

        feeder.Feed(Encoding.Latin1.GetBytes(delimiter));

        long total = (packetLength * Packets) + delimiter.Length;
        feeder.Results.ShouldHaveSingleItem().Length.ShouldBe((packetLength * Packets) + "line ".Length);
        feeder.BytesSearched.ShouldBeGreaterThanOrEqualTo(total);
        feeder.BytesSearched.ShouldBeLessThanOrEqualTo(total + ((Packets + 1) * (delimiter.Length - 1)));
    }

    [Theory]
    [InlineData("\x04")]
    [InlineData("\xff\xf4\xff\xfd\x06")]
    public void ABreakCountsEvenWithHalfALineWaiting(string characters)
    {
        var packet = Encoding.Latin1.GetBytes(characters);
        var feeder = new LineFeeder(Rules("abcd"));

        feeder.Feed("one\r\nabcdhalf a"u8.ToArray());
        feeder.Feed(packet);

        feeder.Results.ShouldBe(["line one", "break"]);
    }

    [Fact]
    public void BreakCharactersWithinALongerPacketAreText()
    {
        var feeder = new LineFeeder(LineRules.Default);

        feeder.Feed("a\x04\n"u8.ToArray());
        feeder.Feed("\x04\n"u8.ToArray());

        feeder.Results.ShouldBe(["line a\x04", "line \x04"]);
    }

    [Fact]
    public async Task ReadsFromAPipeAsAConnectionDoes()
    {
        var token = TestContext.Current.CancellationToken;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 200, resumeWriterThreshold: 100, minimumSegmentSize: 16));
        var text = string.Concat(Enumerable.Range(0, 200).Select(index => new string('x', index) + "\r\n"));
        var writing = Task.Run(
            async () =>
            {
                foreach (var chunk in Encoding.Latin1.GetBytes(text).Chunk(13))
                {
                    await pipe.Writer.WriteAsync(chunk, token);
                }

                await pipe.Writer.CompleteAsync();
            },
            token);

        var results = await ReadAsync(pipe.Reader, Rules("\n", maxDataLength: 150)).WithinLimit();
        await writing.WithinLimit();

        results.ShouldBe(Enumerable.Range(1, 199).Select(length => length <= 150 ? $"line {length}" : $"long {length}"));
    }

    [Fact]
    public void TakesLinesWithoutAllocating()
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("randomNumber key=value\r\n", 1000)));
        CountLines(bytes).ShouldBe(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var lines = CountLines(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        lines.ShouldBe(1000);
        allocated.ShouldBe(0);
    }

    internal static LineRules Rules(string delimiter, long maxDataLength = 0, long maxLineBytes = LineRules.DefaultMaxLineBytes) =>
        new(Encoding.Latin1.GetBytes(delimiter), maxDataLength, maxLineBytes);

    private static void Check(LineRules rules, string input, string results) => Check(rules, Encoding.Latin1.GetBytes(input), results);

    private static void Check(LineRules rules, byte[] input, string results)
    {
        foreach (var split in Splits.Of(input))
        {
            string.Join('|', LineFeeder.Feed(rules, split)).ShouldBe(results, split.Name);
        }
    }

    private static int CountLines(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        var reader = new LineReader(LineRules.Default);
        var lines = 0;
        while (reader.TryRead(ref buffer, out _, out _) == LineResult.Line)
        {
            lines++;
        }

        return lines;
    }

    private static async Task<List<string>> ReadAsync(PipeReader pipe, LineRules rules)
    {
        var results = new List<string>();
        var reader = new LineReader(rules);
        while (true)
        {
            var read = await pipe.ReadAsync();
            var buffer = read.Buffer;
            for (LineResult result; (result = reader.TryRead(ref buffer, out var line, out var length)) != LineResult.NeedMore;)
            {
                results.Add(result == LineResult.Line ? $"line {line.Length}" : $"long {length}");
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return results;
            }
        }
    }
}
