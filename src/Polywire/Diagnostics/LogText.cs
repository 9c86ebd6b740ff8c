namespace Polywire.Diagnostics;

/// <summary>Makes texts that clients chose fit for a line of the log.</summary>
internal static class LogText
{
    /// <summary>The text, cut, with a space in place of every control character: it can neither fill the log nor forge a line of it.</summary>
    public static string OneLine(string text, int maxLength) =>
        string.Concat(Cut(text, maxLength).Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    /// <summary>The first characters of a text; never half of a surrogate pair.</summary>
    public static string Cut(string text, int maxLength) =>
        text.Length <= maxLength ? text
        : maxLength > 0 && char.IsHighSurrogate(text[maxLength - 1]) ? text[..(maxLength - 1)]
        : text[..maxLength];
}
