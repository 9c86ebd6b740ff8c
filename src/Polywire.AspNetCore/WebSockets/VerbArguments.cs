using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>The words that a request for a verb comes down to: its room first, then every other value in the order of the keys.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Verbs".</remarks>
internal readonly struct VerbArguments
{
    private VerbArguments(string room, bool isRoomName, string words) => (Room, IsRoomName, Words) = (room, isRoomName, words);

    /// <summary>The first word; empty where there is none.</summary>
    public string Room { get; }

    /// <summary>Whether the first word was a text or a number: nothing else names a room.</summary>
    public bool IsRoomName { get; }

    /// <summary>The other words, joined by blanks.</summary>
    public string Words { get; }

    /// <summary>Reads the words of a request.</summary>
    /// <param name="set">With the members of the message.</param>
    public static VerbArguments Read(ParamSet set)
    {
        var first = set.IndexOf("room"u8);
        if (first >= 0 && set.ValueAt(first).IsFalsy)
        {
            first = -1;
        }

        StringBuilder? words = null;
        string? single = null;
        foreach (var index in set.DistinctIndexes())
        {
            if (IsEnvelope(set.NameAt(index)))
            {
                continue;
            }

            if (first < 0)
            {
                first = index;
                continue;
            }

            var text = TextOf(set.ValueAt(index));
            if (single is null)
            {
                single = text;
            }
            else
            {
                (words ??= new StringBuilder(single)).Append(' ').Append(text);
            }
        }

        if (first < 0)
        {
            return new VerbArguments(string.Empty, isRoomName: true, string.Empty);
        }

        var room = set.ValueAt(first);
        return new VerbArguments(
            TextOf(room),
            room.IsString || room.Bytes[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9'),
            words?.ToString() ?? single ?? string.Empty);
    }

    /// <summary>Whether a key of the message belongs to the request's envelope and is no argument.</summary>
    public static bool IsEnvelope(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("event"u8) || name.SequenceEqual("messageId"u8) || name.SequenceEqual("room"u8);

    /// <summary>A value as JavaScript makes text of it; but an object is its JSON, and null nothing.</summary>
    public static string TextOf(in ParamValue value)
    {
        if (value.IsString)
        {
            return value.GetText();
        }

        return value.Bytes[0] switch
        {
            (byte)'{' => Encoding.UTF8.GetString(value.Bytes),
            (byte)'n' => string.Empty,
            (byte)'t' => "true",
            (byte)'f' => "false",
            (byte)'[' => ListText(value),
            _ => NumberText(value.Bytes),
        };
    }

    private static string ListText(in ParamValue value)
    {
        var text = new StringBuilder();
        Append(text, (JsonElement)value.ToObject()!);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                var isFirst = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!isFirst)
                    {
                        text.Append(',');
                    }

                    isFirst = false;
                    Append(text, item);
                }

                break;
            case JsonValueKind.String:
                text.Append(element.GetString());
                break;
            case JsonValueKind.Null:
                break;
            case JsonValueKind.Number:
                text.Append(NumberText(Encoding.UTF8.GetBytes(element.GetRawText())));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static string NumberText(ReadOnlySpan<byte> json)
    {
        var number = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(number) is 0 or (>= 1e-6 and < 1e21))
        {
            // Without an exponent up to there.
            return number == 0 ? "0" : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        var at = text.IndexOf('E', StringComparison.Ordinal);
        return at < 0 ? text : Exponent(text, at);
    }

    // 1E+21 is 1e+21 there, and 1E-07 is 1e-7.
    private static string Exponent(string text, int at)
    {
        var exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, at)}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
    }
}
