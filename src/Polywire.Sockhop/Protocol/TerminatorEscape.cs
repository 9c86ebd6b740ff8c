using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Polywire.Sockhop.Protocol;

/// <summary>Keeps a printable terminator out of the messages it ends: within strings, its first character is written as an escape.</summary>
internal sealed class TerminatorEscape
{
    private const int UnicodeEscapeLength = 6;

    private static readonly SearchValues<byte> NeverInUtf8 =
        SearchValues.Create([0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF]);

    private readonly byte[] _terminator;
    private readonly byte[] _character;
    private readonly byte[] _escape;

    private TerminatorEscape(byte[] terminator, byte[] character, byte[] escape)
    {
        _terminator = terminator;
        _character = character;
        _escape = escape;
        HasSpace = terminator.Contains((byte)' ');
    }

    /// <summary>Whether spaces between JSON's tokens could belong to the terminator.</summary>
    public bool HasSpace { get; }

    /// <summary>Checks both terminators.</summary>
    /// <exception cref="ArgumentException">What is written could hold the transmit terminator outside strings.</exception>
    public static void Check(SockhopTerminator terminator) => For(terminator.TransmitBytes);

    /// <summary>The escape that a transmit terminator needs; null where it cannot occur in JSON text.</summary>
    /// <exception cref="ArgumentException">It could occur outside strings, or in escapes that cannot be written otherwise.</exception>
    public static TerminatorEscape? For(ReadOnlySpan<byte> terminator)
    {
        if (!Utf8.IsValid(terminator))
        {
            return terminator.ContainsAny(NeverInUtf8) ? null : throw Refused("is a part of a character");
        }

        Rune.DecodeFromUtf8(terminator, out var first, out var length);
        if (first.Value < ' ')
        {
            return null;
        }

        if (JsonGrammar.MayOccurOutsideStrings(terminator))
        {
            throw Refused("can occur outside of JSON's strings");
        }

        if (JsonGrammar.MayBeginInEscape(terminator))
        {
            throw Refused("can occur in the escapes of JSON's strings");
        }

        Span<char> units = stackalloc char[2];
        var escape = new StringBuilder();
        foreach (var unit in units[..first.EncodeToUtf16(units)])
        {
            escape.Append("\\u").Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
        }

        return new TerminatorEscape(terminator.ToArray(), terminator[..length].ToArray(), Encoding.ASCII.GetBytes(escape.ToString()));
    }

    /// <summary>Whether a message has to be rewritten.</summary>
    public bool IsNeeded(ReadOnlySpan<byte> json) => json.IndexOf(_character) >= 0;

    /// <summary>Whether the terminator can begin within a string of these characters.</summary>
    public bool MayBeginIn(ReadOnlySpan<byte> characters)
    {
        var quote = _terminator.AsSpan().IndexOf((byte)'"');
        return !_terminator.AsSpan(0, quote < 0 ? _terminator.Length : quote).ContainsAnyExcept(characters);
    }

    /// <summary>Writes JSON text with the character escaped, where it stands within a string.</summary>
    public void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> destination)
    {
        while (json.IndexOf((byte)'"') is >= 0 and var quote)
        {
            destination.Write(json[..(quote + 1)]);
            json = WriteString(json[(quote + 1)..], destination);
        }

        destination.Write(json);
    }

    // From behind a string's first quote to behind its last.
    private ReadOnlySpan<byte> WriteString(ReadOnlySpan<byte> json, IBufferWriter<byte> destination)
    {
        while (true)
        {
            var at = json.IndexOfAny((byte)'"', (byte)'\\', _character[0]);
            destination.Write(json[..at]);
            json = json[at..];
            if (json[0] == '"')
            {
                destination.Write("\""u8);
                return json[1..];
            }

            if (json[0] == '\\')
            {
                var length = json[1] == 'u' ? UnicodeEscapeLength : 2;
                WriteEscape(json[..length], destination);
                json = json[length..];
            }
            else if (json.StartsWith(_character))
            {
                destination.Write(_escape);
                json = json[_character.Length..];
            }
            else
            {
                // Another character that begins with the same byte.
                destination.Write(json[..1]);
                json = json[1..];
            }
        }
    }

    // One that holds the character is written otherwise: by number, with digits in the other case.
    private void WriteEscape(ReadOnlySpan<byte> escape, IBufferWriter<byte> destination)
    {
        var character = (char)_character[0];
        if (escape.Length == 2 ? escape[1] != character : !char.IsAsciiHexDigit(character) || escape.IndexOf(_character[0]) < 0)
        {
            destination.Write(escape);
            return;
        }

        var unit = escape.Length == 2 ? JsonGrammar.Unescape(escape[1]) : int.Parse(escape[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var digits = destination.GetSpan(UnicodeEscapeLength);
        "\\u"u8.CopyTo(digits);
        unit.TryFormat(digits[2..], out _, char.IsAsciiLetterUpper(character) ? "x4" : "X4", CultureInfo.InvariantCulture);
        destination.Advance(UnicodeEscapeLength);
    }

    private static ArgumentException Refused(string reason) => new(
        $"{nameof(SockhopOptions.Terminator)}: what is transmitted may not be found in a message, and this one {reason}.");
}
