using System.Reflection;
using System.Text.RegularExpressions;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>The table of docs/protocol/errors.md, "Texts", has every text of the server.</summary>
public sealed partial class ErrorTextsTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<string, string> Table = Row().Matches(Section())
        .ToDictionary(row => row.Groups["member"].Value, row => row.Groups["text"].Value, StringComparer.Ordinal);

    [Fact]
    public void HasEveryTextInItsWords()
    {
        var texts = new ErrorCatalog();

        foreach (var member in typeof(ErrorCatalog).GetProperties(Own).Where(member => member.PropertyType == typeof(string)))
        {
            Table.ShouldContainKey(member.Name);
            Table[member.Name].ShouldBe((string)member.GetValue(texts)!, member.Name);
        }
    }

    [Fact]
    public void HasEveryTextThatIsMadeOfSomething() =>
        typeof(ErrorCatalog).GetMethods(Own)
            .Where(member => member is { IsVirtual: true, IsSpecialName: false } && member.ReturnType == typeof(string))
            .Select(member => member.Name)
            .Except(Table.Keys)
            .ShouldBeEmpty();

    private static string Section()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/protocol/errors.md"));
        var start = page.IndexOf("## Texts", StringComparison.Ordinal);
        return page[start..page.IndexOf("\n## ", start, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"^\| `(?<member>\w+)` \| `(?<text>[^`]*)`", RegexOptions.Multiline)]
    private static partial Regex Row();
}
