using System.Text.Json;

namespace Polywire.Sockhop.Protocol;

/// <summary>Text mode: one JSON object with <c>type</c>, <c>data</c> and an id. Pure bytes to message.</summary>
internal static class TextProtocol
{
    /// <summary>Reads a line without its terminator; it may be changed.</summary>
    /// <returns>Whether it is a message.</returns>
    public static bool TryParse(Span<byte> line, int maxDepth, out Frame frame)
    {
        frame = default;
        var text = JsonText.Sanitize(line);
        var inPlace = text == line;

        // One more for the object around the data.
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        Value type = default, data = default, id = default, callbackId = default;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    type = ReadValue(ref reader);
                }
                else if (reader.ValueTextEquals("data"u8))
                {
                    data = ReadValue(ref reader);
                }
                else if (reader.ValueTextEquals("id"u8))
                {
                    id = ReadValue(ref reader);
                }
                else if (reader.ValueTextEquals("callback_id"u8))
                {
                    callbackId = ReadValue(ref reader);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            if (reader.Read())
            {
                return false;
            }
        }
        catch (JsonException)
        {
            return false;
        }

        frame.IsChecked = true;
        frame.Type = Unescape(text, type);
        frame.HasData = data.End > 0;
        frame.Data = text[data.Start..data.End];
        frame.DataOffset = inPlace ? data.Start : Frame.Elsewhere;
        var isResponse = JsonMembers.IsTruthy(text[callbackId.Start..callbackId.End]);
        frame.Kind = isResponse ? FrameKind.Response : JsonMembers.IsTruthy(text[id.Start..id.End]) ? FrameKind.Request : FrameKind.Message;
        var used = isResponse ? callbackId : id;
        frame.Id = frame.Kind == FrameKind.Message ? default : text[used.Start..used.End];
        frame.IdIsJson = true;
        if (frame.HasData && frame.Type.SequenceEqual("Buffer"u8))
        {
            ReadBuffer(ref frame, data);
        }

        return true;
    }

    private static Value ReadValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        var value = new Value
        {
            Token = reader.TokenType,
            Start = (int)reader.TokenStartIndex,
            IsEscaped = reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped,
        };
        reader.Skip();
        value.End = (int)reader.BytesConsumed;
        return value;
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text, Value value)
    {
        if (value.Token != JsonTokenType.String)
        {
            return default;
        }

        var token = text[value.Start..value.End];
        return value.IsEscaped ? Unescape(token) : token[1..^1];
    }

    /// <summary>The characters of a JSON string.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> token)
    {
        var reader = new Utf8JsonReader(token);
        reader.Read();
        var characters = new byte[token.Length];
        return characters[..reader.CopyString(characters)];
    }

    private static void ReadBuffer(ref Frame frame, Value data)
    {
        if (data.Token == JsonTokenType.String)
        {
            var characters = frame.Data[1..^1];
            if (data.IsEscaped)
            {
                var unescaped = Unescape(frame.Data);
                unescaped.CopyTo(characters);
                characters = characters[..unescaped.Length];
            }

            frame.IsBytes = true;
            frame.Data = JsonText.DecodeBase64(characters);
            frame.DataOffset += frame.DataOffset == Frame.Elsewhere ? 0 : 1;
        }
        else if (data.Token == JsonTokenType.StartObject && TryReadNumbers(frame.Data, out var count))
        {
            frame.IsBytes = true;
            frame.Data = frame.Data[..count];
        }
    }

    // The form {"type":"Buffer","data":[104,105]} of 1.x. The bytes go where the text was, once it is known that all of it is of that form.
    private static bool TryReadNumbers(Span<byte> json, out int count)
    {
        count = 0;
        var bytes = new byte[json.Length / 2];
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var found = false;
        var typed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("Buffer"u8))
                {
                    return false;
                }

                typed = true;
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    return false;
                }

                found = true;
                for (count = 0; reader.Read() && reader.TokenType == JsonTokenType.Number; count++)
                {
                    if (!reader.TryGetByte(out var value))
                    {
                        return false;
                    }

                    bytes[count] = value;
                }

                if (reader.TokenType != JsonTokenType.EndArray)
                {
                    return false;
                }
            }
            else
            {
                return false;
            }

            reader.Skip();
        }

        if (!found || !typed)
        {
            return false;
        }

        bytes.AsSpan(0, count).CopyTo(json);
        return true;
    }

    private struct Value
    {
        public JsonTokenType Token;
        public int Start;
        public int End;
        public bool IsEscaped;
    }
}
