using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polywire.Inputs;
using Polywire.Params;

namespace Polywire.Binding;

public static partial class InputConvert
{
    /// <summary>The plain value: text, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/> or <see cref="JsonElement"/>.</summary>
    public static bool ToObject(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out object result)
    {
        result = null;
        try
        {
            result = value.Raw.ToObject();
        }
        catch (JsonException)
        {
            return false;
        }

        return result is not null;
    }

    /// <summary>The JSON as sent; text as a JSON string.</summary>
    public static bool ToElement(ref InputReader reader, scoped InputValue value, out JsonElement result)
    {
        result = default;
        try
        {
            if (value.Form == InputForm.Text)
            {
                var buffer = new ArrayBufferWriter<byte>(value.Bytes.Length + 2);
                using (var writer = new Utf8JsonWriter(buffer))
                {
                    writer.WriteStringValue(value.Raw.GetText());
                }

                var quoted = new Utf8JsonReader(buffer.WrittenSpan);
                result = JsonElement.ParseValue(ref quoted);
                return true;
            }

            var json = new Utf8JsonReader(value.Bytes);
            result = JsonElement.ParseValue(ref json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The JSON as nodes; text as a JSON string.</summary>
    public static bool ToNode(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out JsonNode result)
    {
        if (value.Form == InputForm.Text)
        {
            result = JsonValue.Create(value.Raw.GetText());
            return true;
        }

        return TryReadNode(value.Bytes, out result);
    }

    /// <summary>A JSON object or, on text transports, its JSON text.</summary>
    public static bool ToNodeObject(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out JsonObject result)
    {
        result = TryReadNode(value.Bytes, out var node) ? node as JsonObject : null;
        return result is not null;
    }

    /// <summary>A JSON array or, on text transports, its JSON text or the one element that the text is.</summary>
    public static bool ToNodeArray(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out JsonArray result)
    {
        result = TryReadNode(value.Bytes, out var node) ? node as JsonArray : null;
        if (result is null && value.Form == InputForm.Text)
        {
            result = new JsonArray(JsonValue.Create(value.Raw.GetText()));
        }

        return result is not null;
    }

    private static bool TryReadNode(ReadOnlySpan<byte> json, [MaybeNullWhen(false)] out JsonNode result)
    {
        result = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            result = ReadNode(ref reader);
            return result is not null && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Node by node, because the framework's own way refuses an object that names a member twice only when it is looked at.
    // The reader's depth limit bounds the recursion.
    private static JsonNode? ReadNode(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new JsonObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = ParamValue.ReadString(ref reader);
                    reader.Read();
                    members[name] = ReadNode(ref reader);
                }

                return members;
            case JsonTokenType.StartArray:
                var elements = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    elements.Add(ReadNode(ref reader));
                }

                return elements;
            case JsonTokenType.String:
                return JsonValue.Create(ParamValue.ReadString(ref reader));
            case JsonTokenType.Null:
                return null;
            default:
                return JsonValue.Create(JsonElement.ParseValue(ref reader));
        }
    }
}
