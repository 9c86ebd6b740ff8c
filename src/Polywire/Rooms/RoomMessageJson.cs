using System.Text.Json;
using Polywire.Json;
using Polywire.Outbound;

namespace Polywire.Rooms;

/// <summary>What is said in rooms as clients and other nodes get it (core.md R-15).</summary>
internal sealed class RoomMessageJson(PolywireJson json)
{
    public BroadcastMessage Encode(RoomMessage said)
    {
        using var buffer = ResponseBuffer.Rent();
        var writer = buffer.Writer;
        writer.WriteStartObject();
        writer.WritePropertyName("message"u8);
        switch (said.Message)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            default:
                JsonSerializer.Serialize(writer, said.Message, json.GetTypeInfo(said.Message.GetType()));
                break;
        }

        writer.WriteString("room"u8, said.Room);
        if (said.From is null)
        {
            writer.WriteNumber("from"u8, 0);
        }
        else
        {
            writer.WriteString("from"u8, said.From);
        }

        writer.WriteString("context"u8, "user"u8);
        writer.WriteNumber("sentAt"u8, said.SentAt.ToUnixTimeMilliseconds());
        if (said.Extra is { } extra)
        {
            WriteExtra(writer, extra);
        }

        writer.WriteEndObject();
        writer.Flush();
        return new BroadcastMessage(buffer.WrittenSpan.ToArray());
    }

    /// <summary>Reads what <see cref="Encode"/> wrote on the node of the sender.</summary>
    public static RoomMessage Decode(string room, ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        var root = JsonElement.ParseValue(ref reader);
        Dictionary<string, object?>? extra = null;
        foreach (var property in root.EnumerateObject())
        {
            if (!IsOfEveryMessage(property.Name))
            {
                (extra ??= new Dictionary<string, object?>(StringComparer.Ordinal))[property.Name] = property.Value;
            }
        }

        var (message, from) = (root.GetProperty("message"), root.GetProperty("from"));
        return new RoomMessage
        {
            Room = room,
            Message = message.ValueKind == JsonValueKind.String ? message.GetString() : message,
            From = from.ValueKind == JsonValueKind.String ? from.GetString() : null,
            SentAt = DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("sentAt").GetInt64()),
            Extra = extra,
        };
    }

    private void WriteExtra(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> extra)
    {
        foreach (var (name, value) in extra)
        {
            if (IsOfEveryMessage(name))
            {
                continue;
            }

            writer.WritePropertyName(name);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, json.GetTypeInfo(value.GetType()));
            }
        }
    }

    // A key twice would let middleware forge the sender without meaning to.
    private static bool IsOfEveryMessage(string name) => name is "message" or "room" or "from" or "context" or "sentAt";
}
