using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>Nothing outside the public folder is ever served, in whatever way its path is written.</summary>
public sealed class FileTraversalTests : IAsyncLifetime
{
    // Every way to write two dots, and every way to write what stands between segments.
    private static readonly string[] Dots =
    [
        "..", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e", "%25252e%25252e", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%uff0e%uff0e",
        "%u002e%u002e", "%EF%BC%8E%EF%BC%8E", "%E2%80%A5", "...", "....", ".%00.", "..%00", "..%20", "%20..", "..;", "..%3b", "..;x=y",
    ];

    private static readonly string[] Slashes =
    [
        "/", "//", "/./", "%2f", "%2F", "%5c", "%5C", "\\", "%252f", "%255c", "%c0%af", "%e0%80%af", "%c1%9c", "%u2215", "%E2%88%95", "%EF%BC%8F", "/%2e/", "%2f.%2f",
    ];

    private FileHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FileHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task NoWayOut_InAnyEncoding()
    {
        var targets = new List<string>();
        foreach (var dots in Dots)
        {
            foreach (var slash in Slashes)
            {
                targets.Add($"/{dots}{slash}outside.txt");
                targets.Add($"/public{slash}{dots}{slash}outside.txt");
                targets.Add($"/sub{slash}{dots}{slash}{dots}{slash}outside.txt");
                targets.Add($"/{dots}{slash}public-secret{slash}leak.txt");
            }
        }

        targets.Count.ShouldBeGreaterThan(1500);
        await ShouldServeNothingAsync(targets);
    }

    [Fact]
    public async Task NoWayOut_ByAnyOtherName()
    {
        var root = _host.Public;
        var encoded = Uri.EscapeDataString(root);
        await ShouldServeNothingAsync(
        [
            // Absolute paths, of the public folder itself too: what answers there would tell that it is right.
            $"/public/{root}/simple.html", $"/public/{root}/../outside.txt", $"/public{root}/../outside.txt", $"/{root}/../outside.txt",
            $"/{encoded}%2fsimple.html", $"/{encoded}%2f..%2foutside.txt", $"/public/{encoded}%2f..%2foutside.txt", $"/public//{encoded}/simple.html",
            "/public//etc/passwd", "/%2fetc%2fpasswd", "/public/%2fetc%2fpasswd", "///etc/passwd", "/%2f%2fetc/passwd", "/public/%2f/etc/passwd",
            "/file:///etc/passwd", "/file:%2f%2f%2fetc%2fpasswd", "/c:/windows/win.ini", "/c:%5cwindows%5cwin.ini", "/%5c%5chost%5cshare",
            $"/../public/simple.html", "/public/../public/simple.html", "/%2e%2e/public/simple.html", "/..%2fpublic%2fsimple.html",

            // Siblings that begin alike.
            "/public/../public-secret/leak.txt", "/..%2fpublic-secret/leak.txt", "/public/..%2fpublicx", "/../publicx", "/public/%2e%2e-secret/leak.txt",
            "/public-secret/leak.txt", "/-secret/leak.txt", "/publicx",

            // Links, straight, through a folder, through each other, and round in circles.
            "/link.txt", "/public/link.txt", "/chain", "/out", "/out/", "/out/leak.txt", "/out/../outside.txt", "/up/outside.txt", "/up/public-secret/leak.txt",
            "/up/public/link.txt", "/up/public/up/outside.txt", "/innerfolder/../../outside.txt", "/circle", "/circle/x", "/link.txt/", "/out%2fleak.txt",

            // Dot files.
            "/.hidden", "/public/.hidden", "/.git/config", "/.git%2fconfig", "/%2ehidden", "/%2egit/config", "/sub/../.hidden", "/sub/..%2f.git%2fconfig",
            "/.well-known/.hidden", "/.well-known/../.hidden", "/.WELL-KNOWN/security.txt", "/.git", "/.git/", "/./.hidden", "/innerfolder/../.hidden",

            // Bytes that end a name elsewhere.
            "/simple.html%00", "/simple.html%00.txt", "/%00", "/..%00/outside.txt", "/../outside.txt%00.html", "/link.txt%00", "/simple.html%0a", "/simple.html%20",
            "/simple.html.", "/simple.html::$DATA", "/simple.html%3a%3a$DATA", "/con", "/nul", "/simple~1.htm",

            // More of everything.
            "/" + string.Concat(Enumerable.Repeat("../", 1000)) + "etc/passwd", "/" + string.Concat(Enumerable.Repeat("..%2f", 1000)) + "etc%2fpasswd",
            "/" + string.Concat(Enumerable.Repeat("a/", 3000)) + "x", "/" + string.Concat(Enumerable.Repeat("sub/../", 1000)) + "../outside.txt",
            "/" + new string('a', 255), "/" + new string('a', 256), "/" + new string('a', 5000), "/" + string.Concat(Enumerable.Repeat("%2e", 2000)),
            "/" + string.Concat(Enumerable.Repeat("%C3%A4", 500)), "/" + new string('%', 3000), "/~/outside.txt", "/~root/.bashrc", "/$HOME/x", "/*", "/%2a",
        ]);
    }

    [Fact]
    public async Task NoWayOut_InRandomMixtures()
    {
        var random = new Random(20200102);
        string[] parts = [.. Dots, .. Slashes, "public", "outside.txt", "sub", "up", "out", "link.txt", "public-secret", "leak.txt", "etc", "passwd", ".", ""];
        await ShouldServeNothingAsync(
            Enumerable.Range(0, 2000).Select(_ => "/" + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]))),
            servesMore: true);
    }

    private async Task ShouldServeNothingAsync(IEnumerable<string> targets, bool servesMore = false)
    {
        await Parallel.ForEachAsync(targets, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (target, _) =>
        {
            var answer = await _host.GetAsync(target);

            answer.Text.ShouldNotContain(FileHost.Secret, customMessage: target);
            answer.Text.ShouldNotContain("root:", customMessage: target);
            answer.Text.ShouldNotContain(_host.Folder.Path, customMessage: target);
            if (!servesMore)
            {
                answer.Status.ShouldBeOneOf([400, 404, 414], target);
            }

            answer.Status.ShouldBeInRange(200, 499, target);
        });
    }
}
