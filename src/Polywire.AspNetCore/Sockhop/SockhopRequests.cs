using System.Buffers;
using System.Text;
using System.Text.Json;
using Polywire.Doors;
using Polywire.Params;
using Polywire.Sockhop;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>Reads the messages of one connection as requests for actions and verbs.</summary>
/// <remarks>
/// Source: docs/protocol/sockhop.md, 10. Called for one message after the other: a verb is finished before the next message is looked at, an
/// action is started; actions then run concurrently and are answered as they end.
/// </remarks>
internal sealed class SockhopRequests(SockhopConnection connection)
{
    private bool _hasQuit;

    private ErrorCatalog Texts => connection.Services.Texts;

    private ConnectionSession Session => connection.Session;

    /// <summary>Does what a message says.</summary>
    /// <returns>Completes when the next one may be looked at, or the connection has ended.</returns>
    public ValueTask HandleAsync(SockhopMessage message)
    {
        if (_hasQuit || connection.IsClosed)
        {
            return default;
        }

        var begun = Session.BeginAsync(Read(message));
        if (!begun.IsCompletedSuccessfully || Session.PendingFile is not null)
        {
            return WaitAsync(begun.AsTask());
        }

        connection.ReportSticky();
        if (!begun.Result)
        {
            Quit();
        }

        return default;
    }

    private async ValueTask WaitAsync(Task<bool> begun)
    {
        for (Task? waiting = begun; waiting is not null && !connection.IsClosed; waiting = Session.PendingFile)
        {
            await waiting.WaitAsync(connection.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (waiting.IsFaulted)
            {
                await waiting;
            }
        }

        connection.ReportSticky();
        if (begun.IsCompletedSuccessfully && !await begun)
        {
            Quit();
        }
    }

    // It is answered, and so is what was received before it.
    private void Quit()
    {
        _hasQuit = true;
        _ = connection.EndAsync(CloseReason.ClientClosed, connection.Services.FarewellLimit);
    }

    private InputStep Read(SockhopMessage message)
    {
        var count = Session.NextMessage();
        if (message.Kind != SockhopMessageKind.Json)
        {
            return Unknown(message, count);
        }

        var verb = VerbTable.Find(message.Type);
        var set = ParamSet.Rent();
        if (!TryRead(message, set))
        {
            set.Release();
            return verb == Verb.None ? Unknown(message, count) : Perform(verb, message, ParamSet.Rent(), Word(message), count);
        }

        if (verb == Verb.None && set.TryFind("event"u8, out var name) && name.IsString)
        {
            verb = VerbTable.Find(name.GetText());
        }

        if (verb != Verb.None)
        {
            return Perform(verb, message, set, null, count);
        }

        set = Params(set);
        return InputStep.Action(set, IdsOf(message, set, count), held: set);
    }

    private static bool TryRead(SockhopMessage message, ParamSet set)
    {
        var json = message.Utf8Json;
        if (json.IsEmpty || json.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            return false;
        }

        Members(set, json);
        return true;
    }

    private static void Members(ParamSet set, ReadOnlyMemory<byte> json)
    {
        var bytes = set.Load(new ReadOnlySequence<byte>(json));
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 512 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            set.AddMember(ref reader, 0);
        }
    }

    // {"event":"action","params":{…}}, as over WebSocket, or the params themselves.
    private static ParamSet Params(ParamSet set)
    {
        if (!set.TryFind("event"u8, out _) || !set.TryFind("params"u8, out var given) || given.Bytes is not [(byte)'{', ..])
        {
            return set;
        }

        var inner = ParamSet.Rent();
        Members(inner, given.Bytes.ToArray());
        if (inner.IndexOf("messageId"u8) < 0 && set.TryFind("messageId"u8, out var id))
        {
            inner.Set("messageId"u8, id.Bytes, id.Kind);
        }

        set.Release();
        return inner;
    }

    private InputStep Perform(Verb verb, SockhopMessage message, ParamSet set, string? word, long count)
    {
        var ids = IdsOf(message, set, count);
        if (verb is Verb.Quit or Verb.Exit)
        {
            // The goodbye of other doors is an answer here.
            Session.Tell(VerbReply.Nothing, ids);
            return InputStep.Perform(verb, default, ids, held: set);
        }

        return InputStep.Perform(verb, Arguments(verb, set, word), ids, held: set);
    }

    // A text in the place of an object is the room or the param.
    private VerbArguments Arguments(Verb verb, ParamSet set, string? word)
    {
        var hasValue = set.TryFind("value"u8, out var value);
        return new VerbArguments
        {
            Key = Encoding.UTF8.GetBytes(word ?? Text(set, "key"u8)),
            Value = hasValue ? Encoding.UTF8.GetBytes(value.GetText()) : default,
            HasValue = hasValue,
            Room = word ?? Text(set, "room"u8),
            Words = Text(set, "message"u8),

            // Files cannot be asked for here; an action may answer with one.
            Refusal = verb == Verb.File ? Texts.UnsupportedAnswer : null,
        };
    }

    private InputStep Unknown(SockhopMessage message, long count) =>
        InputStep.Answer(VerbReply.Failure(Texts.UnknownAction), new MessageIds(count) { Request = message });

    private static MessageIds IdsOf(SockhopMessage message, ParamSet set, long count) =>
        set.IndexOf("messageId"u8) is var index and >= 0 && !set.ValueAt(index).IsEmpty
            ? new MessageIds(count, set, set.RangeAt(index)) { Request = message }
            : new MessageIds(count) { Request = message };

    private static string? Word(SockhopMessage message) => message.Json.ValueKind == JsonValueKind.String ? message.Json.GetString() : null;

    private static string Text(ParamSet set, ReadOnlySpan<byte> name) => set.TryFind(name, out var value) && !value.IsNull ? value.GetText() : string.Empty;
}
