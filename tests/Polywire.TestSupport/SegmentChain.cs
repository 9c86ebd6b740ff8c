using System.Buffers;

namespace Polywire.TestSupport;

/// <summary>A sequence that grows at its end, one segment for each piece, the way a pipe's buffer does.</summary>
/// <remarks>Segments keep their identity, so a position taken earlier stays good.</remarks>
public sealed class SegmentChain
{
    private Segment? _first;
    private Segment? _last;

    /// <summary>Adds a piece as a segment of its own, an empty one too.</summary>
    public void Append(ReadOnlyMemory<byte> piece)
    {
        _last = new Segment(piece, _last);
        _first ??= _last;
    }

    /// <summary>Everything appended up to now.</summary>
    public ReadOnlySequence<byte> ToSequence() =>
        _first is null || _last is null
            ? ReadOnlySequence<byte>.Empty
            : new ReadOnlySequence<byte>(_first, 0, _last, _last.Memory.Length);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
