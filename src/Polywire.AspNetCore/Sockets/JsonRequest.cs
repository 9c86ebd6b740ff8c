using System.Buffers;
using System.Text.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.Sockets;

/// <summary>What a line of JSON asks for.</summary>
/// <remarks>Source: docs/protocol/socket.md, 5. Values are places among the bytes of the set that was read into.</remarks>
internal readonly struct JsonRequest
{
    private JsonRequest(JsonRequestKind kind) => Kind = kind;

    public JsonRequestKind Kind { get; private init; }

    /// <summary>Whether there was a key <c>params</c>, so that the params replace the sticky ones whole.</summary>
    public bool HasParams { get; private init; }

    /// <summary>The value of <c>action</c>, where JavaScript would take it for true.</summary>
    public ParamRange? Action { get; private init; }

    /// <summary>The value of <c>messageId</c> beside the params.</summary>
    public ParamRange? MessageId { get; private init; }

    /// <summary>Reads a line. Never throws for what it says.</summary>
    /// <param name="line">In UTF-8.</param>
    /// <param name="set">Empty; takes the line's bytes, and the members of <c>params</c>.</param>
    public static JsonRequest Read(in ReadOnlySequence<byte> line, ParamSet set)
    {
        var bytes = set.Load(line);
        try
        {
            return Read(bytes, set);
        }
        catch (JsonException)
        {
            return new JsonRequest(JsonRequestKind.Invalid);
        }
    }

    private static JsonRequest Read(ReadOnlySpan<byte> bytes, ParamSet set)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return new JsonRequest(JsonRequestKind.NotAnObject);
        }

        ParamRange? action = null;
        ParamRange? messageId = null;
        var hasParams = false;
        var actionName = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("action"u8))
            {
                actionName = (int)reader.TokenStartIndex + 1;
                action = ReadValue(ref reader);
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                hasParams = true;
                set.ForgetMembers();
                reader.Read();
                ReadParams(ref reader, set);
            }
            else if (reader.ValueTextEquals("messageId"u8))
            {
                messageId = ReadValue(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        // Anything but blanks after the object throws.
        reader.Read();
        if (action is { } range && new ParamValue(bytes.Slice(range.Start, range.Length), ParamKind.Json).IsFalsy)
        {
            action = null;
        }

        if (hasParams && action is { } named && bytes[named.Start] == (byte)'"')
        {
            // Unescaped or not, the name stands where it was found; an escaped one is longer than six bytes and rare enough to copy.
            if (bytes.Slice(actionName, 6).SequenceEqual("action"u8))
            {
                set.AddLoaded(actionName, 6, named);
            }
            else
            {
                set.Set("action"u8, bytes.Slice(named.Start, named.Length).ToArray(), ParamKind.Json);
            }
        }

        return new JsonRequest(JsonRequestKind.Request) { HasParams = hasParams, Action = action, MessageId = messageId };
    }

    private static void ReadParams(ref Utf8JsonReader reader, ParamSet set)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            // null, a number, a text or a list: no params.
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            set.AddMember(ref reader, 0);
        }
    }

    private static ParamRange ReadValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new ParamRange(start, (int)reader.BytesConsumed - start, ParamKind.Json);
    }
}

/// <summary>What a line that looks like JSON is.</summary>
internal enum JsonRequestKind
{
    /// <summary>No JSON, or nested too deep.</summary>
    Invalid,

    /// <summary>JSON that asks for nothing: a number, a text, a list.</summary>
    NotAnObject,

    /// <summary>A request.</summary>
    Request,
}
