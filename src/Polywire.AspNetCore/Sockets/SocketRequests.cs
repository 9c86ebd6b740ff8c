using System.Buffers;
using System.Text.Json;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Params;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Reads the lines of one connection as requests for actions and verbs.</summary>
/// <remarks>Source: docs/protocol/socket.md, 5 to 7. Called by the connection's loop, one line after the other.</remarks>
internal sealed class SocketRequests(SocketConnection connection, SocketServices services)
{
    private static readonly SearchValues<byte> NumberCharacters = SearchValues.Create("0123456789+-.eE"u8);

    private ConnectionSession Session => connection.Session;

    /// <summary>Reads a line.</summary>
    /// <param name="line">Valid UTF-8, not empty.</param>
    public InputStep Read(scoped in ReadOnlySequence<byte> line)
    {
        var count = Session.NextMessage();
        var first = line.FirstSpan is [(byte)'{', ..] ? (byte)'{' : FirstNonBlank(line);
        if (first is (byte)'{' or (byte)'[' or (byte)'"' || IsBareValue(line, first))
        {
            return ReadJson(line, count);
        }

        return ReadText(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), count);
    }

    /// <summary>Answers a line that was too long to be looked at.</summary>
    public void AnswerTooLong(long limit, long length)
    {
        var ids = StickyIds(Session.NextMessage());
        using var buffer = Json.ResponseBuffer.Rent();
        JsonLineProtocol.WriteTooLong(buffer, services.Texts.DataLengthTooLarge(limit, length), ids);
        connection.Outbound.TryAdd(buffer.WrittenSpan);
        ids.Release();
    }

    private InputStep ReadJson(scoped in ReadOnlySequence<byte> line, long count)
    {
        var set = ParamSet.Rent();
        var request = JsonRequest.Read(line, set);
        if (request.Kind != JsonRequestKind.Request)
        {
            set.Release();
            return InputStep.Answer(
                VerbReply.Failure(request.Kind == JsonRequestKind.Invalid ? services.Texts.InvalidJson : services.Texts.UnknownAction),
                StickyIds(count));
        }

        var ids = IdsOf(request, set, count);
        var isText = request.Action is not { } range || set.Slice(range.Start, 1)[0] == (byte)'"';
        if (request.HasParams)
        {
            connection.ReplaceSticky(set);
        }
        else
        {
            if (request.Action is { } action && isText)
            {
                connection.OwnSticky().Set("action"u8, set.Slice(action.Start, action.Length), ParamKind.Json);
            }

            set.Release();
        }

        // An action that is no text is unknown, whatever is sticky.
        return InputStep.Action(isText ? connection.Sticky : null, ids);
    }

    private InputStep ReadText(ReadOnlySpan<byte> line, long count)
    {
        line = line.TrimStart((byte)' ');
        var word = TakeWord(ref line);
        var ids = StickyIds(count);
        var verb = VerbTable.Find(word);
        switch (verb)
        {
            case Verb.None:
                connection.OwnSticky().Set("action"u8, word, ParamKind.Text);
                return InputStep.Action(connection.Sticky, ids);
            case Verb.File:
                return InputStep.Send(FileOf(line), ids);
            default:
                return InputStep.Perform(verb, verb == Verb.ParamAdd ? Assignment(line) : Words(line), ids);
        }
    }

    // The first word, and all that follows the one blank behind it.
    private static VerbArguments Words(ReadOnlySpan<byte> rest) =>
        new() { Key = TakeWord(ref rest), Value = rest };

    // K=V, where V is all the rest of the line; or K V; or K alone, which unsets it.
    private static VerbArguments Assignment(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)' ');
        var line = rest;
        var word = TakeWord(ref rest);
        var equals = word.IndexOf((byte)'=');
        return equals >= 0
            ? new VerbArguments { Key = word[..equals], Value = line[(equals + 1)..], HasValue = true }
            : new VerbArguments { Key = word, Value = rest, HasValue = word.Length < line.Length };
    }

    private FileRequest FileOf(ReadOnlySpan<byte> name)
    {
        if (!name.IsEmpty)
        {
            connection.OwnSticky().Set("file"u8, name, ParamKind.Text);
        }

        var given = connection.Sticky is { } sticky && sticky.TryFind("file"u8, out var file) && !file.IsEmpty;
        string? text = null;
        if (given)
        {
            connection.Sticky!.TryFind("file"u8, out var value);
            text = value.IsString ? value.GetText() : null;
        }

        return new FileRequest(text, given);
    }

    private MessageIds IdsOf(in JsonRequest request, ParamSet set, long count)
    {
        if (request.HasParams && set.IndexOf("messageId"u8) is var index and >= 0 && !set.ValueAt(index).IsEmpty)
        {
            return new MessageIds(count, set, set.RangeAt(index));
        }

        return request.MessageId is { } range && !new ParamValue(set.Slice(range.Start, range.Length), ParamKind.Json).IsEmpty
            ? new MessageIds(count, set, range)
            : StickyIds(count);
    }

    private MessageIds StickyIds(long count) =>
        connection.Sticky is { } sticky && sticky.IndexOf("messageId"u8) is var index and >= 0 && !sticky.ValueAt(index).IsEmpty
            ? new MessageIds(count, sticky, sticky.RangeAt(index))
            : new MessageIds(count);

    // The next word; the rest begins after the one blank behind it. Blanks before it are skipped.
    private static ReadOnlySpan<byte> TakeWord(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart((byte)' ');
        var end = line.IndexOf((byte)' ');
        var word = end < 0 ? line : line[..end];
        line = end < 0 ? [] : line[(end + 1)..];
        return word;
    }

    private static byte FirstNonBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            var at = segment.Span.IndexOfAnyExcept(" \t\r\n"u8);
            if (at >= 0)
            {
                return segment.Span[at];
            }
        }

        return 0;
    }

    // Numbers and the three words of JSON. Names of actions begin with the same letters, so most lines are told apart without a parser,
    // which would throw for each of them.
    private static bool IsBareValue(in ReadOnlySequence<byte> line, byte first)
    {
        if (first is not ((byte)'-' or (>= (byte)'0' and <= (byte)'9') or (byte)'t' or (byte)'f' or (byte)'n'))
        {
            return false;
        }

        var text = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).Trim(" \t\r\n"u8);
        return first is (byte)'t' or (byte)'f' or (byte)'n'
            ? text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8) || text.SequenceEqual("null"u8)
            : !text.ContainsAnyExcept(NumberCharacters) && IsNumber(text);
    }

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            return reader.Read() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
