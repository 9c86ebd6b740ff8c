using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Files;
using Polywire.Tests.Fakes;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Files;

/// <summary>The file that was looked at is the one that is opened, whatever is renamed meanwhile; what is no file is never opened.</summary>
public sealed class PublicFilesRaceTests : HostTest
{
    private const string Inside = "inside";
    private const string Outside = "outside";
    private const int Opens = 4000;

    private readonly TemporaryFolder _folder = new();

    public PublicFilesRaceTests()
    {
        _folder.Write("public/good/file.txt", Inside);
        _folder.Write("public/good/index.html", Inside);
        _folder.Write("secret/file.txt", Outside);
        _folder.Write("secret/index.html", Outside);
    }

    /// <summary>A file, a folder on the way, and a folder's index are swapped for links that lead out, while they are asked for.</summary>
    [Theory, InlineData("file.txt", "file.txt", "file"), InlineData("folder/file.txt", "", "folder"), InlineData("folder", "", "folder")]
    public async Task NoSwapOfALinkBringsInWhatLiesOutside(string name, string target, string swapped)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "places are held on Linux alone");
        var files = await FilesAsync();
        var good = _folder[Path.Combine("public/good", target)].TrimEnd('/');
        var bad = _folder[Path.Combine("secret", target)].TrimEnd('/');
        var place = _folder[Path.Combine("public", swapped + (target.Length > 0 ? ".txt" : ""))];
        File.CreateSymbolicLink(place, good);
        using var stop = new CancellationTokenSource();
        var swaps = 0;
        var swapping = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    foreach (var lead in (string[])[bad, good])
                    {
                        var next = _folder["next"];
                        File.CreateSymbolicLink(next, lead);
                        SpecialFiles.Rename(next, place);
                        swaps++;
                    }
                }
            },
            TestContext.Current.CancellationToken);

        var seen = new Dictionary<string, int> { [Inside] = 0, [Outside] = 0, [""] = 0 };
        for (var i = 0; i < Opens || ((seen[Inside] == 0 || seen[""] == 0) && i < Opens * 50); i++)
        {
            using var file = files.Open(name);
            seen[Read(file)]++;
        }

        await stop.CancelAsync();
        await swapping;
        seen[Outside].ShouldBe(0);
        seen[Inside].ShouldBeGreaterThan(0);
        seen[""].ShouldBeGreaterThan(0);
        swaps.ShouldBeGreaterThan(0);
    }

    [Theory, InlineData("pipe"), InlineData("socket"), InlineData("link-to-pipe"), InlineData("device"), InlineData("folder-of-pipe"), InlineData("good/folder-of-folder")]
    public async Task WhatIsNoFileIsNotThere(string name)
    {
        Assert.SkipUnless(SpecialFiles.HavePipes, "needs named pipes");
        SpecialFiles.MakePipe(_folder["public/pipe"]);
        SpecialFiles.MakeSocket(_folder["public/socket"]);
        File.CreateSymbolicLink(_folder["public/link-to-pipe"], "pipe");
        File.CreateSymbolicLink(_folder["public/device"], "/dev/zero");
        Directory.CreateDirectory(_folder["public/folder-of-pipe"]);
        SpecialFiles.MakePipe(_folder["public/folder-of-pipe/index.html"]);
        Directory.CreateDirectory(_folder["public/good/folder-of-folder/index.html"]);
        foreach (var followLinksOutside in (bool[])[false, true])
        {
            var files = await FilesAsync(followLinksOutside);

            // On a thread of its own: opening a pipe waits for somebody who writes.
            using var file = await Task.Run(() => files.Open(name), TestContext.Current.CancellationToken).WithinLimit();

            (file.Status, file.Handle, file.Path).ShouldBe((PublicFileStatus.NotFound, null, null));
        }
    }

    [Fact]
    public async Task AFileThatIsReplacedWhileItIsOpenStaysWhatItWas()
    {
        var files = await FilesAsync();
        using var file = files.Open("good/file.txt");

        File.Move(_folder.Write("public/good/new.txt", "another"), _folder["public/good/file.txt"], overwrite: true);

        Read(file).ShouldBe(Inside);
        using var next = files.Open("good/file.txt");
        Read(next).ShouldBe("another");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Read(in PublicFile file)
    {
        if (file.Status == PublicFileStatus.NotFound)
        {
            return "";
        }

        var bytes = new byte[file.Length];
        RandomAccess.Read(file.Handle.ShouldNotBeNull(), bytes, 0).ShouldBe(bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<PublicFiles> FilesAsync(bool followLinksOutside = false)
    {
        var host = await StartAsync(
            polywire => polywire.Services.Configure<PolywireOptions>(options => options.FollowLinksOutside = followLinksOutside),
            options => options.ContentRootPath = _folder.Path);
        return host.Services.GetRequiredService<PublicFiles>();
    }
}
