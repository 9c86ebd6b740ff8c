using System.Buffers;
using System.Globalization;

namespace Polywire.Inputs;

/// <summary>Lengths of time as texts.</summary>
internal static class TimeSpanText
{
    /// <summary>What a text looks like.</summary>
    public const string Form = "\"00:00:10\" (hours 0 to 23; days as 1.00:00:00)";

    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789-:.");

    /// <summary>Reads <c>[-][days.]hours:minutes:seconds[.fraction]</c>, as JSON peers write it.</summary>
    /// <remarks>The framework's own reading takes <c>24:00:00</c> for 24 days, and a figure alone for days.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan result)
    {
        result = default;
        return text.Count(':') == 2
            && text is not [.., '.']
            && !text.ContainsAnyExcept(Characters)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out result);
    }
}
