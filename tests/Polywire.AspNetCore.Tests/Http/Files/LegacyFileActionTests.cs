#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>The action <c>file</c> of older applications.</summary>
public sealed class LegacyFileActionTests
{
    [Theory]
    [InlineData("/api?action=file&fileName=page.html"), InlineData("/api/file?fileName=page.html"), InlineData("/api/file?file=page.html")]
    [InlineData("/api/file?fileName=page.html&file=index.html"), InlineData("/file/page.html")]
    public async Task SendsAPublicFile(string target)
    {
        await using var host = await WebHost.StartAsync(web => web.Legacy = true);

        var answer = await host.GetAsync(target);

        answer.Status.ShouldBe(200);
        answer["content-type"].ShouldBe("text/html");
        answer.Text.ShouldBe("<p>page</p>\n");
    }

    [Theory]
    [InlineData("../outside.txt"), InlineData("..%2foutside.txt"), InlineData("nope.html")]
    public async Task SendsNothingElse(string name)
    {
        await using var host = await WebHost.StartAsync(web => web.Legacy = true);

        (await host.GetAsync($"/api/file?fileName={name}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task AsksForAName()
    {
        await using var host = await WebHost.StartAsync(web => web.Legacy = true);

        var answer = await host.GetAsync("/api/file");

        answer.Status.ShouldBe(422);
        answer.Text.ShouldContain("fileName is a required parameter for this action");
    }

    [Fact]
    public async Task IsNotThereOtherwise()
    {
        await using var host = await WebHost.StartAsync();

        (await host.GetAsync("/api/file?fileName=page.html")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task GivesWayToTheApplicationsOwn()
    {
        await using var host = await WebHost.StartAsync(
            web => web.Legacy = true,
            (_, polywire) => polywire.MapDynamicAction("file", _ => { }, (context, _) =>
            {
                context.Response["own"] = true;
                return Task.CompletedTask;
            }).BlockTransport(Transports.WebSocket | Transports.Socket | Transports.Sockhop));

        (await host.GetAsync("/api/file?fileName=page.html")).Text.ShouldContain("\"own\":true");
    }
}
