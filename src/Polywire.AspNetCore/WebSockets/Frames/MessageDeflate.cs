using System.Buffers;
using System.IO.Compression;
using Polywire.Params;

namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>Compresses and decompresses whole messages, each for itself (RFC 7692, 7.2).</summary>
internal static class MessageDeflate
{
    /// <summary>Shorter messages go out as they are: what compression saves there is less than a packet.</summary>
    public const int LeastBytes = 1024;

    // The sender leaves away the end of an empty block; behind it a last, empty block tells the decoder that all is there.
    private static readonly byte[] Tail = [0x00, 0x00, 0xff, 0xff, 0x01, 0x00, 0x00, 0xff, 0xff];

    /// <summary>Compresses a message.</summary>
    public static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> message)
    {
        using var output = new MemoryStream(message.Length / 2);
        using (var deflate = new DeflateStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(message);
            deflate.Flush();

            // The flush ends with an empty block, whose last four bytes are not sent; what closing adds is not either.
            return output.GetBuffer().AsMemory(0, (int)output.Length - 4);
        }
    }

    /// <summary>Decompresses a message into room of <paramref name="set"/>.</summary>
    /// <param name="message">As it came, without the end that the sender left away.</param>
    /// <param name="limit">The largest size in bytes.</param>
    /// <param name="set">Takes the message; to be loaded by the caller.</param>
    public static FrameResult Decompress(ReadOnlySpan<byte> message, int limit, ParamSet set)
    {
        var input = ArrayPool<byte>.Shared.Rent(message.Length + Tail.Length);
        var output = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(message.Length * 4L, 1024), limit + 1L));
        try
        {
            message.CopyTo(input);
            Tail.CopyTo(input.AsSpan(message.Length));
            using var inflate = new DeflateStream(new MemoryStream(input, 0, message.Length + Tail.Length, writable: false), CompressionMode.Decompress);
            var length = 0;
            while (true)
            {
                if (length == output.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit + 1L, output.Length * 2L));
                    output.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(output);
                    output = larger;
                }

                var read = inflate.Read(output, length, output.Length - length);
                length += read;
                if (length > limit)
                {
                    return FrameResult.TooBig;
                }

                if (read == 0)
                {
                    output.AsSpan(0, length).CopyTo(set.Prepare(length));
                    return FrameResult.Message;
                }
            }
        }
        catch (InvalidDataException)
        {
            return FrameResult.InvalidData;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<byte>.Shared.Return(output);
        }
    }
}
