using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Polywire.AspNetCore.Http.HeaderValues;

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

    /// <summary>Looks at the conditions of a request in the order of RFC 9110, 13.2.2.</summary>
    /// <param name="request">One that would be answered with this state otherwise.</param>
    /// <param name="etags">Whether this state has an entity tag; without one <c>If-None-Match</c> is passed over.</param>
    public Precondition Check(HttpRequest request, bool etags)
    {
        // These neither read nor change what is there (RFC 9110, 13.2.1).
        if (request.IsTrace() || HttpMethods.IsOptions(request.Method) || HttpMethods.IsConnect(request.Method))
        {
            return Precondition.Holds;
        }

        var headers = request.Headers;
        if (headers.IfMatch is { Count: > 0 } wanted)
        {
            // Compared strongly, which a weak tag never passes (RFC 9110, 13.1.1).
            if (!EntityTags.IsAny(wanted) && !(etags && EntityTags.Contains(wanted, ETag, weakly: false)))
            {
                return Precondition.Failed;
            }
        }
        else if (TryDate(headers.IfUnmodifiedSince, out var unmodified) && Seconds > unmodified)
        {
            return Precondition.Failed;
        }

        var reads = request.IsGet() || request.IsHead();
        if (etags && headers.IfNoneMatch is { Count: > 0 } known)
        {
            // It decides alone, whatever the date says.
            return !EntityTags.IsAny(known) && !EntityTags.Contains(known, ETag, weakly: true) ? Precondition.Holds
                : !reads ? Precondition.Failed
                : HeaderList.Has(headers.CacheControl, "no-cache") ? Precondition.Holds
                : Precondition.NotModified;
        }

        return reads && TryDate(headers.IfModifiedSince, out var modified) && Seconds <= modified
            ? Precondition.NotModified
            : Precondition.Holds;
    }

    /// <summary>Whether a range may be sent of this state: there is no <c>If-Range</c>, or it names this state's date.</summary>
    /// <remarks>A weak tag never matches (RFC 9110, 13.1.5), and ours are weak.</remarks>
    public bool AllowsRange(IHeaderDictionary request) =>
        request.IfRange.Count == 0 || (TryDate(request.IfRange, out var date) && date == Seconds);

    // What is no date, and what stands there twice, is passed over.
    private static bool TryDate(in StringValues header, out DateTimeOffset date)
    {
        date = default;
        return header is [{ } text] && HeaderUtilities.TryParseDate(text, out date);
    }
}
