using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Polywire.AspNetCore.Compatibility.JavaScript;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Reads the messages of a connection as requests for actions and verbs.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Requests" and "Verbs". Called by the connection's loop, one message after the other.</remarks>
internal static class WebSocketRequests
{
    private const int UuidBytes = 36;

    private static readonly Action<Utf8JsonWriter, object?> WriteValue = static (writer, state) => JavaScriptJson.Write(writer, (byte[])state!);

    private static readonly Action<Utf8JsonWriter, object?> WriteRest = static (writer, state) =>
    {
        var set = (ParamSet)state!;
        writer.WriteStartObject();
        foreach (var index in JavaScriptKeys.InOrder(set))
        {
            if (!WebSocketWords.IsEnvelope(set, index) && !WebSocketWords.IsRoom(set, index))
            {
                writer.WritePropertyName(set.NameAt(index));
                JavaScriptJson.Write(writer, set.ValueAt(index).Bytes);
            }
        }

        writer.WriteEndObject();
    };

    /// <summary>Reads a message.</summary>
    /// <param name="connection">Whose message.</param>
    /// <param name="set">Loaded with the message; released here or by the session.</param>
    public static InputStep Read(WebSocketConnection connection, ParamSet set)
    {
        var request = WebSocketRequest.Read(set);
        switch (request.Kind)
        {
            case WebSocketRequestKind.Action:
                return InputStep.Action(set, IdsOf(connection, request, set), held: set);
            case WebSocketRequestKind.Verb:
                return ReadVerb(connection, request, set);
            case WebSocketRequestKind.NotAnObject:
                return ReadValue(connection, set);
            default:
                using (var buffer = ResponseBuffer.Rent())
                {
                    connection.Messages.WriteInvalid(buffer);
                    connection.Outbound.TryAdd(buffer.WrittenSpan);
                }

                set.Release();
                return InputStep.Done;
        }
    }

    // A control string of Primus, or anything else that is no request: answered as an unknown verb, with what came.
    private static InputStep ReadValue(WebSocketConnection connection, ParamSet set)
    {
        var value = set.Slice(0, set.Size).Trim(" \t\r\n"u8);
        if (connection.TryControl(value))
        {
            set.Release();
            return InputStep.Done;
        }

        var echo = new VerbReply(connection.Services.Texts.VerbNotAllowed(string.Empty), WriteValue, value.ToArray());
        return InputStep.Answer(echo, IdsOf(connection, default, set), held: set);
    }

    private static InputStep ReadVerb(WebSocketConnection connection, scoped in WebSocketRequest request, ParamSet set)
    {
        var name = request.Event is { } given ? NameOf(set.ValueAt(given)) : default;
        var verb = VerbTable.Find(name);

        // Only now, as an id that is made up may move the bytes in which the name stands.
        var ids = IdsOf(connection, request, set);
        switch (verb)
        {
            case Verb.None or Verb.ParamAdd or Verb.ParamView or Verb.ParamDelete or Verb.ParamsView or Verb.ParamsDelete:
                var shown = request.Event is { } unknown ? JavaScriptText.Of(set.ValueAt(unknown)) : string.Empty;
                return InputStep.Answer(new VerbReply(connection.Services.Texts.VerbNotAllowed(shown), WriteRest, set), ids, held: set);
            case Verb.Quit or Verb.Exit:
                connection.Quit();
                return InputStep.Perform(verb, default, ids, held: set);
            case Verb.File:
                var file = FileOf(set);
                set.Release();
                return InputStep.Send(file, ids);
            default:
                return InputStep.Perform(
                    verb, Arguments(verb, set, connection.Services.Texts), ids, held: set, besideError: new VerbReply(null, WriteRest, set));
        }
    }

    private static VerbArguments Arguments(Verb verb, ParamSet set, ErrorCatalog texts)
    {
        if (verb is Verb.DetailsView or Verb.Documentation)
        {
            return default;
        }

        var words = WebSocketWords.Read(set);
        return new VerbArguments
        {
            Room = words.Room,
            Words = words.Words,
            Refusal = words.IsRoomName ? null
                : verb == Verb.RoomAdd ? texts.RoomDoesNotExist
                : verb == Verb.Say && words.Words.Length == 0 ? texts.RoomAndMessageRequired
                : texts.ConnectionNotInRoom(words.Room),
        };
    }

    private static FileRequest FileOf(ParamSet set)
    {
        var given = set.TryFind("file"u8, out var file);
        var name = given && file is { IsString: true, IsEmpty: false } ? file.GetText() : null;
        return new FileRequest(name, given, asBase64: set.TryFind("encoding"u8, out var encoding) && encoding.IsString && encoding.GetText() == "base64");
    }

    // Empty where it is no text; only one with escapes has to be copied.
    private static ReadOnlySpan<byte> NameOf(ParamValue verb) =>
        !verb.IsString ? default
        : verb.Bytes.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(verb.GetText())
        : verb.Bytes[1..^1];

    // The id that was sent, where JavaScript takes it for true; else one is made up and kept with the message.
    private static MessageIds IdsOf(WebSocketConnection connection, in WebSocketRequest request, ParamSet set)
    {
        var count = connection.Session.NextMessage();
        if (request.MessageId is { } range && !set.ValueAt(range).IsFalsy)
        {
            return new MessageIds(count, set, range);
        }

        Span<byte> id = stackalloc byte[UuidBytes + 2];
        id[0] = id[^1] = (byte)'"';
        Utf8Formatter.TryFormat(Guid.NewGuid(), id[1..], out _);
        return new MessageIds(count, set, set.Keep(id));
    }
}
