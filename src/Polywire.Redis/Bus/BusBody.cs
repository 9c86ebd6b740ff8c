using System.Buffers;
using System.Text.Json;

namespace Polywire.Redis.Bus;

/// <summary>The bodies of messages between nodes (cluster.md NO-46): JSON in UTF-8. What comes from others is looked at and never trusted.</summary>
internal static class BusBody
{
    /// <summary>Of greetings.</summary>
    public static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>The answer of a node whose question it is not.</summary>
    public static readonly byte[] None = """{"none":true}"""u8.ToArray();

    /// <summary>The answer of a node that does not know the method.</summary>
    public static readonly byte[] Unknown = """{"unknown":true}"""u8.ToArray();

    // What clients may say is bounded where they say it.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Whether a body is a whole object whose <c>room</c> is the given one.</summary>
    public static bool IsOfRoom(ReadOnlySpan<byte> body, string room)
    {
        var isOfRoom = false;
        var reader = new Utf8JsonReader(body, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isRoom = reader.ValueTextEquals("room"u8);
                reader.Read();
                if (isRoom)
                {
                    isOfRoom = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(room);
                    if (!isOfRoom)
                    {
                        return false;
                    }
                }

                reader.Skip();
            }

            return !reader.Read() && isOfRoom;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static byte[] Ask(string method, ReadOnlySpan<byte> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>(method.Length + arguments.Length + 32);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("method"u8, method);
            writer.WritePropertyName("args"u8);
            writer.WriteRawValue(arguments);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a question.</summary>
    /// <param name="body">Of the message.</param>
    /// <param name="method">What is asked.</param>
    /// <param name="arguments">One JSON value; a part of the body.</param>
    public static bool TryReadAsk(ReadOnlyMemory<byte> body, out string method, out ReadOnlyMemory<byte> arguments)
    {
        method = string.Empty;
        arguments = default;
        return TryReadMember(body, "method"u8, out var name) && TryReadText(name, out method) && TryReadMember(body, "args"u8, out arguments);
    }

    public static byte[] Result(ReadOnlySpan<byte> result)
    {
        var buffer = new ArrayBufferWriter<byte>(result.Length + 16);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("result"u8);
            writer.WriteRawValue(result);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Error(string error)
    {
        var buffer = new ArrayBufferWriter<byte>(error.Length + 16);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("error"u8, error);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the answer of a node.</summary>
    /// <param name="body">Of the message.</param>
    /// <param name="node">The id of the node.</param>
    /// <param name="answer">Null where the question is not that node's.</param>
    public static bool TryReadAnswer(ReadOnlyMemory<byte> body, string node, out BackplaneAnswer? answer)
    {
        answer = null;
        if (TryReadMember(body, "result"u8, out var result))
        {
            answer = new BackplaneAnswer { Node = node, Result = result };
            return true;
        }

        if (TryReadMember(body, "error"u8, out var error))
        {
            answer = TryReadText(error, out var text) ? new BackplaneAnswer { Node = node, Error = text } : null;
            return answer is not null;
        }

        return TryReadMember(body, "none"u8, out _) || TryReadMember(body, "unknown"u8, out _);
    }

    private static bool TryReadMember(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> name, out ReadOnlyMemory<byte> value)
    {
        value = default;
        var isFound = false;
        var reader = new Utf8JsonReader(body.Span, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMeant = reader.ValueTextEquals(name);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isMeant)
                {
                    (isFound, value) = (true, body[start..(int)reader.BytesConsumed]);
                }
            }

            return !reader.Read() && isFound;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryReadText(ReadOnlyMemory<byte> value, out string text)
    {
        text = string.Empty;
        var reader = new Utf8JsonReader(value.Span);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                return false;
            }

            text = reader.GetString()!;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not UTF-8, or half a surrogate pair.
            return false;
        }
    }
}
