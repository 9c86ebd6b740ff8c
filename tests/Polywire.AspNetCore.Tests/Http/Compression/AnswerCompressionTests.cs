using System.IO.Compression;
using System.Text;
using Polywire.AspNetCore.Tests.Http.Files;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Compression;

/// <summary>Compressed answers, as a client sees them.</summary>
public sealed class AnswerCompressionTests(AnswerCompressionTests.Shared shared) : IClassFixture<AnswerCompressionTests.Shared>
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("line\n", 400));

    private FileHost Host => shared.Host;

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("gzip, deflate, br", "gzip")]
    [InlineData("deflate, gzip", "deflate")]
    [InlineData("gzip;q=0.1, deflate;q=0.2", "deflate")]
    [InlineData("gzip;q=0, deflate", "deflate")]
    public async Task CompressesAFileAsAsked(string accepted, string coding)
    {
        var answer = await Host.GetAsync("/text.txt", $"Accept-Encoding: {accepted}");

        (answer.Status, answer["content-encoding"], answer["vary"], answer["content-type"]).ShouldBe((200, coding, "Accept-Encoding", "text/plain"));
        (answer["content-length"], answer["transfer-encoding"], answer["accept-ranges"]).ShouldBe((null, "chunked", null));
        answer["etag"].ShouldNotBeNull();
        answer.IsWhole.ShouldBeTrue();
        Expand(answer).ShouldBe(Text);
    }

    [Fact]
    public async Task CompressesALargeFileWhole()
    {
        var answer = await Host.GetAsync("/big.bin", "Accept-Encoding: gzip");

        answer.IsWhole.ShouldBeTrue();
        ExpandBytes(answer).AsSpan().SequenceEqual(FileHost.Big).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Accept-Encoding: gzip;q=0")]
    [InlineData("Accept-Encoding: br")]
    [InlineData("Accept-Encoding: identity")]
    public async Task LeavesAFileAsItIs_WhereNothingElseIsAsked(string header)
    {
        var answer = header.Length == 0 ? await Host.GetAsync("/text.txt") : await Host.GetAsync("/text.txt", header);

        (answer["content-encoding"], answer["vary"], answer["content-length"], answer.Text).ShouldBe((null, "Accept-Encoding", "2000", Text));
        answer["accept-ranges"].ShouldBe("bytes");
    }

    [Fact]
    public async Task LeavesAlone_WhatIsCompressedAlreadyOrEmpty()
    {
        foreach (var target in new[] { "/pixel.gif", "/empty.txt" })
        {
            var answer = await Host.GetAsync(target, "Accept-Encoding: gzip");

            (answer.Status, answer["content-encoding"], answer["vary"]).ShouldBe((200, null, null), target);
        }
    }

    [Fact]
    public async Task LeavesPartsAlone()
    {
        var answer = await Host.GetAsync("/text.txt", "Accept-Encoding: gzip", "Range: bytes=0-3");

        (answer.Status, answer["content-encoding"], answer["vary"], answer.Text).ShouldBe((206, null, "Accept-Encoding", "line"));
        (await Host.GetAsync("/text.txt", "Accept-Encoding: gzip", "Range: bytes=9999-"))["content-encoding"].ShouldBeNull();
    }

    [Fact]
    public async Task AnswersWithoutABodySayWhatGetSays()
    {
        var head = await Host.SendAsync("HEAD", "/text.txt", "Accept-Encoding: gzip");
        var known = await Host.GetAsync("/text.txt", "Accept-Encoding: gzip", "If-None-Match: *");

        (head.Status, head["content-encoding"], head["content-length"], head["vary"]).ShouldBe((200, "gzip", null, "Accept-Encoding"));
        (known.Status, known["content-encoding"], known["content-length"], known["vary"]).ShouldBe((304, null, null, "Accept-Encoding"));
        (await Host.SendAsync("HEAD", "/nope", "Accept-Encoding: gzip"))["content-length"]
            .ShouldBe((await Host.GetAsync("/nope", "Accept-Encoding: gzip"))["content-length"]);
    }

    [Fact]
    public async Task CompressesTheTextOfAMissingFileWithItsLength()
    {
        var answer = await Host.GetAsync("/nope", "Accept-Encoding: gzip");

        (answer.Status, answer["content-encoding"], answer["vary"]).ShouldBe((404, "gzip", "Accept-Encoding"));
        answer["content-length"].ShouldNotBeNull();
        Expand(answer).ShouldBe(FileHost.NotFound);
    }

    [Fact]
    public async Task CompressesNothing_WhereThatIsOff()
    {
        await using var host = await FileHost.StartAsync();

        var answer = await host.GetAsync("/text.txt", "Accept-Encoding: gzip");

        (answer["content-encoding"], answer["vary"], answer["content-length"]).ShouldBe((null, null, "2000"));
    }

    [Fact]
    public async Task OffersBrotli_WhereThatIsOn()
    {
        await using var host = await FileHost.StartAsync(web => (web.Compress, web.Brotli) = (true, true));

        Expand(await host.GetAsync("/text.txt", "Accept-Encoding: br")).ShouldBe(Text);
        (await host.GetAsync("/text.txt", "Accept-Encoding: br, gzip"))["content-encoding"].ShouldBe("br");
        (await host.GetAsync("/text.txt", "Accept-Encoding: gzip, br"))["content-encoding"].ShouldBe("gzip");
    }

    private static string Expand(RawAnswer answer) => Encoding.UTF8.GetString(ExpandBytes(answer));

    private static byte[] ExpandBytes(RawAnswer answer)
    {
        using var body = new MemoryStream(answer.Body);
        using Stream stream = answer["content-encoding"] switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            var other => throw new InvalidOperationException($"The answer's coding is '{other}'."),
        };
        using var result = new MemoryStream();
        stream.CopyTo(result);
        return result.ToArray();
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal FileHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await FileHost.StartAsync(web => web.Compress = true);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
