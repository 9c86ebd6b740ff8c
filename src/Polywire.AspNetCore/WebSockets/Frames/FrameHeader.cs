using System.Buffers;
using System.Buffers.Binary;

namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>The head of a client's frame (RFC 6455, 5.2).</summary>
internal struct FrameHeader
{
    public const byte Continuation = 0x0;
    public const byte Text = 0x1;
    public const byte Binary = 0x2;
    public const byte Close = 0x8;
    public const byte Ping = 0x9;
    public const byte Pong = 0xA;

    /// <summary>The longest payload of a control frame.</summary>
    public const int MaxControlBytes = 125;

    /// <summary>The longest head: two bytes, a length of eight, a mask of four.</summary>
    public const int MaxBytes = 14;

    private const byte FinBit = 0x80;
    private const byte CompressedBit = 0x40;
    private const byte ReservedBits = 0x30;
    private const byte MaskBit = 0x80;

    private byte _first;

    /// <summary>Length of the head in bytes.</summary>
    public int Size { get; private set; }

    /// <summary>Length of the payload in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The key, its first byte lowest.</summary>
    public uint Mask { get; private set; }

    public readonly byte Opcode => (byte)(_first & 0xF);

    public readonly bool IsFinal => (_first & FinBit) != 0;

    public readonly bool IsCompressed => (_first & CompressedBit) != 0;

    public readonly bool IsControl => (_first & 0x8) != 0;

    /// <summary>Reads the head at the start of a buffer.</summary>
    /// <param name="buffer">Not moved.</param>
    /// <param name="header">Whole where the result is <see cref="FrameResult.Message"/>.</param>
    /// <returns>Message, NeedMore, or Violation, which is told as early as it shows.</returns>
    public static FrameResult Read(in ReadOnlySequence<byte> buffer, out FrameHeader header)
    {
        var span = buffer.FirstSpan;
        if (span.Length >= MaxBytes || buffer.IsSingleSegment)
        {
            return Read(span, out header);
        }

        Span<byte> joined = stackalloc byte[MaxBytes];
        var length = (int)Math.Min(buffer.Length, MaxBytes);
        buffer.Slice(0, length).CopyTo(joined);
        return Read(joined[..length], out header);
    }

    private static FrameResult Read(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < 2)
        {
            return FrameResult.NeedMore;
        }

        header._first = bytes[0];
        int length = bytes[1] & ~MaskBit;
        var isKnown = header.Opcode is Continuation or Text or Binary or Close or Ping or Pong;
        if (!isKnown
            || (bytes[0] & ReservedBits) != 0
            || (bytes[1] & MaskBit) == 0
            || (header.IsControl && (!header.IsFinal || header.IsCompressed || length > MaxControlBytes)))
        {
            return FrameResult.Violation;
        }

        var lengthBytes = length switch { 126 => 2, 127 => 8, _ => 0 };
        header.Size = 2 + lengthBytes + 4;
        if (bytes.Length < header.Size)
        {
            return FrameResult.NeedMore;
        }

        header.Length = lengthBytes switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            8 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            _ => length,
        };
        header.Mask = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(2 + lengthBytes)..]);
        return header.Length < 0 ? FrameResult.Violation : FrameResult.Message;
    }
}
