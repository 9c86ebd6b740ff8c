using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>Files that actions send.</summary>
public sealed class FileActionTests : IAsyncLifetime
{
    private FileHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FileHost.StartAsync(more: (_, polywire) =>
        polywire.MapAction<SendInput, ActionResult>("send", (input, context) =>
        {
            var http = context.Http!;
            http.StatusCode = input.Status;
            foreach (var header in input.Headers ?? [])
            {
                http.SetHeader(header.Split('=')[0], header.Split('=')[1]);
            }

            return ActionResult.File(input.Name);
        }));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task IsTheFileWithTheHeadersOfItsOwnAddress()
    {
        var sent = await _host.GetAsync("/api/send?name=simple.html");
        var served = await _host.GetAsync("/simple.html");

        (sent.Status, sent.Text).ShouldBe((200, FileHost.Simple));
        sent.Headers.Keys.Order().ShouldBe(served.Headers.Keys.Order());
        foreach (var name in new[] { "content-type", "content-length", "etag", "cache-control", "accept-ranges" })
        {
            sent[name].ShouldBe(served[name]);
        }
    }

    [Fact]
    public async Task ConditionsAndRangesCount()
    {
        (await _host.GetAsync("/api/send?name=simple.html", "If-None-Match: *")).Status.ShouldBe(304);
        (await _host.GetAsync("/api/send?name=simple.html", "Range: bytes=0-3")).Text.ShouldBe("<h1>");
        (await _host.GetAsync("/api/send?name=simple.html", "Range: bytes=99-")).Status.ShouldBe(416);
        var head = await _host.SendAsync("HEAD", "/api/send?name=simple.html");
        (head.Status, head["content-length"], head.Body.Length).ShouldBe((200, "53", 0));
    }

    [Fact]
    public async Task WhatTheActionSetStays()
    {
        var answer = await _host.GetAsync(
            "/api/send?name=simple.html&status=418&headers=Cache-Control=no-store&headers=Content-Type=text/x-other&headers=X-Own=yes", "If-None-Match: *", "Range: bytes=0-3");

        (answer.Status, answer.Text).ShouldBe((418, FileHost.Simple));
        (answer["cache-control"], answer["content-type"], answer["x-own"]).ShouldBe(("no-store", "text/x-other", "yes"));
    }

    [Theory, InlineData(204), InlineData(304)]
    public async Task AStatusWithoutABodyHasNone(int status)
    {
        var answer = await _host.GetAsync($"/api/send?name=simple.html&status={status}");

        (answer.Status, answer.Body.Length).ShouldBe((status, 0));
    }

    [Theory]
    [InlineData("nope.html")]
    [InlineData("../outside.txt")]
    [InlineData("sub/../../outside.txt")]
    [InlineData("../public/simple.html")]
    [InlineData("../public-secret/leak.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("/simple.html")]
    [InlineData("link.txt")]
    [InlineData("out/leak.txt")]
    [InlineData(".hidden")]
    [InlineData("%2e%2e/outside.txt")]
    [InlineData("simple.html\0")]
    public async Task ANameThatAClientSentLeadsNowhereElse(string name)
    {
        var answer = await _host.GetAsync($"/api/send?name={Uri.EscapeDataString(name)}&status=200&headers=Cache-Control=public");

        (answer.Status, answer.Text, answer["content-type"], answer["cache-control"]).ShouldBe((404, FileHost.NotFound, "text/html", null));
    }

    [Fact]
    public async Task NotEvenAnAbsolutePathInsideIsAName()
    {
        var answer = await _host.GetAsync($"/api/send?name={Uri.EscapeDataString(_host.Public)}/simple.html");

        answer.Status.ShouldBe(404);
    }

    [Fact]
    public async Task ANameOfMegabytesIsOnlyNotFound()
    {
        var body = JsonSerializer.Serialize(new { name = string.Concat(Enumerable.Repeat("a/../", 1_000_000)) + "simple.html" });

        var answer = await RawHttp.SendAsync(
            _host.Address,
            $"POST /api/send HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        (answer.Status, answer.Text).ShouldBe((404, FileHost.NotFound));
    }

    internal sealed record SendInput(string Name, int? Status = null, string[]? Headers = null);
}
