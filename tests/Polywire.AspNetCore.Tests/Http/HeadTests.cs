#pragma warning disable xUnit1051 // Every wait is bounded by the host.
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Http.Answers;
using Polywire.AspNetCore.Tests.Http.Files;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>HEAD says what GET would say, its length included, or leaves the length out (RFC 9110, 8.6 and 9.3.2).</summary>
public sealed class HeadTests
{
    private static readonly string[] Names =
        ["content-type", "content-encoding", "vary", "etag", "cache-control", "accept-ranges", "last-modified", "x-content-type-options", "allow", "upgrade"];

    private static readonly string[] Targets =
    [
        "/text.txt", "/simple.html", "/empty.txt", "/big.bin", "/pixel.gif", "/sub", "/nope.txt", "/public/javascript/polywireClient.js", "/openapi.json",
        "/api/list", "/api/word", "/api/text", "/api/bytes", "/api/stream", "/api/endless", "/api/empty", "/api/none", "/api/noContent", "/api/silent", "/api/nope",
        "/api/ownError", "/api/list?callback=f", "/api/sendText", "/api/sendNothing", "/primus", "/primus/spec", "/primus/primus.js",
    ];

    [Theory, InlineData(false, true), InlineData(true, true), InlineData(true, false)]
    public async Task SaysWhatGetSays(bool compress, bool etags)
    {
        await using var host = await FileHost.StartAsync(
            web =>
            {
                (web.Compress, web.EnableEtag, web.OpenApiPath) = (compress, etags, "/openapi.json");
                web.MetadataOptions = new WebMetadataOptions { ServerInformation = false, RequesterInformation = false };
            },
            more: (_, polywire) =>
            {
                AnswerActions.Map(polywire);
                foreach (var (name, file) in ((string, string)[])[("sendText", "text.txt"), ("sendNothing", "nope.txt")])
                {
                    polywire.MapDynamicAction(name, _ => { }, (context, _) =>
                    {
                        context.Result = ActionResult.File(file);
                        return Task.CompletedTask;
                    });
                }
            });
        foreach (var target in Targets)
        {
            foreach (var coding in (string[])["", "gzip", "deflate, gzip;q=0.5", "identity", "gzip;q=0"])
            {
                var get = await host.GetAsync(target, $"Accept-Encoding: {coding}", "Cookie: sessionID=abc");
                var head = await host.SendAsync("HEAD", target, $"Accept-Encoding: {coding}", "Cookie: sessionID=abc");

                var why = $"{target} with {coding}";
                head.Status.ShouldBe(get.Status, why);
                head.Body.ShouldBeEmpty(why);
                foreach (var name in Names)
                {
                    head[name].ShouldBe(get[name], $"{name} of {why}");
                }

                if (head["content-length"] is { } length)
                {
                    length.ShouldBe(get.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), why);
                }

                if (compress && target == "/text.txt" && coding == "gzip")
                {
                    get["content-encoding"].ShouldBe("gzip");
                }
            }
        }
    }
}
