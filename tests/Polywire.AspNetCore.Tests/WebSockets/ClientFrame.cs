using System.Buffers.Binary;
using System.Text;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>Writes frames as a client does, right and wrong ones.</summary>
internal static class ClientFrame
{
    public const byte Fin = 0x80;
    public const byte Rsv1 = 0x40;
    public const byte Continuation = 0x0;
    public const byte Text = 0x1;
    public const byte Binary = 0x2;
    public const byte Close = 0x8;
    public const byte Ping = 0x9;
    public const byte Pong = 0xA;

    /// <summary>One whole text message.</summary>
    public static byte[] Message(string text) => Of(Fin | Text, text);

    public static byte[] Of(int first, string payload) => Of(first, Encoding.UTF8.GetBytes(payload));

    /// <summary>A masked frame, with the shortest length that holds it.</summary>
    public static byte[] Of(int first, byte[] payload, uint mask = 0x37FA213D, int? lengthBytes = null)
    {
        var size = lengthBytes ?? (payload.Length < 126 ? 0 : payload.Length <= ushort.MaxValue ? 2 : 8);
        return [.. Head(first, (ulong)payload.Length, size, mask), .. payload.Select((value, at) => (byte)(value ^ (mask >> (24 - ((at & 3) * 8)))))];
    }

    /// <summary>The head of a masked frame alone.</summary>
    /// <param name="first">Bits and opcode.</param>
    /// <param name="length">What it says.</param>
    /// <param name="lengthBytes">0, 2 or 8.</param>
    /// <param name="mask">Sent with its upper byte first.</param>
    public static byte[] Head(int first, ulong length, int lengthBytes, uint mask = 0)
    {
        var head = new byte[2 + lengthBytes + 4];
        head[0] = (byte)first;
        head[1] = (byte)(0x80 | lengthBytes switch { 0 => (int)length, 2 => 126, _ => 127 });
        switch (lengthBytes)
        {
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)length);
                break;
            case 8:
                BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), length);
                break;
        }

        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(2 + lengthBytes), mask);
        return head;
    }

    /// <summary>A close frame.</summary>
    public static byte[] Closing(ushort code, string reason = "") =>
        Of(Fin | Close, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);
}
