using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Polywire.Inputs;

namespace Polywire.Binding;

public static partial class InputConvert
{
    private const long MinMilliseconds = -62_135_596_800_000;
    private const long MaxMilliseconds = 253_402_300_799_999;
    private const int LongestTime = 64;

    private static readonly string[] TimeFormats = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"];

    // What a time may be written with, so that it can be put between quotes unseen.
    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789-+:.TZ"u8);

    /// <summary>ISO 8601, UTC where no offset is given, or milliseconds since 1970.</summary>
    public static bool ToDateTimeOffset(ref InputReader reader, scoped InputValue value, out DateTimeOffset result)
    {
        var text = value.GetTextOrNumber(stackalloc byte[InputValue.TextSize]);
        if (TryParseMilliseconds(text, out result))
        {
            return true;
        }

        if (value.Form == InputForm.Number || !TryParseTime(text, out var time, out var hasOffset))
        {
            return false;
        }

        // Without an offset the server's own time zone would decide.
        result = hasOffset ? time : new DateTimeOffset(time.DateTime, TimeSpan.Zero);
        return true;
    }

    /// <summary>
    /// ISO 8601 or milliseconds since 1970. UTC where an offset is given and for milliseconds, else of unspecified kind and as written.
    /// </summary>
    public static bool ToDateTime(ref InputReader reader, scoped InputValue value, out DateTime result)
    {
        var text = value.GetTextOrNumber(stackalloc byte[InputValue.TextSize]);
        if (TryParseMilliseconds(text, out var instant))
        {
            result = instant.UtcDateTime;
            return true;
        }

        result = default;
        if (value.Form == InputForm.Number || !TryParseTime(text, out var time, out var hasOffset))
        {
            return false;
        }

        result = hasOffset ? time.UtcDateTime : time.DateTime;
        return true;
    }

    /// <summary>A day: <c>2026-01-31</c>.</summary>
    public static bool ToDateOnly(ref InputReader reader, scoped InputValue value, out DateOnly result)
    {
        Span<char> chars = stackalloc char[LongestTime];
        result = default;
        return TryGetChars(value, ref chars)
            && DateOnly.TryParseExact(chars, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out result);
    }

    /// <summary>A time of day: <c>23:59</c>, <c>23:59:59</c>, <c>23:59:59.999</c>.</summary>
    public static bool ToTimeOnly(ref InputReader reader, scoped InputValue value, out TimeOnly result)
    {
        Span<char> chars = stackalloc char[LongestTime];
        result = default;
        return TryGetChars(value, ref chars)
            && chars is not [.., '.']
            && TimeOnly.TryParseExact(chars, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out result);
    }

    /// <summary>A length of time: <c>00:00:10</c>, <c>1.02:03:04.5</c>; hours from 0 to 23.</summary>
    public static bool ToTimeSpan(ref InputReader reader, scoped InputValue value, out TimeSpan result)
    {
        Span<char> chars = stackalloc char[LongestTime];
        result = default;

        return TryGetChars(value, ref chars) && TimeSpanText.TryParse(chars, out result);
    }

    private static bool TryParseMilliseconds(ReadOnlySpan<byte> text, out DateTimeOffset result)
    {
        result = default;
        if (EndsInNull(text)
            || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds is < MinMilliseconds or > MaxMilliseconds)
        {
            return false;
        }

        result = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    private static bool TryParseTime(ReadOnlySpan<byte> text, out DateTimeOffset result, out bool hasOffset)
    {
        result = default;
        hasOffset = false;
        if (text.IsEmpty || text.Length > LongestTime - 2 || text.ContainsAnyExcept(TimeBytes))
        {
            return false;
        }

        // System.Text.Json reads the profile of ISO 8601 that JSON peers write, and nothing else.
        Span<byte> quoted = stackalloc byte[LongestTime];
        quoted[0] = (byte)'"';
        text.CopyTo(quoted[1..]);
        quoted[text.Length + 1] = (byte)'"';
        var reader = new Utf8JsonReader(quoted[..(text.Length + 2)]);
        reader.Read();
        if (!reader.TryGetDateTime(out var time))
        {
            return false;
        }

        hasOffset = time.Kind != DateTimeKind.Unspecified;
        if (hasOffset)
        {
            return reader.TryGetDateTimeOffset(out result);
        }

        result = new DateTimeOffset(time, TimeSpan.Zero);
        return true;
    }

    private static bool TryGetChars(scoped InputValue value, scoped ref Span<char> chars)
    {
        var text = value.GetText(stackalloc byte[InputValue.TextSize]);
        if (text.Length > chars.Length || !Ascii.IsValid(text))
        {
            return false;
        }

        chars = chars[..Encoding.ASCII.GetChars(text, chars)];
        return true;
    }
}
