using System.Buffers;

namespace Polywire.Sockhop.Peer;

/// <summary>A piece of what is to be written: collected small messages, memory of a sender, or a stream of a sender.</summary>
internal sealed class OutboundSegment
{
    private readonly byte[]? _rented;
    private readonly ReadOnlyMemory<byte> _external;

    public OutboundSegment(int capacity)
    {
        _rented = ArrayPool<byte>.Shared.Rent(capacity);
    }

    public OutboundSegment(ReadOnlyMemory<byte> external, WriteCompletion completion)
    {
        _external = external;
        Length = external.Length;
        Completion = completion;
    }

    public OutboundSegment(OutboundStream stream, WriteCompletion completion)
    {
        Stream = stream;
        Completion = completion;
    }

    public OutboundSegment? Next { get; set; }

    public int Length { get; private set; }

    /// <summary>How much of it is the protocol's own.</summary>
    public int ControlLength { get; set; }

    public WriteCompletion? Completion { get; }

    public OutboundStream? Stream { get; }

    /// <summary>Whether it was begun to be written, so that nothing may be added.</summary>
    public bool IsSealed { get; set; }

    public int Free => _rented is null || IsSealed ? 0 : _rented.Length - Length;

    public bool IsCollected => _rented is not null;

    public ReadOnlyMemory<byte> Memory => _rented is null ? _external : _rented.AsMemory(0, Length);

    public Span<byte> Take(int count)
    {
        var span = _rented.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void Reset()
    {
        Length = 0;
        ControlLength = 0;
        IsSealed = false;
        Next = null;
    }

    public void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
