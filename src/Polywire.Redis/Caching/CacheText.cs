using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Polywire.Caching;

namespace Polywire.Redis.Caching;

/// <summary>Objects as they stand in Redis, which is as ActionHero has them (cluster.md NO-15, NO-18).</summary>
internal static class CacheText
{
    private static ReadOnlySpan<byte> Null => "null"u8;

    /// <summary>Writes an object: its value as it was serialised, and its times behind it, in this order.</summary>
    public static byte[] Write(CacheRecord record)
    {
        var text = new ArrayBufferWriter<byte>(record.Value.Length + 128);
        text.Write("{\"value\":"u8);
        text.Write(record.Value.Span);
        text.Write(",\"expireTimestamp\":"u8);
        WriteTime(text, record.ExpiresAt);
        text.Write(",\"createdAt\":"u8);
        WriteTime(text, record.CreatedAt);
        text.Write(",\"readAt\":"u8);
        WriteTime(text, record.ReadAt);
        text.Write("}"u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Finds the value in a document.</summary>
    /// <param name="document">An object in JSON.</param>
    /// <param name="value">A part of the document.</param>
    public static bool TryFindValue(ReadOnlyMemory<byte> document, out ReadOnlyMemory<byte> value)
    {
        value = default;
        try
        {
            var reader = new Utf8JsonReader(document.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isValue = reader.ValueTextEquals("value"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isValue)
                {
                    value = document[start..(int)reader.BytesConsumed];
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // No document of ours, nor of ActionHero's.
        }

        return false;
    }

    /// <summary>Reads a document that another program wrote, whatever the order of its members.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> document, out CacheRecord record)
    {
        record = default;
        if (!TryFindValue(document, out var value) || !TryParse(document, out var root))
        {
            return false;
        }

        record = new CacheRecord
        {
            Value = value,
            CreatedAt = TimeOf(root, "createdAt"u8) ?? DateTimeOffset.UnixEpoch,
            ExpiresAt = TimeOf(root, "expireTimestamp"u8),
            ReadAt = TimeOf(root, "readAt"u8),
        };
        return true;
    }

    /// <summary>Writes such a document again with other times; everything else stays as it was written.</summary>
    public static byte[] WithTimes(ReadOnlyMemory<byte> document, DateTimeOffset readAt, DateTimeOffset? expiresAt)
    {
        _ = TryParse(document, out var root);
        var buffer = new ArrayBufferWriter<byte>(document.Length + 64);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals("readAt"u8) || (expiresAt is not null && member.NameEquals("expireTimestamp"u8)))
            {
                continue;
            }

            writer.WritePropertyName(member.Name);
            writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
        }

        if (expiresAt is { } expiry)
        {
            writer.WriteNumber("expireTimestamp"u8, expiry.ToUnixTimeMilliseconds());
        }

        writer.WriteNumber("readAt"u8, readAt.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A time as the scripts give it.</summary>
    public static DateTimeOffset? TimeOf(ReadOnlySpan<byte> text) =>
        !text.SequenceEqual(Null) && Utf8Parser.TryParse(text, out long milliseconds, out _) ? FromMilliseconds(milliseconds) : null;

    private static DateTimeOffset FromMilliseconds(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    private static bool TryParse(ReadOnlyMemory<byte> document, out JsonElement root)
    {
        try
        {
            root = JsonElement.Parse(document.Span);
            return root.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            root = default;
            return false;
        }
    }

    private static DateTimeOffset? TimeOf(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out var time) && time.ValueKind == JsonValueKind.Number && time.TryGetDouble(out var milliseconds)
            ? FromMilliseconds((long)Math.Clamp(milliseconds, long.MinValue, long.MaxValue))
            : null;

    private static void WriteTime(ArrayBufferWriter<byte> text, DateTimeOffset? time)
    {
        if (time is not { } given)
        {
            text.Write(Null);
            return;
        }

        Utf8Formatter.TryFormat(given.ToUnixTimeMilliseconds(), text.GetSpan(20), out var written);
        text.Advance(written);
    }
}
