using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Polywire.AspNetCore.Compatibility.JavaScript;

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
        var text = new StringBuilder();
        Append(text, JsonElement.ParseValue(ref reader));
        writer.WriteRawValue(text.ToString(), skipInputValidation: true);
    }

    /// <summary>Appends a value.</summary>
    public static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(text, value);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Separate(text, '[');
                    Append(text, item);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                AppendNumber(text, value);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonElement value)
    {
        // A dictionary with the framework's keyed hash: the names are the peer's.
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        text.Append('{');
        foreach (var (name, member) in JavaScriptKeys.InOrder(members))
        {
            Separate(text, '{');
            AppendString(text, name);
            text.Append(':');
            Append(text, member);
        }

        text.Append('}');
    }

    // Nothing before the first of a list, whose opening bracket is then the last that was written.
    private static void Separate(StringBuilder text, char open)
    {
        if (text[^1] != open)
        {
            text.Append(',');
        }
    }

    // The framework's writer escapes more, among it every emoji; people see this text.
    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    private static void AppendNumber(StringBuilder text, JsonElement value)
    {
        // What is no double has no JSON there; it stays what was sent.
        var json = JsonMarshal.GetRawUtf8Value(value);
        var isKept = IsWritableNumber(json) || double.IsInfinity(value.GetDouble());
        text.Append(isKept ? value.GetRawText() : JavaScriptText.OfNumber(json));
    }

    private static bool IsWritableNumber(ReadOnlySpan<byte> json) => json.IndexOfAny(".eE"u8) < 0 && !json.SequenceEqual("-0"u8);
}
