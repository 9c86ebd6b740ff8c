using System.Globalization;
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

    /// <summary>Whether JavaScript takes a value for true; one that is missing is not.</summary>
    /// <param name="json">One JSON value without white space around it, or nothing.</param>
    public static bool IsTruthy(ReadOnlySpan<byte> json) => json is [var first, ..] && first switch
    {
        (byte)'n' or (byte)'f' => false,
        (byte)'"' => json.Length > 2,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture) != 0,
        _ => true,
    };
}
