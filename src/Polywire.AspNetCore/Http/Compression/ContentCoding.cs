using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Polywire.AspNetCore.Http.HeaderValues;

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
        var best = ContentCoding.Identity;
        var weight = 0;
        foreach (var line in acceptEncoding)
        {
            foreach (var candidate in new HeaderList(line))
            {
                var coding = Find(HeaderList.NameOf(candidate), brotli);
                if (coding is not null && WeightOf(candidate) is var own && own > weight)
                {
                    best = coding.Value;
                    weight = own;
                }
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

    // In thousandths. What is no weight is none at all, so that nothing is coded for somebody who may have meant no.
    private static int WeightOf(ReadOnlySpan<char> candidate)
    {
        if (!HeaderParameters.TryFind(candidate, "q", out var text))
        {
            return 1000;
        }

        var isWeight = text is ['0' or '1'] or ['0' or '1', '.', ..] && text.Length <= 5;
        return isWeight && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight <= 1
            ? (int)(weight * 1000)
            : 0;
    }

    private static ContentCoding? Find(ReadOnlySpan<char> name, bool brotli) =>
        Is(name, "gzip") || Is(name, "x-gzip") ? ContentCoding.Gzip
        : Is(name, "deflate") ? ContentCoding.Deflate
        : Is(name, "br") && brotli ? ContentCoding.Brotli
        : Is(name, "identity") ? ContentCoding.Identity
        : null;

    private static bool Is(ReadOnlySpan<char> name, string coding) => name.Equals(coding, StringComparison.OrdinalIgnoreCase);
}
