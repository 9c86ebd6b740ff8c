using System.Text.RegularExpressions;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>The guide names what is measured, and nothing that is not.</summary>
public sealed partial class InstrumentTests
{
    [Fact]
    public void EveryInstrumentIsInTheGuide_AndNoOther()
    {
        var made = Repository.Files("src", "*.cs").SelectMany(file => Made().Matches(Text(file))).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var guide = Text("docs/guide/watching.md");
        var said = Said().Matches(guide).Select(match => match.Groups[1].Value)
            .Except(["polywire.transport", "polywire.action", "polywire.outcome", "polywire.connection.id", "polywire.action.version", "polywire.reason"])
            .ToHashSet(StringComparer.Ordinal);

        made.Count.ShouldBeGreaterThan(9);
        made.Except(said).ShouldBeEmpty();
        said.Except(made).ShouldBeEmpty();
    }

    [Fact]
    public void EveryOutcomeIsInTheGuide()
    {
        var guide = Text("docs/guide/watching.md");

        Enum.GetNames<ActionStatus>().Select(name => $"`{Capital().Replace(name, "_$0").ToLowerInvariant()}`")
            .Where(outcome => !guide.Contains(outcome, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex("""Create(?:UpDownCounter|Counter|Histogram|ObservableGauge|ObservableUpDownCounter|ObservableCounter|Gauge)(?:<\w+>)?\(\s*"(polywire\.[a-z_.]+)""")]
    private static partial Regex Made();

    [GeneratedRegex("`(polywire\\.[a-z_.]+)`")]
    private static partial Regex Said();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
