using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Polywire.Sockhop;

namespace PeerUnderTest;

/// <summary>Says in an event what a message carried.</summary>
internal static class Description
{
    private const int LongestText = 4096;
    private const int LongestHex = 1024;

    public static Event With(this Event line, SockhopMessage message)
    {
        line["type"] = message.Type;
        if (message.Kind != SockhopMessageKind.Json)
        {
            var bytes = message.Memory.Span;
            line["kind"] = message.Kind == SockhopMessageKind.Buffer ? "buffer" : "typed";
            line["len"] = bytes.Length;
            line["sha256"] = Hash(bytes);
            line["hex"] = bytes.Length <= LongestHex ? Convert.ToHexStringLower(bytes) : null;
            return line;
        }

        line["kind"] = "json";
        if (!message.HasValue)
        {
            return line;
        }

        if (message.Json.ValueKind == JsonValueKind.String && message.Json.GetString()! is { Length: > LongestText } text)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            line["len"] = utf8.Length;
            line["sha256"] = Hash(utf8);
            return line;
        }

        line["value"] = message.Json;
        return line;
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
