using System.Text;
using System.Text.Json;

namespace Polywire.Sockhop.Protocol;

/// <summary>Looks into the data of control messages, whatever a peer put there.</summary>
internal static class JsonMembers
{
    /// <summary>The JSON text of a member; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> found = default;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Json.SockhopJson.DefaultMaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isWanted = reader.ValueTextEquals(name);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isWanted)
                {
                    found = json[start..(int)reader.BytesConsumed];
                }
            }

            return found;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>The JSON text of a member, or null's.</summary>
    public static ReadOnlySpan<byte> FindOrNull(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var found = Find(json, name);
        return found.IsEmpty ? "null"u8 : found;
    }

    /// <summary>The text of a member; null where it is missing or no text.</summary>
    public static string? FindText(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var found = Find(json, name);
        return found is [(byte)'"', ..] ? Encoding.UTF8.GetString(TextProtocol.Unescape(found)) : null;
    }

    /// <summary>What JavaScript takes for true.</summary>
    public static bool IsTruthy(ReadOnlySpan<byte> json) =>
        !json.IsEmpty && !json.SequenceEqual("false"u8) && !json.SequenceEqual("null"u8) && !json.SequenceEqual("\"\""u8) && !json.SequenceEqual("0"u8);
}
