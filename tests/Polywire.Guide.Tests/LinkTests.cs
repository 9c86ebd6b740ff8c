using System.Text.RegularExpressions;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>Links between pages lead somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => ["README.md", .. Repository.Files("docs", "*.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryLinkLeadsSomewhere(string file)
    {
        var broken = Link().Matches(Text(file))
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Exists(file, target));

        broken.ShouldBeEmpty(file);
    }

    [Fact]
    public void EveryPageOfTheGuideIsInItsIndex()
    {
        var index = Text("docs/guide/README.md");

        Repository.Files("docs/guide", "*.md").Select(Path.GetFileName).Where(name => name != "README.md" && !index.Contains($"({name})", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryDecisionIsInItsIndex_AndSaysWhetherItHolds()
    {
        var index = Text("docs/adr/README.md");
        var decisions = Repository.Files("docs/adr", "0*.md");

        decisions.Select(Path.GetFileName).Where(name => !index.Contains($"({name})", StringComparison.Ordinal)).ShouldBeEmpty();
        decisions.Where(file => !Status().IsMatch(Text(file))).ShouldBeEmpty();
        decisions.Count.ShouldBeGreaterThan(30);
    }

    private static bool Exists(string file, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? file : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, parts[0])));
        var full = Path.Combine(Repository.Root, path);
        return parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal)
            ? File.Exists(full) || Directory.Exists(full)
            : File.Exists(full) && Anchors(path).Contains(parts[1]);
    }

    private static HashSet<string> Anchors(string file)
    {
        var text = Text(file);
        return Heading().Matches(text)
            .Select(match => NotInAnchors().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
            .Concat(Anchor().Matches(text).Select(match => match.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    // Right below the title.
    [GeneratedRegex(@"\A# \d+\. [^\n]+\n\n(Accepted|Superseded by)\b")]
    private static partial Regex Status();

    [GeneratedRegex("<a id=\"([^\"]+)\"")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
