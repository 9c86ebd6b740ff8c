using System.Text.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>What a message asks for.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Requests". Values are places among the bytes of the set that was read into.</remarks>
internal readonly struct WebSocketRequest
{
    // What the limit is for: a reader that goes down one level for every byte.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    private WebSocketRequest(WebSocketRequestKind kind) => Kind = kind;

    public WebSocketRequestKind Kind { get; private init; }

    /// <summary>The value of <c>event</c>; null where there is none.</summary>
    public ParamRange? Event { get; private init; }

    /// <summary>The value of <c>messageId</c>; null where there is none.</summary>
    public ParamRange? MessageId { get; private init; }

    /// <summary>Reads a message. Never throws for what it says.</summary>
    /// <param name="set">
    /// Loaded, as it was sent. Afterwards it has the members of <c>params</c> where the message asks for an action, and those of the
    /// message itself where it asks for anything else.
    /// </param>
    public static WebSocketRequest Read(ParamSet set)
    {
        var sent = set.ReplaceLoneSurrogates();
        try
        {
            var request = ReadCore(set);

            // An id goes back as it came, and nobody else reads it.
            return sent is not null && request.MessageId is { } id
                ? request with { MessageId = set.Keep(sent.AsSpan(id.Start, id.Length)) }
                : request;
        }
        catch (JsonException)
        {
            return new WebSocketRequest(WebSocketRequestKind.Invalid);
        }
    }

    private static WebSocketRequest ReadCore(ParamSet set)
    {
        var bytes = set.Slice(0, set.Size);
        var reader = new Utf8JsonReader(bytes, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return new WebSocketRequest(WebSocketRequestKind.NotAnObject);
        }

        ParamRange? action = null;
        ParamRange? messageId = null;
        Range? unread = null;
        var isAction = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("event"u8))
            {
                action = ReadValue(ref reader, out isAction);
            }
            else if (reader.ValueTextEquals("messageId"u8))
            {
                messageId = ReadValue(ref reader, out _);
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                set.ForgetMembers();
                reader.Read();
                unread = null;
                if (isAction)
                {
                    ReadMembers(ref reader, set, 0);
                }
                else
                {
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    unread = start..(int)reader.BytesConsumed;
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        // Anything but blanks after the object throws.
        reader.Read();
        if (!isAction)
        {
            set.ForgetMembers();
            var again = new Utf8JsonReader(bytes, Options);
            again.Read();
            ReadMembers(ref again, set, 0);
        }
        else if (unread is { } place)
        {
            // The params stood before the event.
            var late = new Utf8JsonReader(bytes[place], Options);
            late.Read();
            ReadMembers(ref late, set, place.Start.Value);
        }

        return new WebSocketRequest(isAction ? WebSocketRequestKind.Action : WebSocketRequestKind.Verb) { Event = action, MessageId = messageId };
    }

    // From the value's first token to its last; what is no object has no members.
    private static void ReadMembers(ref Utf8JsonReader reader, ParamSet set, int offset)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("__proto__"u8))
            {
                reader.Skip();
            }
            else
            {
                set.AddMember(ref reader, offset);
            }
        }
    }

    private static ParamRange ReadValue(ref Utf8JsonReader reader, out bool isAction)
    {
        reader.Read();
        isAction = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("action"u8);
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new ParamRange(start, (int)reader.BytesConsumed - start, ParamKind.Json);
    }
}

/// <summary>What a message is.</summary>
internal enum WebSocketRequestKind
{
    /// <summary>No JSON, or nested too deep.</summary>
    Invalid,

    /// <summary>JSON that is no object.</summary>
    NotAnObject,

    /// <summary>A request for an action.</summary>
    Action,

    /// <summary>A request for anything else.</summary>
    Verb,
}
