using System.Globalization;

namespace Polywire.AspNetCore.Http.HeaderValues;

/// <summary>The one range of a header <c>Range</c> (RFC 9110, 14.1.2).</summary>
/// <param name="First">The first byte, counted from 0; null for the last ones of a file.</param>
/// <param name="Last">The last byte, or how many of the last ones where <paramref name="First"/> is null; null for all that follow the first.</param>
internal readonly record struct ByteRange(long? First, long? Last)
{
    private const string Unit = "bytes=";

    /// <summary>Reads a header.</summary>
    /// <returns><see langword="false"/> for what is malformed, another unit, and more than one range: all of which is to be passed over.</returns>
    public static bool TryParse(ReadOnlySpan<char> header, out ByteRange range)
    {
        range = default;
        header = header.Trim();
        if (!header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var found = false;
        foreach (var element in new HeaderList(header[Unit.Length..]))
        {
            if (found || !TryParseOne(element, out range))
            {
                return false;
            }

            found = true;
        }

        return found;
    }

    private static bool TryParseOne(ReadOnlySpan<char> text, out ByteRange range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            return false;
        }

        long? first = null;
        long? last = null;
        if ((dash > 0 && !TryNumber(text[..dash], out first)) || (dash < text.Length - 1 && !TryNumber(text[(dash + 1)..], out last)))
        {
            return false;
        }

        range = new ByteRange(first, last);
        return (first is not null || last is not null) && !(first > last);
    }

    // Of any number of digits: a file of that length is not there, and the largest number says the same.
    private static bool TryNumber(ReadOnlySpan<char> digits, out long? number)
    {
        number = null;
        if (digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        number = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        return true;
    }
}
