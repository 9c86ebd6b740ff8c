using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>A message to be written in whatever mode is in force when its turn comes.</summary>
internal ref struct OutboundFrame
{
    public FrameKind Kind;
    public WireType Type;

    /// <summary>JSON text; or a buffer's bytes, if there is no <see cref="Bytes"/> or <see cref="Stream"/>.</summary>
    public ReadOnlySpan<byte> Data;

    /// <summary>Whether it is a buffer.</summary>
    public bool IsBytes;

    /// <summary>A buffer's bytes where they may stay until they are written.</summary>
    public ReadOnlyMemory<byte> Bytes;

    public Stream? Stream;

    public long StreamLength;

    /// <summary>The id of a request or response.</summary>
    public ReadOnlySpan<byte> Id;

    public bool IdIsJson;

    public readonly long DataLength => Stream is not null ? StreamLength : Bytes.IsEmpty ? Data.Length : Bytes.Length;

    public readonly bool IsTypedBuffer => IsBytes && Kind != FrameKind.Response && !ReferenceEquals(Type, WireType.Buffer);
}
