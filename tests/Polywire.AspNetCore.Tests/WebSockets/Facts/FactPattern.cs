using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Polywire.AspNetCore.Tests.WebSockets.Facts;

/// <summary>Compares what came with what is expected, and remembers what stands for the placeholders.</summary>
internal sealed partial class FactPattern
{
    private Dictionary<string, string> _ids = [];

    /// <summary>Whether a message is as expected; ids that it is the first to name are remembered then.</summary>
    public bool Matches(JsonNode? expected, JsonNode? actual)
    {
        var before = new Dictionary<string, string>(_ids);
        if (IsMatch(expected, actual))
        {
            return true;
        }

        _ids = before;
        return false;
    }

    private bool IsMatch(JsonNode? expected, JsonNode? actual) => (expected, actual) switch
    {
        (JsonObject wanted, JsonObject given) => wanted.Count == given.Count && wanted.All(member =>
            given.FirstOrDefault(other => IsText(member.Key, other.Key)) is { Key: not null } found && IsMatch(member.Value, found.Value)),
        (JsonArray wanted, JsonArray given) => wanted.Count == given.Count && wanted.Zip(given).All(pair => IsMatch(pair.First, pair.Second)),
        (JsonValue value, not null) when value.GetValueKind() == JsonValueKind.String => IsValue(value.GetValue<string>(), actual),
        _ => JsonNode.DeepEquals(expected, actual),
    };

    private bool IsValue(string expected, JsonNode actual) => expected switch
    {
        "<ms>" or "<port>" => actual.GetValueKind() == JsonValueKind.Number && actual.ToJsonString().All(char.IsAsciiDigit),
        "<double>" => actual.GetValueKind() == JsonValueKind.Number,
        _ => actual.GetValueKind() == JsonValueKind.String && IsText(expected, actual.GetValue<string>()),
    };

    private bool IsText(string expected, string actual)
    {
        if (expected.StartsWith("<uuid:", StringComparison.Ordinal))
        {
            return _ids.TryGetValue(expected, out var known)
                ? known == actual
                : Guid.TryParse(actual, out _) && !_ids.ContainsValue(actual) && _ids.TryAdd(expected, actual);
        }

        return expected switch
        {
            "<iso time>" => IsoTime().IsMatch(actual),
            "primus::id::<spark id>" => SparkId().IsMatch(actual),
            "<5242880 bytes>" => actual.Length == 5_242_880,
            _ => expected == actual,
        };
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex IsoTime();

    [GeneratedRegex("^primus::id::[A-Za-z0-9_-]{21}$")]
    private static partial Regex SparkId();
}
