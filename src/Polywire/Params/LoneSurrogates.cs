using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Polywire.Params;

/// <summary>Unescapes JSON text that System.Text.Json refuses because half of a surrogate pair stands alone.</summary>
/// <remarks>JavaScript peers can send such text; it is legal JSON. Each lone half becomes U+FFFD, as bad UTF-8 does.</remarks>
[Experimental("PWX0001")]
public static class LoneSurrogates
{
    // A backslash, u and four digits.
    private const int EscapeBytes = 6;

    /// <summary>
    /// Writes <c>\ufffd</c> over every escape of a half that has no partner: what is JSON stays JSON, of the same length, and nothing
    /// behind it has to know of such halves. Bytes that are no JSON may be given too.
    /// </summary>
    public static void Replace(Span<byte> json)
    {
        for (var at = Find(json, 0); at >= 0; at = Find(json, at + EscapeBytes))
        {
            "ufffd"u8.CopyTo(json[(at + 1)..]);
        }
    }

    /// <summary>Whether there is an escape of half a surrogate pair that stands alone. The bytes need not be valid JSON.</summary>
    public static bool AreIn(ReadOnlySpan<byte> json) => Find(json, 0) >= 0;

    /// <summary>Reads the text of a JSON string, without its quotes; a half without a partner becomes U+FFFD.</summary>
    public static string Read(ReadOnlySpan<byte> escaped)
    {
        var text = Encoding.UTF8.GetString(escaped);
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                result.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                result.Append(text[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
            }
        }

        // Encoding and decoding replaces every half that has no partner.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(result.ToString()));
    }

    // The first escape, from a place outside of one, that stands for a half without a partner; less than 0 where there is none.
    private static int Find(ReadOnlySpan<byte> json, int from)
    {
        while (from < json.Length && json[from..].IndexOf((byte)'\\') is >= 0 and var found)
        {
            var at = from + found;
            var half = HalfAt(json, at);
            if (half == 0)
            {
                // A backslash that is escaped itself begins nothing.
                from = at + 2;
            }
            else if (char.IsHighSurrogate(half) && char.IsLowSurrogate(HalfAt(json, at + EscapeBytes)))
            {
                from = at + (2 * EscapeBytes);
            }
            else
            {
                return at;
            }
        }

        return -1;
    }

    // The half that an escape at a place stands for; 0 where there is none.
    private static char HalfAt(ReadOnlySpan<byte> json, int at) =>
        at + EscapeBytes <= json.Length
        && json[at] == (byte)'\\'
        && json[at + 1] == (byte)'u'
        && json[at + 2] is (byte)'d' or (byte)'D'
        && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
        && char.IsSurrogate((char)unit)
            ? (char)unit
            : '\0';
}
