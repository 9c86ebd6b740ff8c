using System.Globalization;
using System.Text;

namespace Polywire.Diagnostics;

/// <summary>Makes texts that clients chose fit for a line of the log.</summary>
/// <remarks>What ends lines, moves the cursor, or shows other characters than there are, stands as <c>\u001b</c>: it can neither fill the log nor forge it.</remarks>
internal static class LogText
{
    /// <summary>Characters of an error's text that a line shows at least.</summary>
    public const int ErrorLength = 1024;

    /// <summary>Characters of a name that a line shows: of a room, a key, a verb.</summary>
    public const int NameLength = 256;

    /// <summary>The text on one line.</summary>
    /// <param name="text">The client's.</param>
    /// <param name="maxLength">The characters of the result, escapes counted in full.</param>
    public static string OneLine(string text, int maxLength)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text.Length <= maxLength ? text : text[..maxLength];
        }

        var line = new StringBuilder(Math.Min(text.Length, maxLength) + 16);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var isWhole = Rune.DecodeFromUtf16(rest, out var rune, out var taken) == System.Buffers.OperationStatus.Done;
            var escapes = !isWhole || IsHidden(rune);
            if (line.Length + (escapes ? taken * "\\u0000".Length : taken) > maxLength)
            {
                break;
            }

            foreach (var unit in rest[..taken])
            {
                if (escapes)
                {
                    line.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
                else
                {
                    line.Append(unit);
                }
            }

            rest = rest[taken..];
        }

        return line.ToString();
    }

    /// <summary>Whether a character is not to reach a log as it is: controls (C0, C1, DEL), separators of lines and paragraphs, marks of direction and other invisible ones.</summary>
    public static bool IsHidden(Rune rune) =>
        !rune.IsAscii
            ? Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Format or UnicodeCategory.Surrogate
            : rune.Value is < ' ' or '\u007f';
}
