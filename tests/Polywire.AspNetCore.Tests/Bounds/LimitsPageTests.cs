using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Polywire.Sockhop;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>The page of all limits, against the settings themselves.</summary>
public sealed partial class LimitsPageTests
{
    // What is left to be worked out at the start, in the page's words.
    private static readonly string[] WorkedOut = ["automatic", "as `Polywire:MaxQueueLength`", "ten times `MaxFileSize`"];

    private static readonly Dictionary<string, object> Sections = new(StringComparer.Ordinal)
    {
        ["Polywire"] = new PolywireOptions(),
        ["Polywire:Cache"] = new CacheOptions(),
        ["Polywire:Status"] = new StatusOptions(),
        ["Polywire:Socket"] = new SocketOptions(),
        ["Polywire:WebSocket"] = new WebSocketServerOptions(),
        ["Polywire:Web"] = new WebOptions(),
        ["Polywire:Web:FormOptions"] = new WebFormOptions(),
        ["Polywire:Web:QueryParseOptions"] = new WebQueryParseOptions(),
        ["Polywire:Sockhop"] = new SockhopTransportOptions(),
        ["Polywire:LiveView"] = new LiveViewOptions(),
        ["SockhopServerOptions"] = new SockhopServerOptions(),
    };

    // Thresholds that are told and refuse nothing.
    private static readonly string[] NoLimits = ["Polywire:Status:MaxHealthyMemoryMegabytes", "Polywire:Status:MaxHealthyThreadPoolDelay"];

    [Fact]
    public void SaysTheDefaultsThatThereAre()
    {
        var rows = Rows();
        rows.Count.ShouldBeGreaterThan(40);
        foreach (var (setting, said) in rows)
        {
            var value = PropertyOf(setting).GetValue(Sections[SectionOf(setting)]);
            if (value is null)
            {
                WorkedOut.ShouldContain(said, setting);
            }
            else
            {
                said.Trim('`').ShouldBe(Text(value), setting);
            }
        }
    }

    [Fact]
    public void NamesEverySettingThatIsALimit()
    {
        var named = Rows().Select(row => row.Setting).ToHashSet(StringComparer.Ordinal);
        var limits = Sections.SelectMany(section => section.Value.GetType().GetProperties()
            .Where(property => LimitName().IsMatch(property.Name) && IsAmount(property.PropertyType))
            .Select(property => $"{section.Key}:{property.Name}"));

        limits.Except(NoLimits).Where(limit => !named.Contains(limit)).ShouldBeEmpty();
    }

    private static List<(string Setting, string Said)> Rows() =>
        [.. File.ReadLines(Path.Combine(Repository.Root, "docs/guide/limits.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    private static string SectionOf(string setting) => setting[..setting.LastIndexOf(':')];

    private static PropertyInfo PropertyOf(string setting)
    {
        Sections.ShouldContainKey(SectionOf(setting));
        return Sections[SectionOf(setting)].GetType().GetProperty(setting[(setting.LastIndexOf(':') + 1)..]).ShouldNotBeNull(setting);
    }

    private static string Text(object value) =>
        value is TimeSpan time ? time.ToString("c", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static bool IsAmount(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var amount && (amount == typeof(int) || amount == typeof(long) || amount == typeof(TimeSpan));

    [GeneratedRegex(@"^\| `((?:Polywire|SockhopServerOptions):[A-Za-z:]+)` \| ([^|]+?) \|")]
    private static partial Regex Row();

    [GeneratedRegex("^(Max|Min|Simultaneous)|(Limit|Timeout)$")]
    private static partial Regex LimitName();
}
