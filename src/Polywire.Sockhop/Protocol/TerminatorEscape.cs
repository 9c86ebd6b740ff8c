using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Polywire.Sockhop.Protocol;

/// <summary>Keeps a printable terminator out of the messages it ends: its first character is written as an escape.</summary>
internal sealed class TerminatorEscape
{
    // Outside strings, or within an escape, these cannot be written otherwise.
    private static readonly SearchValues<byte> Structural = SearchValues.Create("{}[]:,\"\\/+-.0123456789abcdefABCDEFlnrstu"u8);

    private static readonly SearchValues<byte> NeverInUtf8 =
        SearchValues.Create([0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF]);

    private readonly byte[] _character;
    private readonly byte[] _escape;

    private TerminatorEscape(byte[] character, byte[] escape)
    {
        _character = character;
        _escape = escape;
    }

    /// <summary>Checks both terminators.</summary>
    /// <exception cref="ArgumentException">What is written could hold the transmit terminator outside strings.</exception>
    public static void Check(SockhopTerminator terminator) => For(terminator.TransmitBytes);

    /// <summary>The escape that a transmit terminator needs; null where it cannot occur in JSON text.</summary>
    /// <exception cref="ArgumentException">It could occur outside strings.</exception>
    public static TerminatorEscape? For(ReadOnlySpan<byte> terminator)
    {
        if (!Utf8.IsValid(terminator))
        {
            return terminator.ContainsAny(NeverInUtf8) ? null : throw Refused();
        }

        Rune.DecodeFromUtf8(terminator, out var first, out var length);
        if (first.Value < ' ')
        {
            return null;
        }

        if (Structural.Contains(terminator[0]))
        {
            throw Refused();
        }

        Span<char> units = stackalloc char[2];
        var escape = new StringBuilder();
        foreach (var unit in units[..first.EncodeToUtf16(units)])
        {
            escape.Append("\\u").Append(((int)unit).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        }

        return new TerminatorEscape(terminator[..length].ToArray(), Encoding.ASCII.GetBytes(escape.ToString()));
    }

    /// <summary>Whether a message has to be rewritten.</summary>
    public bool IsNeeded(ReadOnlySpan<byte> json) => json.IndexOf(_character) >= 0;

    /// <summary>Writes JSON text with the character escaped.</summary>
    public void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> destination)
    {
        for (int at; (at = json.IndexOf(_character)) >= 0; json = json[(at + _character.Length)..])
        {
            destination.Write(json[..at]);
            destination.Write(_escape);
        }

        destination.Write(json);
    }

    private static ArgumentException Refused() => new(
        $"{nameof(SockhopOptions.Terminator)}: what is transmitted may not begin with a character that JSON uses outside strings or in " +
        "escapes: brackets, braces, colon, comma, quote, slashes, signs, point, digits, a to f, l, n, r, s, t, u or A to F; nor be a part of a character.");
}
