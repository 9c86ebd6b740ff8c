using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>Files on the web: types, headers, conditional requests, ranges.</summary>
public sealed class FileEndpointTests(FileEndpointTests.Shared shared) : IClassFixture<FileEndpointTests.Shared>
{
    private const string Tag = "W/\"35-16f6435cc88\"";
    private const string Date = "Thu, 02 Jan 2020 03:04:05 GMT";
    private const string Before = "Thu, 02 Jan 2020 03:04:04 GMT";

    private FileHost Host => shared.Host;

    [Theory]
    [InlineData("/simple.html")]
    [InlineData("/public/simple.html")]
    [InlineData("//simple.html")]
    [InlineData("/simple.html/")]
    [InlineData("/simple.html?file=nope.html&action=x")]
    [InlineData("/./simple.html")]
    [InlineData("/sub/../simple.html")]
    [InlineData("/sub/..%2fsimple.html")]
    [InlineData("/public/sub/%2e%2e/simple.html")]
    [InlineData("/%73imple.html")]
    public async Task ServesAFile(string target)
    {
        var answer = await Host.GetAsync(target);

        answer.Status.ShouldBe(200);
        answer.Text.ShouldBe(FileHost.Simple);
        answer["content-type"].ShouldBe("text/html");
        answer["content-length"].ShouldBe("53");
        answer["cache-control"].ShouldBe("max-age=60, must-revalidate, private");
        answer["etag"].ShouldBe(Tag);
        answer["accept-ranges"].ShouldBe("bytes");
        answer["last-modified"].ShouldBeNull();
        answer["vary"].ShouldBeNull();
        answer["transfer-encoding"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/", "<h1>index</h1>\n")]
    [InlineData("/public", "<h1>index</h1>\n")]
    [InlineData("/public/", "<h1>index</h1>\n")]
    [InlineData("/sub", "<h1>sub index</h1>\n")]
    [InlineData("/sub/", "<h1>sub index</h1>\n")]
    [InlineData("/public/sub", "<h1>sub index</h1>\n")]
    [InlineData("/innerfolder", "<h1>sub index</h1>\n")]
    [InlineData("/innerfolder/testfile.txt", "in a sub folder\n")]
    [InlineData("/inner.txt", "in a sub folder\n")]
    [InlineData("/sub//deeper/leaf.txt", "a leaf\n")]
    [InlineData("/sp%C3%A4ce%20name.txt", "spaced\n")]
    [InlineData("/public/sp%c3%a4ce%20name.txt", "spaced\n")]
    [InlineData("/a+b.txt", "plus\n")]
    [InlineData("/a%2Bb.txt", "plus\n")]
    [InlineData("/100%25.txt", "percent\n")]
    [InlineData("/.well-known/security.txt", "well known\n")]
    public async Task FindsByName(string target, string text)
    {
        var answer = await Host.GetAsync(target);

        answer.Status.ShouldBe(200);
        answer.Text.ShouldBe(text);
    }

    [Theory]
    [InlineData("/nope.html")]
    [InlineData("/noindex")]
    [InlineData("/noindex/")]
    [InlineData("/sub/nothing/here.txt")]
    [InlineData("/simple.html/x")]
    [InlineData("/simple.html//")]
    [InlineData("/SIMPLE.html")]
    [InlineData("/public//simple.html")]
    [InlineData("/%zz")]
    [InlineData("/%E9.txt")]
    [InlineData("/circle")]
    public async Task SaysThatThereIsNone(string target)
    {
        foreach (var headers in new string[][] { [], [$"If-Modified-Since: {Date}"], ["If-None-Match: *"], ["Range: bytes=0-1"] })
        {
            var answer = await Host.GetAsync(target, headers);

            answer.Status.ShouldBe(404);
            answer.Text.ShouldBe(FileHost.NotFound);
            answer["content-type"].ShouldBe("text/html");
            answer["content-length"].ShouldBe("22");
            answer["cache-control"].ShouldBeNull();
            answer["etag"].ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("/simple.html", "text/html")]
    [InlineData("/UPPER.HTML", "text/html")]
    [InlineData("/text.txt", "text/plain")]
    [InlineData("/pixel.gif", "image/gif")]
    [InlineData("/data.json", "application/json")]
    [InlineData("/style.css", "text/css")]
    [InlineData("/app.js", "text/javascript")]
    [InlineData("/image.svg", "image/svg+xml")]
    [InlineData("/big.bin", "application/octet-stream")]
    [InlineData("/LICENSE", "application/octet-stream")]
    [InlineData("/thing.zzunknown", "application/octet-stream")]
    public async Task TellsTheTypeByTheExtension(string target, string type) => (await Host.GetAsync(target))["content-type"].ShouldBe(type);

    [Fact]
    public async Task SendsAnEmptyFileWithItsLength()
    {
        var answer = await Host.GetAsync("/empty.txt");

        (answer.Status, answer["content-length"], answer["content-type"], answer.Body.Length).ShouldBe((200, "0", "text/plain", 0));
        answer["etag"].ShouldBe("W/\"0-16f6435cc88\"");
    }

    [Fact]
    public async Task SendsALargeFileWhole()
    {
        var answer = await Host.GetAsync("/big.bin");

        answer.Status.ShouldBe(200);
        answer.Body.AsSpan().SequenceEqual(FileHost.Big).ShouldBeTrue();
    }

    [Theory, InlineData("POST"), InlineData("PUT"), InlineData("DELETE"), InlineData("PATCH"), InlineData("PROPFIND")]
    public async Task AnswersEveryMethodLikeGet(string method)
    {
        (await Host.SendAsync(method, "/simple.html", "Content-Length: 0")).Text.ShouldBe(FileHost.Simple);
        (await Host.SendAsync(method, "/nope", "Content-Length: 0")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task AnswersHeadWithTheHeadersOfGet()
    {
        var head = await Host.SendAsync("HEAD", "/simple.html");
        var get = await Host.GetAsync("/simple.html");

        head.Status.ShouldBe(200);
        head.Body.ShouldBeEmpty();
        foreach (var name in new[] { "content-length", "content-type", "cache-control", "etag", "accept-ranges" })
        {
            head[name].ShouldBe(get[name]);
        }

        var missing = await Host.SendAsync("HEAD", "/nope");
        (missing.Status, missing["content-length"], missing.Body.Length).ShouldBe((404, "22", 0));
        (await Host.SendAsync("HEAD", "/simple.html", $"If-None-Match: {Tag}")).Status.ShouldBe(304);
    }

    [Theory]
    [InlineData(304, "If-None-Match: " + Tag)]
    [InlineData(304, "If-None-Match: \"35-16f6435cc88\"")]
    [InlineData(304, "If-None-Match: \"x\", " + Tag)]
    [InlineData(304, "If-None-Match: " + Tag + " ,\"x\"")]
    [InlineData(304, "If-None-Match: \"x,y\"," + Tag)]
    [InlineData(304, "If-None-Match: \"x\"", "If-None-Match: " + Tag)]
    [InlineData(304, "If-None-Match: *")]
    [InlineData(200, "If-None-Match: \"x\"")]
    [InlineData(200, "If-None-Match: \"*\"")]
    [InlineData(200, "If-None-Match: 35-16f6435cc88")]
    [InlineData(200, "If-None-Match:")]
    [InlineData(200, "If-None-Match: " + Tag, "Cache-Control: no-cache")]
    [InlineData(200, "If-None-Match: *", "Cache-Control: max-age=0, No-Cache")]
    [InlineData(304, "If-None-Match: *", "Cache-Control: max-age=0")]
    [InlineData(304, "If-Modified-Since: " + Date)]
    [InlineData(304, "If-Modified-Since: Thu, 02 Jan 2020 03:04:06 GMT")]
    [InlineData(304, "If-Modified-Since: Thursday, 02-Jan-20 03:04:05 GMT")]
    [InlineData(304, "If-Modified-Since: Thu Jan  2 03:04:05 2020")]
    [InlineData(200, "If-Modified-Since: " + Before)]
    [InlineData(200, "If-Modified-Since: rubbish")]
    [InlineData(200, "If-Modified-Since:")]
    [InlineData(200, "If-None-Match: \"x\"", "If-Modified-Since: " + Date)]
    [InlineData(304, "If-None-Match: " + Tag, "If-Modified-Since: " + Before)]
    public async Task SendsNothingThatTheClientHas(int status, params string[] headers)
    {
        var answer = await Host.GetAsync("/simple.html", headers);

        answer.Status.ShouldBe(status);
        answer.Text.ShouldBe(status == 304 ? "" : FileHost.Simple);
        answer["content-type"].ShouldBe("text/html");
        answer["cache-control"].ShouldBe("max-age=60, must-revalidate, private");
        answer["etag"].ShouldBe(Tag);
        answer["content-length"].ShouldBe(status == 304 ? null : "53");
    }

    [Theory]
    [InlineData("bytes=0-3", 0, 4)]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=50-52", 50, 3)]
    [InlineData("bytes=50-53", 50, 3)]
    [InlineData("bytes=50-9999999999", 50, 3)]
    [InlineData("bytes=50-", 50, 3)]
    [InlineData("bytes=-5", 48, 5)]
    [InlineData("bytes=-53", 0, 53)]
    [InlineData("bytes=-9999", 0, 53)]
    [InlineData("BYTES=0-3", 0, 4)]
    public async Task SendsAPart(string range, int offset, int length)
    {
        var answer = await Host.GetAsync("/simple.html", $"Range: {range}");

        answer.Status.ShouldBe(206);
        answer.Text.ShouldBe(FileHost.Simple.Substring(offset, length));
        answer["content-range"].ShouldBe($"bytes {offset}-{offset + length - 1}/53");
        answer["content-type"].ShouldBe("text/html");
        answer["etag"].ShouldBe(Tag);
    }

    [Theory]
    [InlineData("/simple.html", "bytes=53-", 53)]
    [InlineData("/simple.html", "bytes=9999-", 53)]
    [InlineData("/simple.html", "bytes=9999-10000", 53)]
    [InlineData("/simple.html", "bytes=99999999999999999999999999-", 53)]
    [InlineData("/simple.html", "bytes=-0", 53)]
    [InlineData("/empty.txt", "bytes=0-", 0)]
    [InlineData("/empty.txt", "bytes=0-0", 0)]
    [InlineData("/empty.txt", "bytes=-1", 0)]
    public async Task SaysWhenThereIsNoSuchPart(string target, string range, int size)
    {
        var answer = await Host.GetAsync(target, $"Range: {range}");

        (answer.Status, answer["content-range"], answer["content-length"], answer.Body.Length).ShouldBe((416, $"bytes */{size}", "0", 0));
        answer["cache-control"].ShouldBeNull();
    }

    [Theory]
    [InlineData("bytes=3-1")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=")]
    [InlineData("bytes")]
    [InlineData("lines=0-1")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=0x0-1")]
    [InlineData("")]
    public async Task SendsAllWhereTheRangeMeansNothing(string range)
    {
        var answer = await Host.GetAsync("/simple.html", $"Range: {range}");

        (answer.Status, answer.Text, answer["content-range"]).ShouldBe((200, FileHost.Simple, null));
    }

    [Theory]
    [InlineData(Tag, 200)]
    [InlineData("\"35-16f6435cc88\"", 200)]
    [InlineData("\"x\"", 200)]
    [InlineData(Before, 200)]
    [InlineData("Thu, 02 Jan 2020 03:04:06 GMT", 200)]
    [InlineData("rubbish", 200)]
    [InlineData(Date, 206)]
    public async Task SendsAPart_OnlyOfTheStateThatTheClientMeans(string condition, int status) =>
        (await Host.GetAsync("/simple.html", "Range: bytes=0-3", $"If-Range: {condition}")).Status.ShouldBe(status);

    [Fact]
    public async Task ARangeCountsForGetAlone() => (await Host.SendAsync("HEAD", "/simple.html", "Range: bytes=0-3"))["content-length"].ShouldBe("53");

    [Fact]
    public async Task ASeenStateIsNoRange() => (await Host.GetAsync("/simple.html", "Range: bytes=99-", $"If-None-Match: {Tag}")).Status.ShouldBe(304);

    [Fact]
    public async Task SendsEveryPartOfALargeFileExactly()
    {
        foreach (var (offset, length) in new[] { (0, 65_535), (0, 65_536), (1, 65_537), (65_535, 2), (131_072, 300_000), (999_999, 1), (500_000, 500_000) })
        {
            var answer = await Host.GetAsync("/big.bin", $"Range: bytes={offset}-{offset + length - 1}");

            answer.Status.ShouldBe(206);
            answer.Body.AsSpan().SequenceEqual(FileHost.Big.AsSpan(offset, length)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task SeesAtOnceWhatWasAddedChangedAndTakenAway()
    {
        Host.Write("public/changing.txt", "one");
        var first = await Host.GetAsync("/changing.txt");
        Host.Write("public/changing.txt", "three");
        var second = await Host.GetAsync("/changing.txt", $"If-None-Match: {first["etag"]}");
        File.Delete(Host.Folder["public/changing.txt"]);
        var third = await Host.GetAsync("/changing.txt");

        (first.Text, second.Text, third.Status).ShouldBe(("one", "three", 404));
    }

    [Fact]
    public async Task AFileThatMayNotBeReadIsNotThere()
    {
        Host.Write("public/locked.txt", "locked");
        await using var locked = new FileStream(Host.Folder["public/locked.txt"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        (await Host.GetAsync("/locked.txt")).Status.ShouldBe(404);
        (await Host.SendAsync("HEAD", "/locked.txt")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task TellsTheLogOfEveryFile()
    {
        await Host.GetAsync("/sub/testfile.txt?x=1");
        await Host.GetAsync("/sub/gone.txt");

        var lines = Host.Logs.GetSnapshot().Select(entry => entry.Message).ToList();
        lines.ShouldContain(line => line.StartsWith("[ file @ web ] to=127.0.0.1 file=") && line.Contains("requestedFile=sub/testfile.txt size=16") && line.EndsWith("success=True"));
        lines.ShouldContain(line => line.Contains("file={not found} requestedFile=sub/gone.txt") && line.EndsWith("success=False"));
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal FileHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await FileHost.StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
