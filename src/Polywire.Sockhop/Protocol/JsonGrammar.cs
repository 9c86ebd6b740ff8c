namespace Polywire.Sockhop.Protocol;

/// <summary>What can stand next to what in JSON text without white space. Says yes where it is in doubt.</summary>
internal static class JsonGrammar
{
    private const string Digits = "0123456789";
    private const string BeginningsOfValues = "{[\"-" + Digits + "tfn";
    private const string EndsOfValues = ",]}";

    /// <summary>Whether bytes can occur outside strings, or begin there and end within one or behind the text, which another such text may follow.</summary>
    public static bool MayOccurOutsideStrings(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != '"' && Followers(bytes[0]).Length == 0)
        {
            return false;
        }

        for (var i = 1; i < bytes.Length && bytes[i - 1] != '"'; i++)
        {
            // What begins with the last character of the text could be completed by the terminator itself.
            var endsText = bytes[i - 1] == '}' && bytes[i] == bytes[0];
            if (!endsText && !Followers(bytes[i - 1]).Contains((char)bytes[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether bytes can begin within an escape that cannot be written without the first of them.</summary>
    public static bool MayBeginInEscape(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        (byte)'\\' or (>= (byte)'0' and <= (byte)'9') => true,
        (byte)'u' => bytes.Length == 1 || char.IsAsciiHexDigit((char)bytes[1]),
        _ => false,
    };

    /// <summary>The character that a short escape stands for.</summary>
    public static int Unescape(byte letter) => letter switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => letter,
    };

    private static string Followers(byte before) => (char)before switch
    {
        '{' => "\"}",
        '[' => BeginningsOfValues + "]",
        ':' or ',' => BeginningsOfValues,
        '}' or ']' => EndsOfValues,
        '-' => Digits,
        >= '0' and <= '9' => Digits + ".eE" + EndsOfValues,
        '.' or '+' => Digits,
        'E' => Digits + "+-",

        // Of a number, or of the words true, false and null.
        'e' => Digits + "+-" + EndsOfValues,
        't' => "r",
        'r' => "u",
        'u' => "el",
        'f' => "a",
        'a' => "l",
        'l' => "sl" + EndsOfValues,
        's' => "e",
        'n' => "u",
        _ => "",
    };
}
