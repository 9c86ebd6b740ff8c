using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>RFC 9110 8.4 and 15.5.16: bodies in a coding.</summary>
public sealed class CodedBodiesTests
{
    private static readonly string[] Types = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=XX", "application/octet-stream"];

    public static TheoryData<string, string> Codings { get; } =
    [
        .. from type in Types from coding in (string[])["gzip", "GZIP", "br", "deflate", "x-unknown", "identity, gzip", "gzip, gzip", "gzip\r\nContent-Encoding: identity", "aws-chunked"] select (type, coding),
    ];

    [Theory, MemberData(nameof(Codings))]
    public async Task RefusesWhatNobodyDecodes_AndRunsNothing(string type, string coding)
    {
        var runs = 0;
        await using var host = await StartAsync(() => runs++, decodes: false);

        var answer = await host.PostAsync("/api/count?a=q", Gzip("""{"a":"1"}"""), type, $"Content-Encoding: {coding}");

        answer.Status.ShouldBe(415);
        answer["accept-encoding"].ShouldBe("identity");
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("The coding of the request body is not supported.");
        runs.ShouldBe(0);
    }

    [Theory]
    [InlineData("identity"), InlineData(""), InlineData(" Identity , identity"), InlineData(",")]
    public async Task NoCodingIsNone(string coding)
    {
        await using var host = await StartAsync(() => { }, decodes: false);

        var answer = await host.PostAsync("/api/count", """{"a":"1"}""", "application/json", $"Content-Encoding: {coding}");

        WebHost.Json(answer).GetProperty("a").GetString().ShouldBe("1");
    }

    [Theory]
    [InlineData("text/plain", "x"), InlineData("application/json", "")]
    public async Task WhatIsNotReadNeedNotBeDecoded(string type, string body)
    {
        await using var host = await StartAsync(() => { }, decodes: false);

        (await host.PostAsync("/api/count", body, type, "Content-Encoding: gzip")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task DecodesWhatTheApplicationDecodes_AndTellsWhatItWould()
    {
        await using var host = await StartAsync(() => { }, decodes: true);
        foreach (var (type, body) in ((string, string)[])
        [
            ("application/json", """{"a":"1"}"""), ("application/x-www-form-urlencoded", "a=1"),
            ("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--\r\n"),
        ])
        {
            WebHost.Json(await host.PostAsync("/api/count", Gzip(body), type, "Content-Encoding: gzip")).GetProperty("a").GetString().ShouldBe("1", type);
            (await host.PostAsync("/api/count", "broken", type, "Content-Encoding: gzip")).Status.ShouldBe(400, type);
            var answer = await host.PostAsync("/api/count", Gzip(body), type, "Content-Encoding: x-unknown");
            answer.Status.ShouldBe(415, type);
            answer["accept-encoding"].ShouldBe("br, deflate, gzip");
        }

        (await host.PostAsync("/api/count", Gzip($$"""{"a":"{{new string('x', 100_000)}}"}"""), "application/json", "Content-Encoding: gzip")).Status.ShouldBe(413);
    }

    private static string Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return Encoding.Latin1.GetString(packed.ToArray());
    }

    private static Task<WebHost> StartAsync(Action run, bool decodes) => WebHost.StartAsync(
        web => web.MaxBodySize = 10_000,
        (builder, polywire) =>
        {
            builder.Services.AddRequestDecompression();
            if (!decodes)
            {
                foreach (var service in builder.Services.Where(service => service.ServiceType == typeof(Microsoft.AspNetCore.RequestDecompression.IRequestDecompressionProvider)).ToList())
                {
                    builder.Services.Remove(service);
                }
            }

            polywire.MapDynamicAction("count", inputs => inputs.Optional("a"), (context, _) =>
            {
                run();
                context.Response["a"] = context.Params["a"];
                return Task.CompletedTask;
            });
        },
        (app, _) =>
        {
            if (decodes)
            {
                app.UseRequestDecompression();
            }
        });
}
