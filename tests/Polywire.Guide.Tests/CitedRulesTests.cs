using System.Text.RegularExpressions;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>What code and tests cite of the protocol's pages is there.</summary>
public sealed partial class CitedRulesTests
{
    // Written alike, and no rules.
    private static readonly string[] Others = ["UTF-8", "UTF-16", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "P-256", "P-384", "MD-5", "CA-1", "S-1"];

    private static readonly Dictionary<string, string> Pages = Repository.Files("docs/protocol", "*.md").ToDictionary(file => Path.GetFileName(file), Text);

    private static readonly Dictionary<string, string> Sources =
        new[] { "src", "tests", "samples" }.SelectMany(folder => Repository.Files(folder, "*.cs"))
            .Where(file => !file.StartsWith("tests/Polywire.Guide.Tests/", StringComparison.Ordinal))
            .ToDictionary(file => file, Text);

    [Fact]
    public void EveryRuleExists()
    {
        var rules = Pages.Values.SelectMany(page => Defined().Matches(page)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var cited = Sources.SelectMany(source => Rule().Matches(source.Value).Select(match => (Id: match.Value, source.Key)))
            .Where(citation => !Others.Contains(citation.Id))
            .ToArray();

        cited.Where(citation => !rules.Contains(citation.Id)).Select(citation => $"{citation.Id} in {citation.Key}").Distinct().ShouldBeEmpty();
        cited.Select(citation => citation.Id).Distinct().Count().ShouldBeGreaterThan(50);
    }

    [Fact]
    public void EverySectionExists()
    {
        var missing = Sources.SelectMany(source => Citation().Matches(source.Value).Select(match => (match, source.Key)))
            .SelectMany(found => found.match.Groups["section"].Captures.Select(section => (Page: found.match.Groups["page"].Value, Section: section.Value, found.Key)))
            .Where(citation => Pages.TryGetValue(citation.Page, out var page) && !page.Contains(citation.Section, StringComparison.OrdinalIgnoreCase))
            .Select(citation => $"{citation.Page} \"{citation.Section}\" in {citation.Key}")
            .Distinct();

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void EveryTestThatTheThreatModelNamesExists()
    {
        var tests = Repository.Files("tests", "*Tests.cs").Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        var named = TestName().Matches(Text("docs/adr/0032-threat-model.md")).Select(match => match.Groups[1].Value).Distinct().ToArray();

        named.Except(tests).ShouldBeEmpty();
        named.Length.ShouldBeGreaterThan(25);
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex("`([A-Za-z0-9]+Tests)`")]
    private static partial Regex TestName();

    // "- <a id=…></a>**AC-1** …", "| <a id=…></a>P-2 | …"
    [GeneratedRegex(@"</a>\*{0,2}([A-Z]{1,3}-\d+)\b")]
    private static partial Regex Defined();

    [GeneratedRegex(@"(?<![A-Za-z0-9""'_.{}\-/])[A-Z]{1,3}-\d{1,2}(?![0-9A-Za-z\-""'_])")]
    private static partial Regex Rule();

    [GeneratedRegex("""docs/protocol/(?<page>[a-z-]+\.md),? "(?<section>[^"\n]+)"(?:(?:, | and |, and )"(?<section>[^"\n]+)")*""")]
    private static partial Regex Citation();
}
