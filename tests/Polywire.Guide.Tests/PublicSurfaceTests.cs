using System.Text.RegularExpressions;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>Every public member is in a page of the guide, or on the list of what the XML reference alone has.</summary>
/// <remarks>The list is <c>reference-only.txt</c>: a line is a type with all its members, or <c>Type.Member</c>.</remarks>
public sealed partial class PublicSurfaceTests
{
    private const string ListFile = "tests/Polywire.Guide.Tests/reference-only.txt";

    // Say nothing of their own: what every type has, and classes whose methods are what one calls.
    private static readonly string[] Everywhere = ["Dispose", "DisposeAsync", "Equals", "GetHashCode", "ToString", "CompareTo", "GetEnumerator", "Read", "Write", "Add", "Finally", "CreateLogger", "BeginScope"];

    [Fact]
    public void EveryPublicMemberIsInTheGuideOrOnTheList()
    {
        var words = Words();
        var listed = Listed();

        var missing = Surface().Where(member => !IsSaid(member, words) && !listed.Contains(member.Type) && !listed.Contains($"{member.Type}.{member.Name}"))
            .Select(member => $"{member.Type}.{member.Name}").Distinct();

        missing.ShouldBeEmpty($"Write a sentence about each in docs/guide, or, where nobody looks for it there, a line in {ListFile}.");
    }

    [Fact]
    public void NothingIsOnTheListForNothing()
    {
        var words = Words();
        var surface = Surface();

        Listed().Where(line => line.Contains('.', StringComparison.Ordinal)
            ? !surface.Any(member => $"{member.Type}.{member.Name}" == line && !IsSaid(member, words))
            : !surface.Any(member => member.Type == line && !IsSaid(member, words))).ShouldBeEmpty();
    }

    private static bool IsSaid((string Type, string Name) member, HashSet<string> words) =>
        Everywhere.Contains(member.Name) || words.Contains(member.Name)
        || (member.Name.EndsWith("Attribute", StringComparison.Ordinal) && words.Contains(member.Name[..^"Attribute".Length]))
        || member.Name.EndsWith("Extensions", StringComparison.Ordinal);

    private static HashSet<string> Words() =>
        GuidePage.Files.Append("docs/diagnostics.md").SelectMany(file => Word().Matches(Text(file)).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Listed() =>
        Text(ListFile).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToHashSet(StringComparer.Ordinal);

    private static List<(string Type, string Name)> Surface()
    {
        var members = new List<(string, string)>();
        foreach (var file in Repository.Files("src", "PublicAPI.txt"))
        {
            var type = "";
            foreach (var line in Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line[0] != ' ')
                {
                    type = NameOf(TypeRest().Replace(line, "")).Split('.')[^1];
                    members.Add((type, type));
                }
                else if (!line.Contains(" override ", StringComparison.Ordinal) && !line.Contains(" op_", StringComparison.Ordinal) && NameOf(line) is var name && name != type)
                {
                    members.Add((type, name == "this" ? "Item" : name));
                }
            }
        }

        return [.. members.Where(member => member.Item2 != "Item")];
    }

    // The last word before parameters, accessors or a value.
    private static string NameOf(string declaration)
    {
        var plain = declaration;
        for (var before = ""; before != plain;)
        {
            before = plain;
            plain = Generic().Replace(plain, "");
        }

        return Rest().Replace(plain, "").Trim().Split(' ')[^1];
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"<[^<>]*>|\[\]")]
    private static partial Regex Generic();

    [GeneratedRegex(@"( where .*)|(\[.*)|(\(.*)|( \{.*)|( = .*)")]
    private static partial Regex Rest();

    [GeneratedRegex(" : .*$")]
    private static partial Regex TypeRest();
}
