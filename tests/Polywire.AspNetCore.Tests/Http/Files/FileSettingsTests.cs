using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>The settings of files on the web.</summary>
public sealed class FileSettingsTests
{
    [Fact]
    public async Task SendsTheDateInsteadOfTheTag()
    {
        await using var host = await FileHost.StartAsync(web => web.EnableEtag = false);

        var answer = await host.GetAsync("/simple.html");

        (answer.Status, answer["etag"], answer["last-modified"]).ShouldBe((200, null, "Thu, 02 Jan 2020 03:04:05 GMT"));
        (await host.GetAsync("/simple.html", "If-None-Match: *")).Status.ShouldBe(200);
        (await host.GetAsync("/simple.html", "If-None-Match: *", "If-Modified-Since: Thu, 02 Jan 2020 03:04:05 GMT")).Status.ShouldBe(304);
        (await host.GetAsync("/simple.html", "Range: bytes=0-3", "If-Range: Thu, 02 Jan 2020 03:04:05 GMT")).Status.ShouldBe(206);
    }

    [Fact]
    public async Task TellsHowLongAFileMayBeKept()
    {
        await using var host = await FileHost.StartAsync(web => web.FlatFileCacheDuration = TimeSpan.FromHours(1.5));

        (await host.GetAsync("/simple.html"))["cache-control"].ShouldBe("max-age=5400, must-revalidate, private");
    }

    [Fact]
    public async Task ServesDotFilesWhereThatIsWanted()
    {
        await using var host = await FileHost.StartAsync(web => web.ServeDotFiles = true);

        (await host.GetAsync("/.hidden")).Text.ShouldBe(FileHost.Secret);
        (await host.GetAsync("/.git/config")).Text.ShouldBe(FileHost.Secret);
        (await host.GetAsync("/../outside.txt")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task FollowsLinksOutsideWhereThatIsWanted()
    {
        await using var host = await FileHost.StartAsync(polywire: polywire => polywire.FollowLinksOutside = true);

        (await host.GetAsync("/link.txt")).Text.ShouldBe(FileHost.Secret);
        (await host.GetAsync("/out/leak.txt")).Text.ShouldBe(FileHost.Secret);
        (await host.GetAsync("/circle")).Status.ShouldBe(404);
        (await host.GetAsync("/../outside.txt")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task SearchesTheFoldersInTheirOrder()
    {
        await using var host = await FileHost.StartAsync(polywire: polywire => polywire.PublicDirectories.Add("second"));
        host.Write("second/simple.html", "the other one");
        host.Write("second/new.html", "new");

        (await host.GetAsync("/simple.html")).Text.ShouldBe(FileHost.Simple);
        (await host.GetAsync("/new.html")).Text.ShouldBe("new");
    }

    [Fact]
    public async Task AnotherFileMayStandForAFolder()
    {
        await using var host = await FileHost.StartAsync(polywire: polywire => polywire.DirectoryFileType = "only.txt");

        (await host.GetAsync("/noindex")).Text.ShouldBe("only\n");
        (await host.GetAsync("/noindex/")).Text.ShouldBe("only\n");
        (await host.GetAsync("/sub/")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task TheApplicationMayKnowMoreTypes()
    {
        var types = new FileExtensionContentTypeProvider { Mappings = { [".zzunknown"] = "text/x-odd" } };
        await using var host = await FileHost.StartAsync(more: (builder, _) => builder.Services.AddSingleton<IContentTypeProvider>(types));

        (await host.GetAsync("/thing.zzunknown"))["content-type"].ShouldBe("text/x-odd");
    }

    [Fact]
    public async Task TheTextOfAMissingFileCanBeAnother()
    {
        await using var host = await FileHost.StartAsync(more: (builder, _) => builder.Services.AddSingleton<ErrorCatalog, OtherTexts>());

        (await host.GetAsync("/nope")).Text.ShouldBe("où ça ?");
    }

    private sealed class OtherTexts : ErrorCatalog
    {
        public override string FileNotFound => "où ça ?";
    }
}
