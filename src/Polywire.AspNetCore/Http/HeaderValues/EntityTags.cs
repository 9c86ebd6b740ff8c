using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.Http.HeaderValues;

/// <summary>The lists of entity tags in <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110, 8.8.3 and 13.1), on however many lines.</summary>
/// <remarks>A tag is opaque: whatever stands between its quotes, commas and backslashes too. What is malformed is no tag, the others count.</remarks>
internal static class EntityTags
{
    private const string Weak = "W/";

    /// <summary>Whether the header is <c>*</c>, which stands for whatever is there.</summary>
    public static bool IsAny(in StringValues header) => header is [{ } line] && line.AsSpan().Trim() is "*";

    /// <summary>Whether a tag is in the list.</summary>
    /// <param name="header">The list.</param>
    /// <param name="tag">With its quotes, and <c>W/</c> in front where it is weak.</param>
    /// <param name="weakly">Whether weak tags are equal to others too.</param>
    public static bool Contains(in StringValues header, ReadOnlySpan<char> tag, bool weakly)
    {
        var isWeak = tag.StartsWith(Weak, StringComparison.Ordinal);
        if (isWeak && !weakly)
        {
            return false;
        }

        var opaque = isWeak ? tag[Weak.Length..] : tag;
        foreach (var line in header)
        {
            var rest = line.AsSpan();
            while (TryTake(ref rest, out var candidate, out var candidateIsWeak))
            {
                if ((weakly || !candidateIsWeak) && candidate.SequenceEqual(opaque))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> opaque, out bool isWeak)
    {
        while (true)
        {
            rest = rest.TrimStart(" \t,");
            isWeak = rest.StartsWith(Weak, StringComparison.Ordinal);
            opaque = default;
            if (rest.IsEmpty)
            {
                return false;
            }

            var body = isWeak ? rest[Weak.Length..] : rest;
            if (body.StartsWith("\"") && body[1..].IndexOf('"') is var close and >= 0)
            {
                var behind = body[(close + 2)..].TrimStart();
                if (behind.IsEmpty || behind[0] == ',')
                {
                    opaque = body[..(close + 2)];
                    rest = behind;
                    return true;
                }
            }

            var comma = rest.IndexOf(',');
            rest = comma < 0 ? default : rest[(comma + 1)..];
        }
    }
}
