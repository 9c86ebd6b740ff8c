using System.Text.RegularExpressions;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Architecture;

/// <summary>What the build does not check about the files themselves.</summary>
public partial class RepositoryTests
{
    private const int MostLines = 400;

    [Fact]
    public void LockFilesNameNoHost()
    {
        string[] files = [.. Repository.Files("", "packages.lock.json"), .. Repository.Files("", "package-lock.json")];

        files.ShouldNotBeEmpty();
        files.Where(file => Address().IsMatch(Read(file))).ShouldBeEmpty();
    }

    [Fact]
    public void SourcesHaveFileScopedNamespaces()
    {
        Sources().Where(file => !FileScopedNamespace().IsMatch(Read(file))).ShouldBeEmpty();
    }

    [Fact]
    public void SourcesStayShort()
    {
        Sources().Where(file => File.ReadLines(Path.Combine(Repository.Root, file)).Count() > MostLines).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Sources() => Repository.Files("src", "*.cs");

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    // Where a package came from; its home page or its sponsors' (npm's "url") is no concern of the build.
    [GeneratedRegex("""(?<!"url":\s*)"[^"]*://""")]
    private static partial Regex Address();

    [GeneratedRegex(@"^namespace [\w.]+;\s*$", RegexOptions.Multiline)]
    private static partial Regex FileScopedNamespace();
}
