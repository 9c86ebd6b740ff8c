using System.Buffers;
using System.Text;
using System.Text.Json;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;
using Polywire.Sockhop;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>Turns the messages of one session into actions and verbs.</summary>
/// <remarks>
/// Source: docs/protocol/sockhop.md, 10. Called for one message after the other: a verb is finished before the next message is looked at, an
/// action is started; actions then run concurrently and are answered as they end.
/// </remarks>
internal sealed class SockhopRequests(SockhopDoorSession session, ConnectionServices services)
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private int _running = 1;

    private SockhopConnection Connection => session.Connection;

    /// <summary>Takes nothing new any more.</summary>
    /// <returns>Ends when what runs has been answered.</returns>
    public Task StopAsync()
    {
        if (!_isStopping)
        {
            _isStopping = true;
            Done();
        }

        return _idle.Task;
    }

    /// <summary>Does what a message says.</summary>
    public ValueTask HandleAsync(SockhopMessage message)
    {
        if (message.Kind != SockhopMessageKind.Json)
        {
            return Fail(message, services.Texts.UnknownAction);
        }

        var verb = VerbTable.Find(message.Type);
        var set = ParamSet.Rent();
        if (!TryRead(message, set))
        {
            set.Release();
            return verb == Verb.None ? Fail(message, services.Texts.UnknownAction) : RunVerbAsync(verb, message, ParamSet.Rent(), Word(message));
        }

        if (verb == Verb.None && set.TryFind("event"u8, out var name) && name.IsString)
        {
            verb = VerbTable.Find(name.GetText());
        }

        if (verb != Verb.None)
        {
            return RunVerbAsync(verb, message, set, null);
        }

        StartAction(message, Params(set));
        return default;
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

    private void StartAction(SockhopMessage message, ParamSet parameters)
    {
        var id = MessageId(parameters);
        var context = ActionContextPool.Rent();
        context.Params.Attach(parameters);

        // Counted while the server stops too: the processor answers such a run itself.
        Interlocked.Increment(ref _running);
        var run = services.Processor.ProcessAsync(Connection, context);
        if (run.IsCompletedSuccessfully)
        {
            Answer(message, run.Result, id);
        }
        else
        {
            _ = AnswerLaterAsync(message, run, id);
        }
    }

    private async Task AnswerLaterAsync(SockhopMessage message, ValueTask<ActionResponse> run, byte[]? id) => Answer(message, await run, id);

    private void Answer(SockhopMessage message, in ActionResponse response, byte[]? id)
    {
        if (response is { Error: null, Result: ActionResult { FilePath: { } path } } && response.ToRender)
        {
            _ = AnswerWithFileAsync(message, response, path, id);
            return;
        }

        var isOver = Connection.IsClosed && response.Error?.Status == ActionStatus.Cancelled;
        if (response.ToRender && !isOver)
        {
            using var buffer = ResponseBuffer.Rent();
            SockhopAnswers.WriteResponse(buffer, services, response, id);
            if (AnswerFallback.IsTooLarge(services, services.Limits, buffer, response, out var instead))
            {
                SockhopAnswers.WriteReply(buffer, instead, id);
            }

            Connection.Answer(message, buffer.WrittenSpan);
        }

        services.Processor.End(response);
        Done();
    }

    private async Task AnswerWithFileAsync(SockhopMessage message, ActionResponse response, string path, byte[]? id)
    {
        var started = services.Time.GetTimestamp();
        using var file = services.Files.Open(path);
        var sent = false;
        try
        {
            sent = await SendFileAsync(message, file, id);
        }
        finally
        {
            services.Files.LogSent(Connection, path, file, started, sent);
            await services.Processor.EndAsync(response);
            Done();
        }
    }

    private async ValueTask<bool> SendFileAsync(SockhopMessage message, PublicFile file, byte[]? id)
    {
        if (file.Status == PublicFileStatus.Found && file.Length <= services.Limits.MaxBytes)
        {
            try
            {
                // Until it is written: how many are is bounded by how many actions a connection may run.
                using var content = await FileContent.ReadAsync(file);
                return await Connection.AnswerBufferAsync(message, content.Bytes);
            }
            catch (IOException)
            {
                Reply(message, VerbReply.Failure(services.Texts.FileReadError("it cannot be read")), id);
                return false;
            }
        }

        Reply(message, VerbReply.Failure(file.Status switch
        {
            PublicFileStatus.Found => services.Texts.FileTooLarge,
            PublicFileStatus.Unreadable => services.Texts.FileReadError(file.Reason!),
            _ => services.Texts.FileNotFound,
        }), id);
        return false;
    }

    private async ValueTask RunVerbAsync(Verb verb, SockhopMessage message, ParamSet set, string? word)
    {
        try
        {
            var id = MessageId(set);
            if (verb is Verb.Quit or Verb.Exit)
            {
                services.Verbs.LogPerformed(verb, Connection);
                Reply(message, VerbReply.Nothing, id);
                _ = session.CloseAsync().AsTask();
                return;
            }

            var reply = await services.Verbs.RunAsync(verb, Connection, Arguments(verb, set, word));
            Connection.ReportSticky();
            Reply(message, reply, id);
        }
        finally
        {
            set.Release();
        }
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
            Refusal = verb == Verb.File ? services.Texts.UnsupportedAnswer : null,
        };
    }

    private ValueTask Fail(SockhopMessage message, string error)
    {
        Reply(message, VerbReply.Failure(error), null);
        return default;
    }

    private void Reply(SockhopMessage message, in VerbReply reply, byte[]? id)
    {
        using var buffer = ResponseBuffer.Rent();
        try
        {
            SockhopAnswers.WriteReply(buffer, reply, id);
        }
        catch (Exception exception)
        {
            SockhopAnswers.WriteReply(buffer, AnswerFallback.Unwritable(services, buffer, Connection, exception), id);
        }

        Connection.Answer(message, buffer.WrittenSpan);
    }

    private void Done()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _idle.TrySetResult();
        }
    }

    // Compact JSON, ready to be written.
    private static byte[]? MessageId(ParamSet set)
    {
        if (!set.TryFind("messageId"u8, out var id) || id.IsEmpty)
        {
            return null;
        }

        using var buffer = ResponseBuffer.Rent();
        id.WriteTo(buffer.Writer);
        buffer.Writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string? Word(SockhopMessage message) => message.Json.ValueKind == JsonValueKind.String ? message.Json.GetString() : null;

    private static string Text(ParamSet set, ReadOnlySpan<byte> name) => set.TryFind(name, out var value) && !value.IsNull ? value.GetText() : string.Empty;
}
