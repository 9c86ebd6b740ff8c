using System.Buffers;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Cuts the bytes of one connection into lines.</summary>
/// <remarks>
/// <para>Source: docs/protocol/socket.md, 3.</para>
/// <para>
/// Read from the pipe; ask <see cref="IsBreak"/>; call <see cref="TryRead"/> until it answers <see cref="LineResult.NeedMore"/>; then
/// advance the pipe with consumed = the buffer's start, which has moved, and examined = its end. The next buffer must begin where this
/// one was left, in the same segments, as a <see cref="System.IO.Pipelines.PipeReader"/> does, or else in others altogether. What is
/// left when the input ends is half a line: it is dropped.
/// </para>
/// <para>
/// Every byte is searched once, but for those at the end that may begin a delimiter, so a long line in many small packets costs no
/// more than in one. A line over the limit is let go as it arrives: no more than the limit and one delimiter stay in the buffer.
/// </para>
/// <para>A mutable struct: keep it in a field or local that is not read-only, and do not copy it. For one reading task at a time.</para>
/// </remarks>
internal struct LineReader
{
    private readonly LineRules _rules;

    // Bytes of the present line, over the limit, that were let go.
    private long _discarded;

    // Bytes that stayed in the buffer at the last NeedMore; they hold no delimiter.
    private long _waiting;

    // Where the search goes on, and the first segment of the buffer in which that was noted. To count the offset from the start of the
    // buffer again with each packet would make a long line in small packets quadratic in segments: 60 MB in packets of 1 KB cost twelve
    // seconds that way.
    private ReadOnlySequenceSegment<byte>? _resume;
    private ReadOnlySequenceSegment<byte>? _resumeStart;

    public LineReader(LineRules rules)
    {
        _rules = rules;
    }

    /// <summary>How many bytes at the start of the next buffer will not be searched again.</summary>
    public readonly long Searched => Math.Max(0, _waiting - (_rules.Delimiter.Length - 1));

    /// <summary>How many bytes have come of a line that has begun, after <see cref="LineResult.NeedMore"/>; those that were let go included.</summary>
    public readonly long Begun => _discarded + _waiting;

    /// <summary>What came with the latest read, apart from what waited in the buffer.</summary>
    /// <param name="buffer">As the pipe handed it out, before <see cref="TryRead"/>.</param>
    public readonly ReadOnlySequence<byte> Latest(in ReadOnlySequence<byte> buffer) => From(buffer, _waiting);

    /// <summary>Whether what came with the latest read is exactly a break.</summary>
    /// <param name="buffer">As the pipe handed it out, before <see cref="TryRead"/>.</param>
    public readonly bool IsBreak(in ReadOnlySequence<byte> buffer) => LineProtocol.IsBreak(Latest(buffer));

    /// <summary>Takes the next line, or the end of a line that is too long, off a buffer.</summary>
    /// <param name="buffer">Moved past all that is done with.</param>
    /// <param name="line">
    /// With <see cref="LineResult.Line"/> its bytes, at least one, without the delimiter, and stripped of CR and LF at both ends where
    /// the delimiter is not LF. Not decoded; valid until the pipe is advanced. Else empty.
    /// </param>
    /// <param name="length">
    /// Length in bytes of the line as it came, without its delimiter: that is what the limit is compared with. With
    /// <see cref="LineResult.CeilingHit"/> what is known of it, with <see cref="LineResult.NeedMore"/> 0.
    /// </param>
    public LineResult TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line, out long length)
    {
        while (true)
        {
            var searched = Searched;
            var unsearched = From(buffer, searched);
            var found = _rules.EndsAtLineBreaks ? LineProtocol.FindLineBreak(unsearched) : LineProtocol.Find(unsearched, _rules.Delimiter);
            if (found < 0)
            {
                line = default;
                return Wait(ref buffer, unsearched, out length);
            }

            var end = searched + found;
            length = _discarded + end;
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(AfterDelimiter(buffer, end));
            _waiting = 0;
            _discarded = 0;
            if (Exceeds(length) is { } result)
            {
                line = default;
                return result;
            }

            if (!_rules.EndsAtLineBreaks)
            {
                line = LineProtocol.Strip(line);
            }

            if (!line.IsEmpty)
            {
                return LineResult.Line;
            }
        }
    }

    /// <summary>Remembers what was searched, and lets go of what belongs to a line over the limit.</summary>
    private LineResult Wait(ref ReadOnlySequence<byte> buffer, in ReadOnlySequence<byte> unsearched, out long length)
    {
        // The last bytes may be the beginning of a delimiter; the others are the line's for certain.
        var certain = Math.Max(0, buffer.Length - (_rules.Delimiter.Length - 1));
        length = _discarded + certain;
        var result = Exceeds(length);
        if (result is not null)
        {
            _discarded = length;
            buffer = buffer.Slice(certain);
            // A pipe uses the segments let go again, and in another order.
            _resume = _resumeStart = null;
        }
        else
        {
            _resume = unsearched.Start.GetObject() as ReadOnlySequenceSegment<byte>;
            _resumeStart = buffer.Start.GetObject() as ReadOnlySequenceSegment<byte>;
        }

        _waiting = buffer.Length;
        if (result is LineResult.CeilingHit)
        {
            return LineResult.CeilingHit;
        }

        length = 0;
        return LineResult.NeedMore;
    }

    private readonly LineResult? Exceeds(long length)
    {
        if (_rules.MaxDataLength > 0)
        {
            return length > _rules.MaxDataLength ? LineResult.TooLong : null;
        }

        return _rules.MaxLineBytes > 0 && length > _rules.MaxLineBytes ? LineResult.CeilingHit : null;
    }

    /// <summary>The buffer from an offset on that is not before what was searched, without a walk over all its segments.</summary>
    private readonly ReadOnlySequence<byte> From(in ReadOnlySequence<byte> buffer, long offset)
    {
        if (offset == 0)
        {
            return buffer;
        }

        if (buffer.Start.GetObject() is not ReadOnlySequenceSegment<byte> start || !ReferenceEquals(start, _resumeStart))
        {
            return buffer.Slice(offset);
        }

        // What has not been consumed stays where it is and grows at its end only: from the same first segment on, the way to the noted
        // one is still the same.
        var position = start.RunningIndex + buffer.Start.GetInteger() + offset;
        var end = (ReadOnlySequenceSegment<byte>)buffer.End.GetObject()!;
        var segment = _resume!;
        while (!ReferenceEquals(segment, end) && segment.RunningIndex + segment.Memory.Length <= position)
        {
            segment = segment.Next!;
        }

        return new ReadOnlySequence<byte>(segment, (int)(position - segment.RunningIndex), end, buffer.End.GetInteger());
    }

    private readonly long AfterDelimiter(in ReadOnlySequence<byte> buffer, long end)
    {
        if (!_rules.EndsAtLineBreaks)
        {
            return end + _rules.Delimiter.Length;
        }

        // The LF after a CR, and empty lines, go along with the line before them while they lie in the first segment.
        var after = end + 1;
        var span = buffer.FirstSpan;
        while (after < span.Length && span[(int)after] is LineProtocol.LineFeed or LineProtocol.CarriageReturn)
        {
            after++;
        }

        return after;
    }
}
