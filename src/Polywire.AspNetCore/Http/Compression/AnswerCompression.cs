using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.HeaderValues;

namespace Polywire.AspNetCore.Http.Compression;

/// <summary>Codes bodies as clients ask for, where <see cref="WebOptions.Compress"/> is on.</summary>
/// <remarks>Source: docs/protocol/http-files.md, "Compression". Safe to use concurrently.</remarks>
internal sealed class AnswerCompression(IOptions<WebOptions> options)
{
    // What is compressed already only grows. Pictures, sounds and films are told by the first half of their types.
    private static readonly FrozenSet<string> Dense = FrozenSet.ToFrozenSet(
        [
            "application/gzip", "application/x-gzip", "application/zip", "application/x-zip-compressed", "application/x-compressed",
            "application/x-7z-compressed", "application/x-rar-compressed", "application/vnd.rar", "application/x-bzip", "application/x-bzip2",
            "application/x-xz", "application/zstd", "application/java-archive", "application/vnd.android.package-archive", "application/epub+zip",
            "application/font-woff", "application/x-font-woff", "font/woff", "font/woff2", "application/pdf",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> PlainPictures = FrozenSet.ToFrozenSet(
        ["image/svg+xml", "image/bmp", "image/x-icon", "image/vnd.microsoft.icon", "image/tiff", "audio/wav"], StringComparer.OrdinalIgnoreCase);

    private readonly bool _enabled = options.Value.Compress;
    private readonly bool _brotli = options.Value.Brotli;

    /// <summary>Decides how a body is coded, that which <c>HEAD</c> leaves out too, and sets <c>Vary</c> and <c>Content-Encoding</c>.</summary>
    /// <param name="http">The request and its answer, not started.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="length">In bytes; <see langword="null"/> where it is not known.</param>
    /// <param name="mayCode">Whether this answer may be coded itself; parts of a body and answers without one may not.</param>
    /// <returns>What to do to the body. The length of the coded body is the caller's to set, or to leave out.</returns>
    public ContentCoding Start(HttpContext http, string? contentType, long? length, bool mayCode = true)
    {
        if (!_enabled || length == 0 || !IsWorthwhile(contentType) || http.Response.Headers.ContainsKey(HeaderNames.ContentEncoding))
        {
            return ContentCoding.Identity;
        }

        if (OutputCaching.Keeps(http))
        {
            // The cache does not look at Vary: who asks next may not be able to read this coding.
            return ContentCoding.Identity;
        }

        // On the plain answer too, or a cache would give it to those who can do better, and the other way round.
        AddVary(http.Response.Headers);
        if (!mayCode)
        {
            return ContentCoding.Identity;
        }

        var coding = ContentCodings.Choose(http.Request.Headers.AcceptEncoding, _brotli);
        if (coding != ContentCoding.Identity)
        {
            http.Response.Headers.ContentEncoding = ContentCodings.NameOf(coding);
        }

        return coding;
    }

    /// <summary>Codes a whole body where the client asks for it.</summary>
    /// <param name="http">The request and its answer, not started.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="body">The body as it is.</param>
    /// <returns>The body to send and to take the length of; <paramref name="body"/> itself where it stays as it is.</returns>
    public ReadOnlyMemory<byte> Compress(HttpContext http, string? contentType, ReadOnlyMemory<byte> body)
    {
        var coding = Start(http, contentType, body.Length);
        if (coding == ContentCoding.Identity)
        {
            return body;
        }

        var output = new MemoryStream(64 + (body.Length / 2));
        using (var stream = ContentCodings.Open(coding, output))
        {
            stream.Write(body.Span);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    /// <summary>Whether coding makes a body of that type smaller.</summary>
    internal static bool IsWorthwhile(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            return false;
        }

        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = (end < 0 ? contentType : contentType[..end]).Trim();
        return PlainPictures.Contains(type)
            || !(Dense.Contains(type)
                || type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
                || type.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
                || type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase));
    }

    private static void AddVary(IHeaderDictionary headers)
    {
        if (!HeaderList.Has(headers.Vary, "*") && !HeaderList.Has(headers.Vary, HeaderNames.AcceptEncoding))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        }
    }
}
