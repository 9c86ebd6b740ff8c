using System.Buffers.Binary;

namespace Polywire.Load.Wire;

/// <summary>Frames as a client sends them (RFC 6455, 5.2). The mask is zero, which spares this program the masking.</summary>
internal static class ClientFrame
{
    /// <summary>The longest head: two bytes, a length of eight, a mask of four.</summary>
    public const int MaxHeadBytes = 14;

    private const byte TextBits = 0x81;
    private const byte MaskBit = 0x80;

    /// <summary>A close frame with code 1000.</summary>
    public static ReadOnlyMemory<byte> Close { get; } = new byte[] { 0x88, MaskBit | 2, 0, 0, 0, 0, 0x03, 0xE8 };

    /// <summary>An empty pong.</summary>
    public static ReadOnlyMemory<byte> Pong { get; } = new byte[] { 0x8A, MaskBit, 0, 0, 0, 0 };

    /// <summary>Writes the head of a frame.</summary>
    /// <param name="to">At least <see cref="MaxHeadBytes"/>.</param>
    /// <param name="length">Of the payload.</param>
    /// <param name="first">Bits and opcode; a whole text by default.</param>
    /// <returns>Its length in bytes.</returns>
    public static int WriteHead(Span<byte> to, int length, byte first = TextBits)
    {
        to[0] = first;
        var size = length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
        to[1] = (byte)(MaskBit | size switch { 2 => length, 4 => 126, _ => 127 });
        switch (size)
        {
            case 4:
                BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
                break;
            case 10:
                BinaryPrimitives.WriteInt64BigEndian(to[2..], length);
                break;
        }

        to.Slice(size, 4).Clear();
        return size + 4;
    }

    /// <summary>A whole text message.</summary>
    public static byte[] Text(ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[MaxHeadBytes];
        return [.. head[..WriteHead(head, payload.Length)], .. payload];
    }
}
