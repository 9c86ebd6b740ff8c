using Microsoft.Extensions.Primitives;
using Polywire.AspNetCore.Http.Compression;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Compression;

/// <summary>What is chosen of what a client accepts.</summary>
public sealed class ContentCodingTests
{
    [Theory]
    [InlineData("gzip", "Gzip")]
    [InlineData("GZIP", "Gzip")]
    [InlineData("x-gzip", "Gzip")]
    [InlineData("deflate", "Deflate")]
    [InlineData("gzip, deflate", "Gzip")]
    [InlineData("deflate, gzip", "Deflate")]
    [InlineData("gzip;q=0.5, deflate", "Deflate")]
    [InlineData("gzip;q=0.5, deflate;q=0.4", "Gzip")]
    [InlineData("gzip;q=0", "Identity")]
    [InlineData("gzip;q=0.000, deflate;q=0", "Identity")]
    [InlineData("gzip;q=0, deflate", "Deflate")]
    [InlineData("gzip; q=0.001", "Gzip")]
    [InlineData("identity", "Identity")]
    [InlineData("identity;q=1, gzip;q=0.5", "Identity")]
    [InlineData("identity;q=0.5, gzip", "Gzip")]
    [InlineData("br", "Identity")]
    [InlineData("br, gzip", "Gzip")]
    [InlineData("zstd, compress, *", "Identity")]
    [InlineData("*;q=0", "Identity")]
    [InlineData("", "Identity")]
    [InlineData(",,;;=", "Identity")]
    [InlineData("gzipped, undeflated", "Identity")]
    public void ChoosesWhatTheClientLikesBest(string header, string coding) =>
        ContentCodings.Choose(header, brotli: false).ToString().ShouldBe(coding);

    [Theory]
    [InlineData("br", "Brotli")]
    [InlineData("gzip, br", "Gzip")]
    [InlineData("br, gzip", "Brotli")]
    [InlineData("gzip;q=0.9, br", "Brotli")]
    [InlineData("br;q=0", "Identity")]
    public void OffersBrotliWhereItIsOn(string header, string coding) =>
        ContentCodings.Choose(header, brotli: true).ToString().ShouldBe(coding);

    [Fact]
    public void ReadsAHeaderOnSeveralLines() =>
        ContentCodings.Choose(new StringValues(["br;q=1, gzip;q=0.2", "deflate;q=0.3"]), brotli: false).ShouldBe(ContentCoding.Deflate);

    [Fact]
    public void ChoosesNothingWithoutAHeader() => ContentCodings.Choose(StringValues.Empty, brotli: true).ShouldBe(ContentCoding.Identity);

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData("IMAGE/PNG", false)]
    [InlineData("image/gif", false)]
    [InlineData("video/mp4", false)]
    [InlineData("audio/mpeg", false)]
    [InlineData("application/zip", false)]
    [InlineData("font/woff2 ; x=y", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void KnowsWhatIsCompressedAlready(string? type, bool worthwhile) => AnswerCompression.IsWorthwhile(type).ShouldBe(worthwhile);
}
