using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Polywire.AspNetCore.Sockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets;

/// <summary>Compares the reader with the plainest way of saying what it does, on inputs nobody thought of.</summary>
public class LineReaderFuzzTests
{
    private static readonly byte[][] Corpus =
    [
        [.. "roomAdd lobby\nsay lobby hello\r\nquit\r\n"u8],
        [.. "{\"action\":\"status\",\"params\":{}}\r\n\r\n{}\n"u8],
        [.. "paramAdd key=value^]status^]\r\nquit^]^]"u8],
        [.. "^^^]]^]\r^\n]\r\n^]"u8],
        [.. "aabaaab\r\r\n\n\raab"u8],
        [.. Encoding.UTF8.GetBytes("grüße ☃\r\n" + new string('x', 60) + "\n")],
    ];

    private static readonly LineRules[] EveryRule =
    [
        .. new[] { "\n", "^]", "\r\n", "\r", "aab", ";" }.SelectMany(delimiter => new[]
        {
            LineReaderTests.Rules(delimiter),
            LineReaderTests.Rules(delimiter, maxDataLength: 7),
            LineReaderTests.Rules(delimiter, maxLineBytes: 20),
        }),
    ];

    [Fact]
    public void DoesTheSameHoweverTheBytesArrive()
    {
        Fuzz.Run(Corpus, 1500, input =>
        {
            var rules = EveryRule[input.Length % EveryRule.Length];
            var random = new Random(input.Length);
            var expected = Expected(rules, input);

            Feed(rules, new Split("whole", [input])).ShouldBe(expected);
            Feed(rules, Cut(input, () => 1)).ShouldBe(expected);
            Feed(rules, Cut(input, () => random.Next(0, 6))).ShouldBe(expected);
            ThroughAPipe(rules, Cut(input, () => random.Next(1, 40))).ShouldBe(expected);
        });
    }

    [Fact]
    public void GoesOnWhereAPipeUsesItsSegmentsAgain()
    {
        var corpus = EveryRule.Select(rules => Lines(rules.Delimiter.ToArray())).ToArray();

        Fuzz.Run(corpus, 1500, input =>
        {
            var rules = EveryRule[input.Length % EveryRule.Length];
            var random = new Random(input.Length);

            ThroughAPipe(rules, Cut(input, () => random.Next(1, 18))).ShouldBe(Expected(rules, input));
        });
    }

    [Fact]
    public void LinesWrittenComeBackAsTheyWere()
    {
        var rules = EveryRule[0];
        var anyLine = Gen.String[Gen.OneOf<char>(Gen.Char['\0', '\u007f'], Gen.Char['\u0080', '\uffff'])];

        Gen.Select(anyLine.Array[0, 20], Gen.Byte).Sample((texts, cut) =>
        {
            var lines = texts.Select(text => text.Replace('\n', ' ').Replace('\r', ' ')).Where(text => text.Length > 0).ToArray();
            var payload = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + (line.Length % 2 == 0 ? "\r\n" : "\n"))));
            var sent = lines.Select(line => "line " + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(line)));
            return Feed(rules, Cut(payload, () => cut + 1)).SequenceEqual(sent);
        });
    }

    /// <summary>What the whole input gives, with no thought for packets or memory.</summary>
    private static List<string> Expected(LineRules rules, byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var delimiter = Encoding.Latin1.GetString(rules.Delimiter);
        var parts = delimiter == "\n" ? text.Replace('\r', '\n').Split('\n') : text.Split(delimiter);
        var results = new List<string>();
        foreach (var line in parts[..^1])
        {
            if (rules.MaxDataLength > 0 && line.Length > rules.MaxDataLength)
            {
                results.Add($"long {line.Length}");
            }
            else if (rules.MaxDataLength == 0 && line.Length > rules.MaxLineBytes)
            {
                return [.. results, "ceiling"];
            }
            else if (line.Trim('\r', '\n') is { Length: > 0 } stripped)
            {
                results.Add("line " + stripped);
            }
        }

        // Of a line without its end, the last bytes may be half a delimiter.
        var isOver = rules.MaxDataLength == 0 && parts[^1].Length - (delimiter.Length - 1) > rules.MaxLineBytes;
        return isOver ? [.. results, "ceiling"] : results;
    }

    // Cut at random, a byte of the input may make a packet that is a break.
    private static List<string> Feed(LineRules rules, Split split) => LineFeeder.Feed(rules, split, heedBreaks: false);

    /// <summary>Through a real pipe with tiny segments, which are used again as soon as they are let go.</summary>
    private static List<string> ThroughAPipe(LineRules rules, Split split)
    {
        var pipe = new Pipe(new PipeOptions(new TinyPool(), pauseWriterThreshold: 0, minimumSegmentSize: 1));
        var reader = new LineReader(rules);
        var results = new List<string>();
        foreach (var piece in split.Pieces)
        {
            pipe.Writer.Write(piece.Span);
            pipe.Writer.FlushAsync().AsTask().IsCompleted.ShouldBeTrue();
            pipe.Reader.TryRead(out var read).ShouldBeTrue();
            var buffer = read.Buffer;
            _ = reader.IsBreak(buffer);
            for (LineResult result; (result = reader.TryRead(ref buffer, out var line, out var length)) != LineResult.NeedMore;)
            {
                if (result == LineResult.CeilingHit)
                {
                    return [.. results, "ceiling"];
                }

                results.Add(result == LineResult.TooLong ? $"long {length}" : "line " + Encoding.Latin1.GetString(line));
            }

            pipe.Reader.AdvanceTo(buffer.Start, buffer.End);
        }

        return results;
    }

    private static byte[] Lines(byte[] delimiter)
    {
        var random = new Random(delimiter[0]);
        return [.. Enumerable.Range(0, 40).SelectMany(_ => Enumerable.Repeat((byte)'x', random.Next(20)).Concat(delimiter))];
    }

    private static Split Cut(byte[] input, Func<int> next)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < input.Length;)
        {
            var length = Math.Min(next(), input.Length - at);
            pieces.Add(input.AsMemory(at, length));
            at += length;
        }

        return new Split("cut", pieces);
    }

    /// <summary>Blocks of four bytes.</summary>
    private sealed class TinyPool : MemoryPool<byte>
    {
        public override int MaxBufferSize => 4;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Block();

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[4];

            public void Dispose()
            {
            }
        }
    }
}
