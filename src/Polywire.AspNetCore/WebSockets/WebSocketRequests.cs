using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Polywire.AspNetCore.Compatibility.JavaScript;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Turns the messages of one connection into actions and verbs.</summary>
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

    /// <summary>Does what a message says.</summary>
    /// <param name="connection">Whose message.</param>
    /// <param name="set">Loaded with the message; released here.</param>
    /// <returns>
    /// Completes when the next message may be looked at: at once for an action, when it is done for a verb. False where the message asks for
    /// the end.
    /// </returns>
    public static ValueTask<bool> HandleAsync(WebSocketConnection connection, ParamSet set)
    {
        var request = WebSocketRequest.Read(set);
        switch (request.Kind)
        {
            case WebSocketRequestKind.Action:
                connection.Session.StartAction(set, IdsOf(connection, request, set));
                set.Release();
                break;
            case WebSocketRequestKind.Verb:
                return HandleVerb(connection, request, set);
            case WebSocketRequestKind.NotAnObject:
                HandleValue(connection, set);
                break;
            default:
                using (var buffer = ResponseBuffer.Rent())
                {
                    connection.Messages.WriteInvalid(buffer);
                    connection.Outbound.TryAdd(buffer.WrittenSpan);
                }

                set.Release();
                break;
        }

        return new ValueTask<bool>(true);
    }

    // A control string of Primus, or anything else that is no request: answered as an unknown verb, with what came.
    private static void HandleValue(WebSocketConnection connection, ParamSet set)
    {
        var value = set.Slice(0, set.Size).Trim(" \t\r\n"u8);
        if (!connection.TryControl(value))
        {
            var echo = new VerbReply(connection.Services.Texts.VerbNotAllowed(string.Empty), WriteValue, value.ToArray());
            connection.Session.Reply(echo, IdsOf(connection, default, set));
        }

        set.Release();
    }

    private static ValueTask<bool> HandleVerb(WebSocketConnection connection, in WebSocketRequest request, ParamSet set)
    {
        var name = request.Event is { } given ? NameOf(set.ValueAt(given)) : default;
        var verb = VerbTable.Find(name);

        // Only now, as an id that is made up may move the bytes in which the name stands.
        var ids = IdsOf(connection, request, set);
        var verbs = connection.Services.Verbs;
        switch (verb)
        {
            case Verb.None or Verb.ParamAdd or Verb.ParamView or Verb.ParamDelete or Verb.ParamsView or Verb.ParamsDelete:
                var shown = request.Event is { } unknown ? JavaScriptText.Of(set.ValueAt(unknown)) : string.Empty;
                return Reply(connection, VerbReply.Failure(connection.Services.Texts.VerbNotAllowed(shown)), set, ids);
            case Verb.Quit or Verb.Exit:
                verbs.LogPerformed(verb, connection);
                ids.Release();
                set.Release();
                connection.Quit();
                return new ValueTask<bool>(false);
            case Verb.File:
                verbs.LogPerformed(verb, connection);
                return SendFileAsync(connection, set, ids);
            default:
                return ReplyAsync(connection, verbs.RunAsync(verb, connection, Arguments(verb, set, connection.Services.Texts)), set, ids);
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

    private static async ValueTask<bool> SendFileAsync(WebSocketConnection connection, ParamSet set, MessageIds ids)
    {
        var given = set.TryFind("file"u8, out var file);
        var name = given && file is { IsString: true, IsEmpty: false } ? file.GetText() : null;
        var asBase64 = set.TryFind("encoding"u8, out var encoding) && encoding.IsString && encoding.GetText() == "base64";
        set.Release();
        await connection.Session.SendFileAsync(new FileRequest(name, given, asBase64), ids);
        return true;
    }

    private static ValueTask<bool> ReplyAsync(WebSocketConnection connection, ValueTask<VerbReply> work, ParamSet set, in MessageIds ids) =>
        work.IsCompletedSuccessfully ? Reply(connection, work.Result, set, ids) : ReplyLaterAsync(connection, work, set, ids);

    // No local function: what that captures is allocated for a verb that does not wait, too.
    private static async ValueTask<bool> ReplyLaterAsync(WebSocketConnection connection, ValueTask<VerbReply> work, ParamSet set, MessageIds ids) =>
        await Reply(connection, await work, set, ids);

    private static ValueTask<bool> Reply(WebSocketConnection connection, in VerbReply reply, ParamSet set, in MessageIds ids)
    {
        connection.Session.Reply(reply.Error is null ? reply : new VerbReply(reply.Error, WriteRest, set), ids);
        set.Release();
        return new ValueTask<bool>(true);
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
