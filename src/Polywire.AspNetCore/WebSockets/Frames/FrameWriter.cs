using System.Buffers.Binary;
using System.Text;
using Polywire.Json;

namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>Writes the server's frames: not masked, never fragmented (RFC 6455, 5.1).</summary>
internal static class FrameWriter
{
    public const byte Text = 0x81;
    public const byte CompressedText = 0xC1;
    public const byte Close = 0x88;
    public const byte Ping = 0x89;
    public const byte Pong = 0x8A;

    /// <summary>The longest head: two bytes and a length of eight.</summary>
    public const int MaxHeaderBytes = 10;

    /// <summary>Writes the head of a frame.</summary>
    /// <returns>Its length in bytes.</returns>
    public static int WriteHeader(Span<byte> target, byte first, int length)
    {
        target[0] = first;
        if (length < 126)
        {
            target[1] = (byte)length;
            return 2;
        }

        if (length <= ushort.MaxValue)
        {
            target[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)length);
            return 4;
        }

        target[1] = 127;
        BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)length);
        return MaxHeaderBytes;
    }

    /// <summary>Puts a head in front of the payload that begins at <paramref name="start"/>.</summary>
    public static void Frame(ResponseBuffer buffer, int start, byte first)
    {
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        var size = WriteHeader(header, first, buffer.Length - start);
        buffer.Insert(start, header[..size]);
    }

    /// <summary>A frame of its own.</summary>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        var size = WriteHeader(header, first, payload.Length);
        var frame = new byte[size + payload.Length];
        header[..size].CopyTo(frame);
        payload.CopyTo(frame.AsSpan(size));
        return frame;
    }

    /// <summary>A close frame.</summary>
    /// <param name="code"><see cref="CloseCode.None"/> sends none.</param>
    /// <param name="reason">At most 123 bytes.</param>
    public static byte[] CloseFrame(ushort code, string reason = "")
    {
        if (code == CloseCode.None)
        {
            return Frame(Close, []);
        }

        Span<byte> payload = stackalloc byte[FrameHeader.MaxControlBytes];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        return Frame(Close, payload[..(2 + Encoding.UTF8.GetBytes(reason, payload[2..]))]);
    }
}
