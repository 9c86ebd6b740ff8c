using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>The masking of payloads (RFC 6455, 5.3).</summary>
internal static class FrameMask
{
    /// <summary>Copies a payload, masked or unmasked.</summary>
    /// <param name="source">A part of the payload.</param>
    /// <param name="target">At least as long.</param>
    /// <param name="mask">The key, its first byte lowest.</param>
    /// <param name="offset">Where in the payload the part begins.</param>
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> target, uint mask, int offset)
    {
        target = target[..source.Length];
        mask = BitOperations.RotateRight(mask, (offset & 3) * 8);
        var at = 0;
        if (BitConverter.IsLittleEndian)
        {
            if (source.Length >= Vector128<byte>.Count)
            {
                var wide = Vector128.Create(mask).AsByte();
                for (; at <= source.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
                {
                    (Vector128.Create(source[at..]) ^ wide).CopyTo(target[at..]);
                }
            }

            for (; at <= source.Length - sizeof(uint); at += sizeof(uint))
            {
                MemoryMarshal.Write(target[at..], MemoryMarshal.Read<uint>(source[at..]) ^ mask);
            }
        }

        for (; at < source.Length; at++)
        {
            target[at] = (byte)(source[at] ^ (mask >> ((at & 3) * 8)));
        }
    }
}
