using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>Takes off what each door puts around a message, and what differs from run to run.</summary>
internal static partial class Envelope
{
    private const int LongestShown = 1_000;

    /// <summary>Takes the envelope off.</summary>
    /// <returns><c>ok:</c>, <c>error:</c>, <c>file:</c>, <c>said:</c>, <c>push:</c> or <c>object:</c>, and what it has.</returns>
    public static string Off(string json, bool isVerb)
    {
        var members = JsonNode.Parse(json)!.AsObject();
        var context = (string?)members["context"];
        if (context is "user" or "api")
        {
            return (context == "user" ? "said:" : "api:") + json;
        }

        foreach (var name in (string[])["context", "messageId", "messageCount"])
        {
            members.Remove(name);
        }

        if (members.ContainsKey("pushed"))
        {
            return "push:" + members.ToJsonString();
        }

        if (members.ContainsKey("mime"))
        {
            return members["error"] is { } reason ? "error:" + (string)reason! : "file:" + (string)members["content"]!;
        }

        if (members["error"] is { } error)
        {
            // A WebSocket says it twice, as the text of a JavaScript error, and sends the arguments back.
            var text = error is JsonValue value && value.TryGetValue<string>(out var plain) ? plain : error.ToJsonString();
            return "error:" + (members.ContainsKey("status") && text.StartsWith("Error: ", StringComparison.Ordinal) ? text["Error: ".Length..] : text);
        }

        return isVerb && (string?)members["status"] == "OK" ? "ok:" + (members["data"]?.ToJsonString() ?? "null") : "object:" + members.ToJsonString();
    }

    /// <summary>Replaces what differs from run to run, and what is long.</summary>
    public static string Settle(string seen, string id, ReadOnlyMemory<byte> documentation)
    {
        if (seen.StartsWith("ok:", StringComparison.Ordinal)
            && JsonNode.DeepEquals(JsonNode.Parse(seen[3..]), JsonNode.Parse(documentation.Span)))
        {
            return "ok:DOCUMENTATION";
        }

        seen = seen.Replace(id, "ME", StringComparison.Ordinal);
        seen = Numbers().Replace(seen, "\"$1\":0");
        seen = Texts().Replace(seen, "\"$1\":\"\"");
        seen = Traces().Replace(seen, "(trace ID)");
        return seen.Length > LongestShown ? $"{seen[..20]}… ({seen.Length})" : seen;
    }

    [GeneratedRegex("\"(joinedAt|connectedAt|sentAt|remotePort|totalActions)\":[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("\"(fingerprint|remoteIP)\":\"[^\"]*\"")]
    private static partial Regex Texts();

    [GeneratedRegex(@"\(trace [0-9a-f]+\)")]
    private static partial Regex Traces();
}
