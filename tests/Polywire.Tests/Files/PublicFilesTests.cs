using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Files;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Files;

/// <summary>core.md 10: nothing outside the public folders is ever opened.</summary>
public sealed class PublicFilesTests : HostTest
{
    private readonly TemporaryFolder _folder = new();

    public PublicFilesTests()
    {
        _folder.Write("public/simple.txt", "simple");
        _folder.Write("public/empty.txt", "");
        _folder.Write("public/index.html", "the index");
        _folder.Write("public/sub/index.html", "the sub index");
        _folder.Write("public/sub/ünï cödé.txt", "unicode");
        _folder.Write("public/bare/other.txt", "other");
        _folder.Write("public/..hidden", "dots");
        _folder.Write("public/.git/config", "dots");
        _folder.Write("public/.well-known/security.txt", "well known");
        _folder.Write("public/.well-known/.hidden", "dots");
        _folder.Write("public-secret/x.txt", "secret");
        _folder.Write("publicx", "secret");
        _folder.Write("secret.txt", "secret");
        _folder.Write("second/only-second.txt", "second");
        _folder.Write("second/simple.txt", "the other simple");
        Link("public/inside.txt", _folder["public/simple.txt"]);
        Link("public/relative.txt", "sub/../simple.txt");
        Link("public/outside.txt", _folder["secret.txt"]);
        Link("public/out", _folder["public-secret"]);
        Link("public/in", _folder["public/sub"]);
        Link("public/sub/up", "../..");
        Link("public/circle", "circle");
        Link("public/dangling.txt", _folder["nowhere.txt"]);
        Link("public/chain1", "chain2");
        Link("public/chain2", "chain3");
        Link("public/chain3", "../secret.txt");
        Directory.CreateDirectory(_folder["public/index-folder/index.html"]);
    }

    [Fact]
    public async Task AForgedNameIsCutAndBreaksNoLineOfTheLog()
    {
        var host = await StartAsync(_ => { });
        var client = await host.ConnectAsync();
        using var file = PublicFile.NotFound;

        host.Services.GetRequiredService<PublicFiles>().LogSent(
            client.Connection, "x\n[ file @ web ] forged" + new string('y', 5000), file, 0, success: false);

        var line = host.Logs.GetSnapshot().Single(entry => entry.Id.Id == Polywire.Diagnostics.EventIds.FileSent);
        line.GetStructuredStateValue("RequestedFile").ShouldNotBeNull().Length.ShouldBe(100);
        line.Message.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("simple.txt", "simple")]
    [InlineData("./simple.txt", "simple")]
    [InlineData("sub/../simple.txt", "simple")]
    [InlineData("sub/../sub/./ünï cödé.txt", "unicode")]
    [InlineData("", "the index")]
    [InlineData(".", "the index")]
    [InlineData("sub", "the sub index")]
    [InlineData("sub/", "the sub index")]
    [InlineData("sub//", "the sub index")]
    [InlineData(".well-known/security.txt", "well known")]
    [InlineData("inside.txt", "simple")]
    [InlineData("relative.txt", "simple")]
    [InlineData("in", "the sub index")]
    [InlineData("in/ünï cödé.txt", "unicode")]
    [InlineData("only-second.txt", "second")]
    public async Task FindsWhatIsPublic(string name, string content)
    {
        var files = await FilesAsync();

        using var file = files.Open(name);

        file.Status.ShouldBe(PublicFileStatus.Found);
        file.Length.ShouldBe(System.Text.Encoding.UTF8.GetByteCount(content));
        Read(file).ShouldBe(content);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../secret.txt")]
    [InlineData("../public/../secret.txt")]
    [InlineData("sub/../../secret.txt")]
    [InlineData("sub/up/secret.txt")]
    [InlineData("../public-secret/x.txt")]
    [InlineData("../publicx")]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("../../../../../../../../etc/passwd")]
    [InlineData("simple.txt\0.jpg")]
    [InlineData("\0")]
    [InlineData("nowhere.txt")]
    [InlineData("SIMPLE.TXT")]
    [InlineData("simple.txt/")]
    [InlineData("simple.txt/x")]
    [InlineData("bare")]
    [InlineData("index-folder")]
    [InlineData("outside.txt")]
    [InlineData("out")]
    [InlineData("out/x.txt")]
    [InlineData("out/../secret.txt")]
    [InlineData("in/../../secret.txt")]
    [InlineData("sub/up/public-secret/x.txt")]
    [InlineData("circle")]
    [InlineData("circle/x")]
    [InlineData("dangling.txt")]
    [InlineData("chain1")]
    [InlineData("..\\secret.txt")]
    [InlineData("%2e%2e/secret.txt")]
    [InlineData("~/secret.txt")]
    [InlineData("..hidden")]
    [InlineData(".git/config")]
    [InlineData("sub/../.git/config")]
    [InlineData(".well-known/.hidden")]
    public async Task FindsNothingElse(string name)
    {
        var files = await FilesAsync();

        using var file = files.Open(name);

        file.Status.ShouldBe(PublicFileStatus.NotFound);
        file.Handle.ShouldBeNull();
    }

    [Fact]
    public async Task F3_AnAbsolutePathCountsInsideAPublicFolderOnly()
    {
        var files = await FilesAsync();

        using var inside = files.Open(_folder["public/simple.txt"]);
        using var outside = files.Open(_folder["secret.txt"]);
        using var sibling = files.Open(_folder["public-secret/x.txt"]);
        using var root = files.Open(_folder["public"]);

        Read(inside).ShouldBe("simple");
        Read(root).ShouldBe("the index");
        outside.Status.ShouldBe(PublicFileStatus.NotFound);
        sibling.Status.ShouldBe(PublicFileStatus.NotFound);
    }

    [Fact]
    public async Task ANameOfAnyLengthIsOnlyNotFound()
    {
        var files = await FilesAsync();

        foreach (var name in new[] { new string('a', 300), new string('a', 70_000), string.Concat(Enumerable.Repeat("a/", 5_000)), string.Concat(Enumerable.Repeat("../", 5_000)) })
        {
            files.Open(name).Status.ShouldBe(PublicFileStatus.NotFound);
        }
    }

    [Fact]
    public async Task ALongNameCostsNothing()
    {
        var files = await FilesAsync();
        var name = string.Concat(Enumerable.Repeat("a/", 1_000_000));
        var before = GC.GetAllocatedBytesForCurrentThread();

        files.Open(name).Status.ShouldBe(PublicFileStatus.NotFound);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000);
    }

    [Fact]
    public async Task AnEmptyFileIsFoundAndNotOpened()
    {
        var files = await FilesAsync();

        using var file = files.Open("empty.txt");

        (file.Status, file.Length, file.Handle).ShouldBe((PublicFileStatus.Found, 0, null));
    }

    [Fact]
    public async Task FollowLinksOutsideServesWhatLinksBringIn()
    {
        var files = await FilesAsync(polywire => polywire.FollowLinksOutside = true);

        Read(files.Open("outside.txt")).ShouldBe("secret");
        Read(files.Open("out/x.txt")).ShouldBe("secret");
        Read(files.Open("inside.txt")).ShouldBe("simple");
        files.Open("../secret.txt").Status.ShouldBe(PublicFileStatus.NotFound);
        files.Open("circle").Status.ShouldBe(PublicFileStatus.NotFound);
        files.Open("dangling.txt").Status.ShouldBe(PublicFileStatus.NotFound);
    }

    [Fact]
    public async Task ServeDotFilesServesWhatBeginsWithADot()
    {
        var files = await FilesAsync(polywire => polywire.ServeDotFiles = true);

        Read(files.Open("..hidden")).ShouldBe("dots");
        Read(files.Open(".git/config")).ShouldBe("dots");
        Read(files.Open(".well-known/.hidden")).ShouldBe("dots");
        files.Open("../secret.txt").Status.ShouldBe(PublicFileStatus.NotFound);
    }

    [Fact]
    public async Task APublicFolderMayItselfBeALink()
    {
        Link("linked", _folder["second"]);
        var files = await FilesAsync(polywire => polywire.PublicDirectories.Add("linked"), standard: false);

        Read(files.Open("simple.txt")).ShouldBe("the other simple");
        files.Open("../secret.txt").Status.ShouldBe(PublicFileStatus.NotFound);
    }

    [Fact]
    public async Task PublicIsTheFolderWhereNoneIsNamed()
    {
        var files = await FilesAsync(standard: false);

        Read(files.Open("simple.txt")).ShouldBe("simple");
        files.Open("only-second.txt").Status.ShouldBe(PublicFileStatus.NotFound);
    }

    [Fact]
    public async Task F1_TheFirstFolderThatHasItIsTaken()
    {
        var files = await FilesAsync(
            polywire =>
            {
                polywire.PublicDirectories.Add("missing");
                polywire.PublicDirectories.Add("second");
                polywire.PublicDirectories.Add("public/");
            },
            standard: false);

        Read(files.Open("simple.txt")).ShouldBe("the other simple");
        Read(files.Open("sub")).ShouldBe("the sub index");
    }

    [Fact]
    public async Task F5_TheIndexFilesNameCanBeAnother()
    {
        var files = await FilesAsync(polywire => polywire.DirectoryFileType = "other.txt");

        Read(files.Open("bare")).ShouldBe("other");
        files.Open("sub").Status.ShouldBe(PublicFileStatus.NotFound);
    }

    [Fact]
    public async Task F7_AFileThatCannotBeReadSaysWhy()
    {
        var host = await StartAsync(_ => { }, options => options.ContentRootPath = _folder.Path);
        await using var locked = new FileStream(_folder["public/simple.txt"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        using var file = host.Services.GetRequiredService<PublicFiles>().Open("simple.txt");

        file.Status.ShouldBe(PublicFileStatus.Unreadable);
        file.Reason.ShouldNotBeNull().ShouldNotContain(_folder.Path);
        file.Handle.ShouldBeNull();
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Exception is IOException);
    }

    [Fact]
    public async Task ADeviceIsNeverOpened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/zero");
        Link("public/zero", "/dev/zero");
        var files = await FilesAsync(polywire => polywire.FollowLinksOutside = true);

        using var file = files.Open("zero");

        (file.Status, file.Handle).ShouldBe((PublicFileStatus.NotFound, null));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Read(PublicFile file)
    {
        using var handle = file.Handle.ShouldNotBeNull();
        var bytes = new byte[file.Length];
        RandomAccess.Read(handle, bytes, 0).ShouldBe(bytes.Length);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    private void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.CreateSymbolicLink(_folder[name], target);
    }

    private async Task<PublicFiles> FilesAsync(Action<PolywireOptions>? configure = null, bool standard = true)
    {
        var host = await StartAsync(_ => { }, options =>
        {
            options.ContentRootPath = _folder.Path;
            options.ConfigurePolywire(polywire =>
            {
                if (standard)
                {
                    polywire.PublicDirectories.Add("public");
                    polywire.PublicDirectories.Add("second");
                }

                configure?.Invoke(polywire);
            });
        });
        return host.Services.GetRequiredService<PublicFiles>();
    }
}
