using Polywire.Json;

namespace Polywire.AspNetCore.Compatibility.JavaScript;

/// <summary>Escapes U+2028 and U+2029, which end a line in older JavaScript, in JSON that was taken over as it came.</summary>
internal static class LineSeparators
{
    private const byte Lead = 0xE2;

    /// <summary>Escapes them in all of a buffer from <paramref name="start"/> on.</summary>
    public static void Escape(ResponseBuffer buffer, int start)
    {
        if (Find(buffer.WrittenSpan[start..]) < 0)
        {
            return;
        }

        var bytes = buffer.WrittenSpan[start..].ToArray().AsSpan();
        buffer.Truncate(start);
        int at;
        while ((at = Find(bytes)) >= 0)
        {
            buffer.Write(bytes[..at]);
            buffer.Write(bytes[at + 2] == 0xA8 ? "\\u2028"u8 : "\\u2029"u8);
            bytes = bytes[(at + 3)..];
        }

        buffer.Write(bytes);
    }

    /// <summary>Where the next of them stands; -1 for nowhere.</summary>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        var from = 0;
        while (true)
        {
            var found = bytes[from..].IndexOf(Lead);
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (from + 2 < bytes.Length && bytes[from + 1] == 0x80 && bytes[from + 2] is 0xA8 or 0xA9)
            {
                return from;
            }

            from++;
        }
    }
}
