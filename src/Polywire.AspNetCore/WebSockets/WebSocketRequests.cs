using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Polywire.AspNetCore.Compatibility.JavaScript;
using Polywire.AspNetCore.Sockets;
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
            if (!VerbArguments.IsEnvelope(set, index) && !VerbArguments.IsRoom(set, index))
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
        if (verb is not (Verb.None or Verb.ParamAdd or Verb.ParamView or Verb.ParamDelete or Verb.ParamsView or Verb.ParamsDelete))
        {
            connection.Services.Verbs.LogPerformed(connection, name);
        }

        // Only now, as an id that is made up may move the bytes in which the name stands.
        var ids = IdsOf(connection, request, set);
        switch (verb)
        {
            case Verb.Quit:
                ids.Release();
                set.Release();
                connection.Quit();
                return new ValueTask<bool>(false);
            case Verb.File:
                return SendFileAsync(connection, set, ids);
            case Verb.DetailsView:
                return Reply(connection, ConnectionVerbs.DetailsView(connection), set, ids);
            case Verb.Documentation:
                return Reply(connection, connection.Services.Verbs.Documentation(), set, ids);
            case Verb.RoomAdd or Verb.RoomLeave or Verb.RoomView or Verb.Say:
                return ReplyAsync(connection, RunAsync(connection, verb, VerbArguments.Read(set)), set, ids);
            default:
                var shown = request.Event is { } unknown ? JavaScriptText.Of(set.ValueAt(unknown)) : string.Empty;
                return Reply(connection, VerbReply.Failure(connection.Services.Texts.VerbNotAllowed(shown)), set, ids);
        }
    }

    private static ValueTask<VerbReply> RunAsync(WebSocketConnection connection, Verb verb, in VerbArguments arguments)
    {
        var (verbs, texts) = (connection.Services.Verbs, connection.Services.Texts);
        if (!arguments.IsRoomName)
        {
            return new ValueTask<VerbReply>(VerbReply.Failure(verb switch
            {
                Verb.RoomAdd => texts.RoomDoesNotExist,
                Verb.Say when arguments.Words.Length == 0 => texts.RoomAndMessageRequired,
                _ => texts.ConnectionNotInRoom(arguments.Room),
            }));
        }

        return verb switch
        {
            Verb.RoomAdd => verbs.RoomAddAsync(connection, arguments.Room, connection.Closing),
            Verb.RoomLeave => verbs.RoomLeaveAsync(connection, arguments.Room, connection.Closing),
            Verb.RoomView => verbs.RoomViewAsync(connection, arguments.Room, connection.Closing),
            _ => verbs.SayAsync(connection, arguments.Room, arguments.Words, connection.Closing),
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

    private static ValueTask<bool> ReplyAsync(WebSocketConnection connection, ValueTask<VerbReply> work, ParamSet set, MessageIds ids)
    {
        return work.IsCompletedSuccessfully ? Reply(connection, work.Result, set, ids) : AwaitAsync();

        async ValueTask<bool> AwaitAsync() => await Reply(connection, await work, set, ids);
    }

    private static ValueTask<bool> Reply(WebSocketConnection connection, in VerbReply reply, ParamSet set, in MessageIds ids)
    {
        connection.Session.Reply(reply.Error is null ? reply : reply with { Data = WriteRest, State = set }, ids);
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
