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
        new[] { "src", "tests", "samples", "bench" }.SelectMany(folder => Repository.Files(folder, "*.cs"))
            .Concat(Repository.Files("clients/typescript/src", "*.ts"))
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
            .Where(citation => !Pages.TryGetValue(citation.Page, out var page) || !page.Contains(citation.Section, StringComparison.OrdinalIgnoreCase))
            .Select(citation => $"{citation.Page} \"{citation.Section}\" in {citation.Key}")
            .Distinct();

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void EveryPageExists()
    {
        var named = Sources.SelectMany(source => PageName().Matches(source.Value).Select(match => (Page: match.Groups[1].Value, source.Key))).ToArray();

        named.Where(citation => !Pages.ContainsKey(citation.Page)).Select(citation => $"{citation.Page} in {citation.Key}").Distinct().ShouldBeEmpty();
        named.Length.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void EveryNumberIsOnItsPage()
    {
        var cited = Sources.SelectMany(source => Numbered().Matches(source.Value)
                .SelectMany(match => match.Groups["number"].Captures.Select(number => (Page: match.Groups["page"].Value, Number: number.Value, source.Key))))
            .ToArray();

        cited.Where(citation => !Has(citation.Page, citation.Number)).Select(citation => $"{citation.Page} {citation.Number} in {citation.Key}").Distinct().ShouldBeEmpty();
        cited.Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void ANumberThatIsNotThereIsSeen()
    {
        Has("socket.md", "4.3").ShouldBeTrue();
        Has("socket.md", "13").ShouldBeTrue();
        Has("core.md", "P-3").ShouldBeTrue();

        Has("socket.md", "4.99").ShouldBeFalse();
        Has("socket.md", "99").ShouldBeFalse();
        Has("socket.md", "P-3").ShouldBeFalse();
        Has("nothing.md", "1").ShouldBeFalse();
    }

    [Fact]
    public void EveryTestThatTheThreatModelNamesExists()
    {
        var tests = Repository.Files("tests", "*Tests.cs").Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        var named = TestName().Matches(Text("docs/adr/0032-threat-model.md")).Select(match => match.Groups[1].Value).Distinct().ToArray();

        named.Except(tests).ShouldBeEmpty();
        named.Length.ShouldBeGreaterThan(25);
    }

    /// <summary>Whether a page has a rule (<c>P-3</c>, <c>4.3</c>) or a section (<c>13</c>) of this number.</summary>
    private static bool Has(string page, string number) =>
        Pages.TryGetValue(page, out var text)
        && (Defined().Matches(text).Any(match => match.Groups[1].Value == number)
            || text.Contains($"</a>**{number}** ", StringComparison.Ordinal)
            || Heading().Matches(text).Any(match => match.Groups[1].Value == number));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex("`([A-Za-z0-9]+Tests)`")]
    private static partial Regex TestName();

    // "- <a id=…></a>**AC-1** …", "| <a id=…></a>P-2 | …"
    [GeneratedRegex(@"</a>\*{0,2}([A-Z]{1,3}-\d+)\b")]
    private static partial Regex Defined();

    [GeneratedRegex(@"(?<![A-Za-z0-9""'_.{}\-/])[A-Z]{1,3}-\d{1,2}(?![0-9A-Za-z\-""'_])")]
    private static partial Regex Rule();

    // "## 13. Stop of the server", "### 5.2 Texts"
    [GeneratedRegex(@"^#+ (\d+(?:\.\d+)*)\.? ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("docs/protocol/([a-z-]+\\.md)")]
    private static partial Regex PageName();

    // "core.md P-3", "core.md C-2, C-4", "socket.md 4.3", "websocket.md 5.6 and 7.1"
    [GeneratedRegex(@"\b(?<page>[a-z-]+\.md) (?<number>[A-Z]{1,3}-\d+|\d+(?:\.\d+)*\b)(?:(?:, | and )(?<number>[A-Z]{1,3}-\d+|\d+(?:\.\d+)*\b)(?![A-Za-z-]))*")]
    private static partial Regex Numbered();

    [GeneratedRegex("""docs/protocol/(?<page>[a-z-]+\.md),? "(?<section>[^"\n]+)"(?:(?:, | and |, and )"(?<section>[^"\n]+)")*""")]
    private static partial Regex Citation();
}
