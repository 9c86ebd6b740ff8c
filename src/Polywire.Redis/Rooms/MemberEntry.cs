using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polywire.Redis.Rooms;

/// <summary>What stands in Redis for one member of a room (cluster.md NO-13).</summary>
internal static class MemberEntry
{
    // As JavaScript writes it: letters of all languages stand for themselves.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Writes the entry of a member of this node.</summary>
    public static byte[] Write(RoomMember member, NodeIdentity node)
    {
        var buffer = new ArrayBufferWriter<byte>(192);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, member.Id);
            writer.WriteNumber("joinedAt"u8, member.JoinedAt.ToUnixTimeMilliseconds());
            writer.WriteString("host"u8, node.Id);
            writer.WriteString("node"u8, node.Incarnation);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What every entry of an incarnation contains, and no entry of another: inside of a text the quotes would be escaped.</summary>
    public static byte[] MarkOf(string incarnation) => Encoding.UTF8.GetBytes($"\"node\":\"{incarnation}\"");

    /// <summary>Reads an entry, of whichever program.</summary>
    /// <returns>Null where it is no object with <c>id</c> and <c>joinedAt</c>.</returns>
    public static StoredMember? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadObject(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or no UTF-8 in a text.
            return null;
        }
    }

    private static StoredMember? ReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string? id = null;
        string? host = null;
        string? node = null;
        long? joinedAt = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                id = TextOf(ref reader);
            }
            else if (reader.ValueTextEquals("host"u8))
            {
                host = TextOf(ref reader);
            }
            else if (reader.ValueTextEquals("node"u8))
            {
                node = TextOf(ref reader);
            }
            else if (reader.ValueTextEquals("joinedAt"u8))
            {
                joinedAt = TimeOf(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // Whatever stands behind the object is an error of its own.
        _ = reader.Read();
        return id is null || joinedAt is null
            ? null
            : new StoredMember { Id = id, JoinedAt = DateTimeOffset.FromUnixTimeMilliseconds(joinedAt.Value), Host = host ?? string.Empty, Node = node };
    }

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    private static long? TimeOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var milliseconds) && milliseconds >= Earliest && milliseconds <= Latest)
        {
            return reader.TryGetInt64(out var whole) ? whole : (long)milliseconds;
        }

        reader.Skip();
        return null;
    }
}
