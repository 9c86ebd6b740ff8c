using System.Globalization;
using System.Text;

namespace Polywire;

/// <summary>Unescapes JSON text that System.Text.Json refuses because half of a surrogate pair stands alone.</summary>
/// <remarks>JavaScript peers can send such text; it is legal JSON. Each lone half becomes U+FFFD, as bad UTF-8 does.</remarks>
internal static class LoneSurrogates
{
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
}
