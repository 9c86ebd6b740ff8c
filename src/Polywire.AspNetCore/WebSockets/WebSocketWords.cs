using System.Text;
using Polywire.AspNetCore.Compatibility.JavaScript;
using Polywire.Params;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>The words that a request for a verb comes down to: its room first, then every other value in the order of JavaScript's keys.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Verbs".</remarks>
internal readonly struct WebSocketWords
{
    private WebSocketWords(string room, bool isRoomName, string words) => (Room, IsRoomName, Words) = (room, isRoomName, words);

    /// <summary>The first word; empty where there is none, or one that is none: <c>null</c>, <c>false</c>.</summary>
    public string Room { get; }

    /// <summary>Whether the first word was a text or a number: nothing else names a room.</summary>
    public bool IsRoomName { get; }

    /// <summary>The other words, joined by blanks.</summary>
    public string Words { get; }

    /// <summary>Reads the words of a request.</summary>
    /// <param name="set">With the members of the message.</param>
    public static WebSocketWords Read(ParamSet set)
    {
        var room = set.IndexOf("room"u8);
        var first = room >= 0 && IsRoom(set, room) ? room : -1;
        StringBuilder? words = null;
        string? single = null;
        foreach (var index in JavaScriptKeys.InOrder(set))
        {
            if (index == first || IsEnvelope(set, index))
            {
                continue;
            }

            if (first < 0)
            {
                first = index;
                continue;
            }

            var text = JavaScriptText.Of(set.ValueAt(index));
            if (single is null)
            {
                single = text;
            }
            else
            {
                (words ??= new StringBuilder(single)).Append(' ').Append(text);
            }
        }

        return first < 0 ? new WebSocketWords(string.Empty, isRoomName: true, string.Empty) : Of(set.ValueAt(first), words?.ToString() ?? single ?? string.Empty);
    }

    /// <summary>Whether a member of the message belongs to the request's envelope and is no argument.</summary>
    public static bool IsEnvelope(ParamSet set, int index) =>
        set.NameAt(index).SequenceEqual("event"u8) || set.NameAt(index).SequenceEqual("messageId"u8);

    /// <summary>Whether a member of the message names the room before all others; one that is false in JavaScript is a value like any other.</summary>
    public static bool IsRoom(ParamSet set, int index) => set.NameAt(index).SequenceEqual("room"u8) && !set.ValueAt(index).IsFalsy;

    private static WebSocketWords Of(in ParamValue room, string words)
    {
        var isNumber = room.Bytes[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9');
        return room.IsFalsy && !isNumber
            ? new WebSocketWords(string.Empty, isRoomName: true, words)
            : new WebSocketWords(JavaScriptText.Of(room), isNumber || room.IsString, words);
    }
}
