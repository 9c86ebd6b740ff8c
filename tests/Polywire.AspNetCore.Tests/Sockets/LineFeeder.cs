using System.Buffers;
using System.Text;
using Polywire.AspNetCore.Sockets;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Sockets;

/// <summary>Hands packets to a <see cref="LineReader"/> as a connection's read loop does, and writes down what comes out.</summary>
internal sealed class LineFeeder(LineRules rules, bool heedBreaks = true)
{
    private LineReader _reader = new(rules);
    private ReadOnlySequence<byte> _rest = ReadOnlySequence<byte>.Empty;

    /// <summary>In order: <c>line TEXT</c> (Latin-1), <c>long LENGTH</c>, <c>ceiling</c>, <c>break</c>; the last two end it.</summary>
    public List<string> Results { get; } = [];

    /// <summary>Bytes that wait for the rest of their line.</summary>
    public long Waiting => _rest.Length;

    /// <summary>The most that ever waited.</summary>
    public long MostWaiting { get; private set; }

    /// <summary>How many bytes were searched in all, those searched twice counted twice.</summary>
    public long BytesSearched { get; private set; }

    public bool Ended { get; private set; }

    public static List<string> Feed(LineRules rules, Split split, bool heedBreaks = true)
    {
        var feeder = new LineFeeder(rules, heedBreaks);
        foreach (var piece in split.Pieces)
        {
            feeder.Feed(piece);
        }

        return feeder.Results;
    }

    public void Feed(ReadOnlyMemory<byte> packet)
    {
        if (Ended)
        {
            return;
        }

        var buffer = Join(packet);
        if (heedBreaks && _reader.IsBreak(buffer))
        {
            End("break");
            return;
        }

        while (true)
        {
            var before = buffer.Length - _reader.Searched;
            var result = _reader.TryRead(ref buffer, out var line, out var length);
            BytesSearched += before - (result == LineResult.NeedMore ? 0 : buffer.Length);
            switch (result)
            {
                case LineResult.NeedMore:
                    _rest = buffer;
                    MostWaiting = Math.Max(MostWaiting, _rest.Length);
                    return;
                case LineResult.Line:
                    Results.Add("line " + Encoding.Latin1.GetString(line));
                    break;
                case LineResult.TooLong:
                    Results.Add($"long {length}");
                    break;
                default:
                    End("ceiling");
                    return;
            }
        }
    }

    private void End(string how)
    {
        Results.Add(how);
        Ended = true;
    }

    private ReadOnlySequence<byte> Join(ReadOnlyMemory<byte> packet)
    {
        var chain = new SegmentChain();
        foreach (var segment in _rest)
        {
            chain.Append(segment);
        }

        chain.Append(packet);
        return chain.ToSequence();
    }
}
