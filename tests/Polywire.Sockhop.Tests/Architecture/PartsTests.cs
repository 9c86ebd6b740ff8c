using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Architecture;

/// <summary>A part of a connection is a type with a state of its own, not a file of a larger one.</summary>
public class PartsTests
{
    private const string Folder = "src/Polywire.Sockhop/Peer";
    private const int MostLines = 300;

    [Fact]
    public void AreWholeTypesInOneFile()
    {
        var files = Repository.Files(Folder, "*.cs").Select(file => (file, lines: File.ReadAllLines(Path.Combine(Repository.Root, file)))).ToList();

        files.ShouldNotBeEmpty();
        files.Where(file => file.lines.Length > MostLines || file.lines.Any(line => line.Contains(" partial ", StringComparison.Ordinal)))
            .Select(file => file.file).ShouldBeEmpty();
    }
}
