using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Polywire.AspNetCore.Http.Files;

/// <summary>What tells one state of a file from another, and what a request says of it.</summary>
/// <remarks>Source: docs/protocol/http-files.md; RFC 9110, 13.</remarks>
/// <param name="Length">In bytes.</param>
/// <param name="LastModified">In UTC.</param>
/// <param name="Tag">The entity tag of what is no file on disk, weak as the others.</param>
internal readonly record struct FileValidators(long Length, DateTime LastModified, string? Tag = null)
{
    /// <summary><c>W/"SIZE-MTIME"</c>, bytes and milliseconds in hexadecimal.</summary>
    public string ETag => Tag ??
        string.Create(CultureInfo.InvariantCulture, $"W/\"{Length:x}-{new DateTimeOffset(LastModified).ToUnixTimeMilliseconds():x}\"");

    /// <summary>Whole seconds, as dates in headers are.</summary>
    private DateTimeOffset Seconds => DateTimeOffset.FromUnixTimeSeconds(new DateTimeOffset(LastModified).ToUnixTimeSeconds());

    public string LastModifiedHeader => HeaderUtilities.FormatDate(Seconds);

    /// <summary>Whether the client has this state already.</summary>
    /// <param name="request">Read: <c>If-None-Match</c>, <c>Cache-Control</c>, <c>If-Modified-Since</c>.</param>
    /// <param name="etags">Whether entity tags count.</param>
    public bool IsKnownTo(IHeaderDictionary request, bool etags)
    {
        if (etags && request.TryGetValue(HeaderNames.IfNoneMatch, out var tags))
        {
            // It decides alone, whatever the date says (RFC 9110, 13.2.2).
            return Matches(tags.ToString())
                && !request.CacheControl.ToString().Contains("no-cache", StringComparison.OrdinalIgnoreCase);
        }

        return request.TryGetValue(HeaderNames.IfModifiedSince, out var since)
            && HeaderUtilities.TryParseDate(since.ToString(), out var date)
            && Seconds <= date;
    }

    /// <summary>Whether a range may be sent of this state: there is no <c>If-Range</c>, or it names this state's date.</summary>
    /// <remarks>A weak tag never matches (RFC 9110, 13.1.5), and ours are weak.</remarks>
    public bool AllowsRange(IHeaderDictionary request) =>
        !request.TryGetValue(HeaderNames.IfRange, out var condition)
        || (HeaderUtilities.TryParseDate(condition.ToString(), out var date) && date == Seconds);

    private bool Matches(string tags)
    {
        if (tags.Trim() == "*")
        {
            return true;
        }

        // Opaque texts, compared without W/ on either side; a comma may stand inside of the quotes of others' tags, none stands in ours.
        var own = ETag.AsSpan(2);
        foreach (var range in tags.AsSpan().Split(','))
        {
            var tag = tags.AsSpan()[range].Trim();
            if ((tag.StartsWith("W/") ? tag[2..] : tag).SequenceEqual(own))
            {
                return true;
            }
        }

        return false;
    }
}
