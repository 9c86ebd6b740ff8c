using System.Text.Unicode;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Decodes names and values of queries and forms.</summary>
/// <remarks>Source: docs/protocol/http.md, "Params". Bytes in, bytes out; what is no UTF-8 once decoded stays as it was sent.</remarks>
internal static class PercentEncoding
{
    /// <summary>Decodes a name or value: <c>+</c> is a blank, then <c>%XX</c>.</summary>
    /// <param name="encoded">Valid UTF-8.</param>
    /// <param name="decoded">Room for as many bytes as <paramref name="encoded"/> has.</param>
    /// <returns>The bytes written; valid UTF-8.</returns>
    public static int Decode(ReadOnlySpan<byte> encoded, Span<byte> decoded)
    {
        encoded.Replace(decoded[..encoded.Length], (byte)'+', (byte)' ');
        var first = encoded.IndexOf((byte)'%');
        if (first < 0)
        {
            return encoded.Length;
        }

        var to = first;
        for (var from = first; from < encoded.Length; from++)
        {
            var value = decoded[from];
            if (value == (byte)'%')
            {
                if (!TryReadHex(encoded, from + 1, out value))
                {
                    return Undo(encoded, decoded);
                }

                from += 2;
            }

            decoded[to++] = value;
        }

        return Utf8.IsValid(decoded[first..to]) ? to : Undo(encoded, decoded);
    }

    private static int Undo(ReadOnlySpan<byte> encoded, Span<byte> decoded)
    {
        encoded.Replace(decoded[..encoded.Length], (byte)'+', (byte)' ');
        return encoded.Length;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> text, int at, out byte value)
    {
        value = 0;
        if (at + 2 > text.Length || !char.IsAsciiHexDigit((char)text[at]) || !char.IsAsciiHexDigit((char)text[at + 1]))
        {
            return false;
        }

        value = (byte)((Digit(text[at]) << 4) | Digit(text[at + 1]));
        return true;
    }

    private static int Digit(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
