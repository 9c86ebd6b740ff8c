using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Polywire.AspNetCore.Http.Compression;

/// <summary>How a body is coded on its way.</summary>
internal enum ContentCoding
{
    /// <summary>Not at all.</summary>
    Identity,

    /// <summary><c>gzip</c>.</summary>
    Gzip,

    /// <summary><c>deflate</c>, which is the zlib format.</summary>
    Deflate,

    /// <summary><c>br</c>.</summary>
    Brotli,
}

/// <summary>Choosing and applying a coding.</summary>
/// <remarks>Source: docs/protocol/http-files.md, "Compression"; RFC 9110, 12.5.3.</remarks>
internal static class ContentCodings
{
    /// <summary>What a client would like best of what there is.</summary>
    /// <param name="acceptEncoding">The header, on however many lines.</param>
    /// <param name="brotli">Whether there is brotli.</param>
    /// <returns>The coding with the highest weight; among equals the one named first; never one with the weight 0.</returns>
    public static ContentCoding Choose(StringValues acceptEncoding, bool brotli)
    {
        if (acceptEncoding.Count == 0 || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted))
        {
            return ContentCoding.Identity;
        }

        var best = ContentCoding.Identity;
        var weight = 0d;
        foreach (var candidate in accepted)
        {
            var coding = Find(candidate.Value, brotli);
            var quality = candidate.Quality ?? 1;
            if (coding is not null && quality > weight)
            {
                best = coding.Value;
                weight = quality;
            }
        }

        return best;
    }

    /// <summary>As <c>Content-Encoding</c> names it.</summary>
    public static string NameOf(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => "gzip",
        ContentCoding.Deflate => "deflate",
        ContentCoding.Brotli => "br",
        _ => "identity",
    };

    /// <summary>A stream that codes what is written to it; dispose it to write the end.</summary>
    /// <param name="coding">Any but <see cref="ContentCoding.Identity"/>.</param>
    /// <param name="output">Stays open.</param>
    public static Stream Open(ContentCoding coding, Stream output) => coding switch
    {
        ContentCoding.Gzip => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
        ContentCoding.Deflate => new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true),
        ContentCoding.Brotli => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "Identity needs no stream."),
    };

    private static ContentCoding? Find(StringSegment name, bool brotli) =>
        Is(name, "gzip") || Is(name, "x-gzip") ? ContentCoding.Gzip
        : Is(name, "deflate") ? ContentCoding.Deflate
        : Is(name, "br") && brotli ? ContentCoding.Brotli
        : Is(name, "identity") ? ContentCoding.Identity
        : null;

    private static bool Is(StringSegment name, string coding) => name.Equals(coding, StringComparison.OrdinalIgnoreCase);
}
