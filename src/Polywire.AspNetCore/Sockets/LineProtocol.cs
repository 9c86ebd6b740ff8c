using System.Buffers;

namespace Polywire.AspNetCore.Sockets;

/// <summary>The bytes of the line protocol: where a line ends, what is stripped from it, and the break characters.</summary>
/// <remarks>Source: docs/protocol/socket.md, 3. Holds no state.</remarks>
internal static class LineProtocol
{
    /// <summary>LF.</summary>
    public const byte LineFeed = (byte)'\n';

    /// <summary>CR.</summary>
    public const byte CarriageReturn = (byte)'\r';

    private const byte EndOfTransmission = 0x04;

    // What telnet sends for Ctrl+C: interrupt process, then do timing mark.
    private static ReadOnlySpan<byte> TelnetInterrupt => [0xff, 0xf4, 0xff, 0xfd, 0x06];

    /// <summary>Whether one read brought exactly a break: Ctrl+D, or Ctrl+C of telnet.</summary>
    /// <param name="packet">What came with the read, without what waited from earlier ones.</param>
    public static bool IsBreak(in ReadOnlySequence<byte> packet)
    {
        if (packet.Length > TelnetInterrupt.Length)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[TelnetInterrupt.Length];
        packet.CopyTo(bytes);
        bytes = bytes[..(int)packet.Length];
        return bytes is [EndOfTransmission] || bytes.SequenceEqual(TelnetInterrupt);
    }

    /// <summary>Finds the first LF or CR.</summary>
    /// <returns>Its offset, or -1.</returns>
    public static long FindLineBreak(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return bytes.FirstSpan.IndexOfAny(LineFeed, CarriageReturn);
        }

        long before = 0;
        foreach (var segment in bytes)
        {
            var found = segment.Span.IndexOfAny(LineFeed, CarriageReturn);
            if (found >= 0)
            {
                return before + found;
            }

            before += segment.Length;
        }

        return -1;
    }

    /// <summary>Finds a delimiter, whole segments apart or not.</summary>
    /// <returns>The offset of its first byte, or -1.</returns>
    public static long Find(in ReadOnlySequence<byte> bytes, ReadOnlySpan<byte> delimiter)
    {
        if (bytes.IsSingleSegment)
        {
            return bytes.FirstSpan.IndexOf(delimiter);
        }

        var reader = new SequenceReader<byte>(bytes);
        return reader.TryReadTo(out ReadOnlySequence<byte> before, delimiter) ? before.Length : -1;
    }

    /// <summary>Takes CR and LF off both ends.</summary>
    public static ReadOnlySequence<byte> Strip(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment && line.FirstSpan is [not (LineFeed or CarriageReturn), .., not (LineFeed or CarriageReturn)])
        {
            return line;
        }

        long start = 0;
        long end = 0;
        long at = 0;
        foreach (var segment in line)
        {
            var span = segment.Span;
            var last = span.LastIndexOfAnyExcept(LineFeed, CarriageReturn);
            if (last >= 0)
            {
                // end is 0 until the first byte that stays has been seen.
                start = end == 0 ? at + span.IndexOfAnyExcept(LineFeed, CarriageReturn) : start;
                end = at + last + 1;
            }

            at += span.Length;
        }

        return line.Slice(start, end - start);
    }
}
