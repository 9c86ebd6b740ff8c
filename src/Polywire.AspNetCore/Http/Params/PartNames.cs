using System.Globalization;
using System.Text;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>The name of a part, and of the file that it is.</summary>
/// <remarks>Source: docs/protocol/http.md, "Multipart".</remarks>
internal static class PartNames
{
    /// <summary>Reads them.</summary>
    /// <param name="disposition">The part's.</param>
    /// <param name="name">The field's or file's name; null where there is none, so that nothing can be made of the part.</param>
    /// <param name="fileName">The last part of the client's name of the file; null for a field.</param>
    /// <returns>False where one stands twice.</returns>
    public static bool TryRead(HeaderParameters? disposition, out string? name, out string? fileName)
    {
        name = null;
        fileName = null;
        if (disposition is null)
        {
            return true;
        }

        if (!disposition.TryGet("name", out var given)
            || !disposition.TryGet("filename", out var plain)
            || !disposition.TryGet("filename*", out var extended))
        {
            return false;
        }

        if (given is null)
        {
            return true;
        }

        name = Unescape(given);
        var sent = (extended is null ? null : Decode(extended)) ?? (plain is null ? extended : Unescape(plain));

        // What stands before the last slash or backslash is the client's own folder.
        fileName = sent?[(sent.LastIndexOfAny(['/', '\\']) + 1)..];
        return true;
    }

    // Browsers write a quotation mark so.
    private static string Unescape(string text) => text.Replace("%22", "\"", StringComparison.Ordinal);

    // charset'language'text (RFC 8187, 3.2.1); null for what is none.
    private static string? Decode(string extended)
    {
        var first = extended.IndexOf('\'', StringComparison.Ordinal);
        var second = first < 0 ? -1 : extended.IndexOf('\'', first + 1);
        if (second < 0)
        {
            return null;
        }

        var isLatin = extended.AsSpan(0, first).Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase);
        if (!isLatin && !extended.AsSpan(0, first).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new List<byte>();
        for (var i = second + 1; i < extended.Length; i++)
        {
            if (extended[i] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(extended, i, 1));
            }
            else if (byte.TryParse(extended.AsSpan(i + 1, Math.Min(2, extended.Length - i - 1)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                && i + 2 < extended.Length)
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        var text = bytes.ToArray();
        return isLatin ? Encoding.Latin1.GetString(text)
            : System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text)
            : null;
    }
}
