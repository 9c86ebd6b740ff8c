#pragma warning disable xUnit1051 // Every wait is bounded by the host.
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http.Files;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>
/// RFC 9110, 13 and 14, as a table: every method with every form of every condition. What is right is told by what the rows mean, not by reading
/// the headers again.
/// </summary>
public sealed class ConditionalRequestsTests
{
    private const string Before = "Thu, 02 Jan 2020 03:04:04 GMT";
    private const string Same = "Thu, 02 Jan 2020 03:04:05 GMT";
    private const string After = "Tue, 02 Jan 2120 03:04:06 GMT";
    private const int Size = 53;
    private const int Combinations = 777_600;

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "TRACE"];

    // TAG is the current one, weak; STRONG is the same without W/.
    private static readonly Row[] IfMatch =
    [
        new(false), new(true, "*"), new(false, "TAG"), new(false, "STRONG"),
        new(false, "\"x\", TAG"), new(false, "rubbish"),
    ];

    private static readonly Row[] Unmodified = [new(true), new(false, Before), new(true, Same), new(true, After), new(true, "rubbish")];

    private static readonly Row[] IfNoneMatch =
    [
        new(false), new(true, "*"), new(true, "TAG"), new(true, "STRONG"), new(false, "\"x\""), new(true, "\"x,y\" , TAG"),
        new(true, "\"x\"\nTAG"), new(false, "rubbish, \"x\""), new(true, "TAG") { NoCache = true },
    ];

    private static readonly Row[] Modified = [new(false), new(false, Before), new(true, Same), new(true, After), new(false, "rubbish"), new(false, After + "\n" + After)];

    private static readonly RangeRow[] Ranges =
    [
        new(null, 200), new("bytes=0-1", 206), new("bytes=-3", 206), new("bytes=9-99999999999999999999999", 206), new("bytes=99999999999999999999999-", 416),
        new("bytes=-0", 416), new("bytes=5-3", 200), new("bytes=0-1,3-4", 200), new("bytes=0-1\nbytes=0-1", 200), new("lines=0-1", 200),
    ];

    // Whether a range may be sent.
    private static readonly Row[] IfRange = [new(true), new(true, Same), new(false, Before), new(false, "TAG")];

    private static readonly string?[] Codings = [null, "gzip"];

    /// <summary>All of them, as the one place that looks at conditions sees them.</summary>
    [Fact]
    public void EveryCombinationIsAnsweredInTheOrderOfTheRfc()
    {
        var state = new FileValidators(Size, FileHost.Changed);
        var count = 0;
        foreach (var (method, match, unmodified, none, modified, range, ifRange) in All())
        {
            var http = new DefaultHttpContext();
            http.Request.Method = method;
            foreach (var (name, value) in HeadersOf(match, unmodified, none, modified, range, ifRange, state.ETag))
            {
                http.Request.Headers.Append(name, value);
            }

            var status = state.Check(http.Request, etags: true) switch
            {
                Precondition.Failed => 412,
                Precondition.NotModified => 304,
                _ => FileRange.Of(http.Request, state).Kind switch
                {
                    FileRangeKind.Part => 206,
                    FileRangeKind.Unsatisfiable => 416,
                    _ => 200,
                },
            };

            var right = Expected(method, match, unmodified, none, modified, range, ifRange);
            if (status != right)
            {
                Assert.Fail($"{right}, not {status}: {method} {string.Join(" | ", HeadersOf(match, unmodified, none, modified, range, ifRange, state.ETag))}");
            }

            count++;
        }

        // A coding changes nothing of the status; over HTTP it is in the table as well.
        (count * Codings.Length).ShouldBe(Combinations);
    }

    /// <summary>Some of them, spread over the whole table, over HTTP for everything that has a validator.</summary>
    [Theory]
    [InlineData("/simple.html", true)]
    [InlineData("/files/simple.html", true)]
    [InlineData("/api/sendSimple", true)]
    [InlineData("/public/javascript/polywireClient.js", false)]
    [InlineData("/openapi.json", false)]
    public async Task AnswersSo_WhateverTheFileIs(string target, bool isOnDisk)
    {
        await using var host = await FileHost.StartAsync(
            web => (web.Compress, web.OpenApiPath) = (true, "/openapi.json"),
            more: (_, polywire) =>
            {
                polywire.AddRoutes(routes => routes.Folder(RouteMethods.All, "/files", "public"));
                polywire.MapDynamicAction("sendSimple", _ => { }, (context, _) =>
                {
                    context.Result = ActionResult.File("simple.html");
                    return Task.CompletedTask;
                });
            });
        var first = await host.GetAsync(target);
        first.Status.ShouldBe(200);
        var tag = first["etag"].ShouldNotBeNull();
        var size = first.Body.Length;
        var random = new Random(Seed.Value);
        var all = All().Where(row => row.Method is "GET" or "HEAD" || (row.Method is "POST" or "DELETE" && target != "/openapi.json"))
            .Where(row => isOnDisk || !(Has(row.Unmodified, Same) || Has(row.Modified, Same) || Has(row.IfRange, Same))).ToArray();
        for (var i = 0; i < 150; i++)
        {
            var (method, match, unmodified, none, modified, range, ifRange) = all[random.Next(all.Length)];
            var coding = Codings[i % 2];
            var headers = HeadersOf(match, unmodified, none, modified, range, ifRange, tag).Select(pair => $"{pair.Name}: {pair.Value}").ToList();
            headers.Add("Content-Length: 0");
            if (coding is not null)
            {
                headers.Add($"Accept-Encoding: {coding}");
            }

            var answer = await host.SendAsync(method, target, [.. headers]);

            var why = $"{method} {target} {string.Join(" | ", headers)} ({Seed.Variable}={Seed.Value})";
            var right = Expected(method, match, unmodified, none, modified, range, ifRange);
            answer.Status.ShouldBe(right, why);
            answer.IsWhole.ShouldBeTrue(why);
            answer["etag"].ShouldBe(right == 416 ? null : tag, why);
            answer["content-encoding"].ShouldBe(right == 200 ? coding : null, why);
            answer["content-range"].ShouldBe(right == 206 ? range.ContentRange(size) : right == 416 ? $"bytes */{size}" : null, why);
            if (method == "HEAD" || right is 304 or 412 or 416)
            {
                answer.Body.ShouldBeEmpty(why);
            }
        }
    }

    private static bool Has(Row row, string text) => row.Text?.Contains(text, StringComparison.Ordinal) == true;

    private static int Expected(string method, Row match, Row unmodified, Row none, Row modified, RangeRow range, Row ifRange)
    {
        var reads = method is "GET" or "HEAD";
        if (method == "TRACE")
        {
            return 200;
        }

        if (match.IsPresent ? !match.Holds : !unmodified.Holds)
        {
            return 412;
        }

        if (none.IsPresent)
        {
            if (none.Holds && !(none.NoCache && reads))
            {
                return reads ? 304 : 412;
            }
        }
        else if (reads && modified.Holds)
        {
            return 304;
        }

        return method == "GET" && ifRange.Holds ? range.Status : 200;
    }

    private static IEnumerable<(string Method, Row Match, Row Unmodified, Row None, Row Modified, RangeRow Range, Row IfRange)> All() =>
        from method in Methods
        from match in IfMatch
        from unmodified in Unmodified
        from none in IfNoneMatch
        from modified in Modified
        from range in Ranges
        from ifRange in IfRange
        select (method, match, unmodified, none, modified, range, ifRange);

    private static IEnumerable<(string Name, string Value)> HeadersOf(
        Row match, Row unmodified, Row none, Row modified, RangeRow range, Row ifRange, string tag)
    {
        foreach (var (name, text) in ((string, string?)[])
            [("If-Match", match.Text), ("If-Unmodified-Since", unmodified.Text), ("If-None-Match", none.Text), ("If-Modified-Since", modified.Text), ("Range", range.Text), ("If-Range", ifRange.Text)])
        {
            foreach (var line in text?.Split('\n') ?? [])
            {
                yield return (name, line.Replace("STRONG", tag[2..], StringComparison.Ordinal).Replace("TAG", tag, StringComparison.Ordinal));
            }
        }

        if (none.NoCache)
        {
            yield return ("Cache-Control", "max-age=0, no-cache");
        }
    }

    /// <param name="Holds">What the condition says of the current state; of an absent one too, where that makes a difference.</param>
    /// <param name="Text">The header's lines; null for none.</param>
    internal sealed record Row(bool Holds, string? Text = null)
    {
        public bool IsPresent => Text is not null;

        public bool NoCache { get; init; }
    }

    /// <param name="Text">The header's lines; null for none.</param>
    /// <param name="Status">Of an answer whose range may be sent.</param>
    internal sealed record RangeRow(string? Text, int Status)
    {
        public string ContentRange(int size) => Text switch
        {
            "bytes=0-1" => $"bytes 0-1/{size}",
            "bytes=-3" => $"bytes {size - 3}-{size - 1}/{size}",
            _ => string.Create(CultureInfo.InvariantCulture, $"bytes 9-{size - 1}/{size}"),
        };
    }
}
