using System.Runtime.InteropServices;
using System.Text.Json;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Writes JSON that a client sent as JavaScript writes what it has read: compact, and of equal keys only the last.</summary>
/// <remarks>
/// Source: docs/protocol/websocket.md 5.6. Unlike there, whole numbers keep all of their digits: they are ids at times, and not every
/// client has doubles alone.
/// </remarks>
internal static class JavaScriptJson
{
    // How deep JSON may be was checked when it came.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 256 };

    /// <summary>Whether a value stands as it would be written, as far as that can be told at a glance: most ids do.</summary>
    /// <param name="json">One value, without blanks around it.</param>
    public static bool IsWritten(ReadOnlySpan<byte> json) =>
        json[0] switch
        {
            (byte)'"' => !json.Contains((byte)'\\'),
            (byte)'{' or (byte)'[' => json.Length == 2,
            (byte)'t' or (byte)'f' or (byte)'n' => true,
            _ => IsWritableNumber(json),
        };

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Gets it.</param>
    /// <param name="json">One value, without blanks around it.</param>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        if (IsWritten(json))
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }

        var reader = new Utf8JsonReader(json, AnyDepth);
        Write(writer, JsonElement.ParseValue(ref reader));
    }

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                WriteNumber(writer, JsonMarshal.GetRawUtf8Value(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value)
    {
        // A dictionary with the framework's keyed hash: the names are the peer's.
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        writer.WriteStartObject();
        foreach (var (name, member) in JavaScriptKeys.InOrder(members))
        {
            writer.WritePropertyName(name);
            Write(writer, member);
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        // What is no double has no JSON there; it stays what was sent.
        if (IsWritableNumber(json) || JavaScriptText.OfNumber(json) is var text && text.EndsWith("Infinity", StringComparison.Ordinal))
        {
            writer.WriteRawValue(json, skipInputValidation: true);
        }
        else
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
    }

    private static bool IsWritableNumber(ReadOnlySpan<byte> json) => json.IndexOfAny(".eE"u8) < 0 && !json.SequenceEqual("-0"u8);
}
