using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.HeaderValues;

namespace Polywire.AspNetCore.Http.Files;

/// <summary>The part of a file that is sent.</summary>
/// <param name="Kind">Whether it is a part at all.</param>
/// <param name="Offset">Of the first byte.</param>
/// <param name="Length">In bytes.</param>
internal readonly record struct FileRange(FileRangeKind Kind, long Offset, long Length)
{
    /// <summary>Reads the <c>Range</c> header.</summary>
    /// <param name="request">The request; a range counts for <c>GET</c> alone (RFC 9110, 14.2).</param>
    /// <param name="file">The state of the file, for <c>If-Range</c> too.</param>
    public static FileRange Of(HttpRequest request, in FileValidators file)
    {
        var whole = new FileRange(FileRangeKind.Whole, 0, file.Length);
        if (request.Headers.Range is not [{ } header]
            || !request.IsGet()
            || !ByteRange.TryParse(header, out var range)
            || !file.AllowsRange(request.Headers))
        {
            return whole;
        }

        var from = range.First ?? Math.Max(0, file.Length - range.Last!.Value);
        var to = range is { First: not null, Last: { } last } ? Math.Min(last, file.Length - 1) : file.Length - 1;
        return from > to
            ? new FileRange(FileRangeKind.Unsatisfiable, 0, 0)
            : new FileRange(FileRangeKind.Part, from, to - from + 1);
    }
}

/// <summary>How much of a file is sent.</summary>
internal enum FileRangeKind
{
    /// <summary>All: 200.</summary>
    Whole,

    /// <summary>One part: 206.</summary>
    Part,

    /// <summary>None, the part asked for is not there: 416.</summary>
    Unsatisfiable,
}
