using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Files;
using Polywire.Json;

namespace Polywire.Pipeline;

/// <summary>What every persistent transport's message loop does with a request: an action or a verb (core.md 6).</summary>
/// <remarks>
/// The loop takes requests strictly one after the other: a verb is finished, its answer queued, an action is started before the next
/// request is looked at. Actions then run concurrently and are answered as they end.
/// </remarks>
internal sealed partial class ConnectionSession(StreamConnection connection)
{
    private Task? _file;

    private ConnectionServices Services => connection.Services;

    /// <summary>The number of the latest request.</summary>
    public long MessageCount { get; private set; }

    /// <summary>A file that is being sent: reading goes on when it is out, so that what waits behind it stays small.</summary>
    public Task? PendingFile => _file is { IsCompleted: false } ? _file : null;

    /// <summary>Counts a request.</summary>
    public long NextMessage() => ++MessageCount;

    /// <summary>Starts the action that the params name. What ends at once is answered at once, but not yet flushed.</summary>
    /// <param name="parameters">Shared with the run as they are now; null where there are none.</param>
    /// <param name="ids">Released by the session.</param>
    public void StartAction(ParamSet? parameters, in MessageIds ids)
    {
        var context = ActionContextPool.Rent();
        context.Params.Attach(parameters?.Share());
        var run = Services.Processor.ProcessAsync(connection, context);
        if (run.IsCompletedSuccessfully)
        {
            Answer(run.Result, ids);
        }
        else
        {
            _ = AnswerLaterAsync(run, ids);
        }
    }

    /// <summary>Queues a verb's answer.</summary>
    public void Reply(in VerbReply reply, in MessageIds ids)
    {
        using var buffer = ResponseBuffer.Rent();
        try
        {
            connection.Protocol.WriteReply(buffer, reply, ids);
        }
        catch (Exception exception)
        {
            // The verb's data could not be written. That is no reason to cut the connection.
            Log.ReplyFailed(Services.Logger, exception, connection.Type);
            buffer.Writer.Reset(buffer);
            buffer.Truncate(0);
            connection.Protocol.WriteReply(buffer, VerbReply.Failure(Services.Texts.InternalError), ids);
        }

        connection.Outbound.TryAdd(buffer.WrittenSpan);
        ids.Release();
    }

    /// <summary>Sends a file's bytes, or the error in its place.</summary>
    /// <param name="name">What was asked for; null where nothing was, or no text.</param>
    /// <param name="given">Whether anything was asked for.</param>
    /// <param name="ids">Released by the session.</param>
    public async ValueTask SendFileAsync(string? name, bool given, MessageIds ids)
    {
        var started = Services.Time.GetTimestamp();
        using var file = name is null ? PublicFile.NotFound : Services.Files.Open(name);
        var sent = false;
        switch (file.Status)
        {
            case PublicFileStatus.Found:
                ids.Release();
                sent = file.Handle is null || await connection.Outbound.SendFileAsync(new OutboundFile(file.Handle, file.Length));
                break;
            case PublicFileStatus.Unreadable:
                Reply(VerbReply.Failure(Services.Texts.FileReadError(file.Reason!)), ids);
                break;
            default:
                Reply(VerbReply.Failure(given ? Services.Texts.FileNotFound : Services.Texts.FileNotProvided), ids);
                break;
        }

        Services.Files.LogSent(connection, name ?? string.Empty, file, started, sent);
    }

    private async Task AnswerLaterAsync(ValueTask<ActionResponse> run, MessageIds ids)
    {
        Answer(await run, ids);
        connection.Outbound.Flush();
    }

    // Counted as pending until the answer is queued, so that a stop never overtakes it.
    private void Answer(in ActionResponse response, in MessageIds ids)
    {
        if (response is { Error: null, Result: ActionResult { FilePath: { } path } } && response.ToRender)
        {
            _file = AnswerWithFileAsync(response, path, ids);
            return;
        }

        // The end of the connection cancelled it; what the client is to hear of that is the goodbye.
        var isOver = connection.IsClosed && response.Error?.Status == ActionStatus.Cancelled;
        if (response.ToRender && !isOver)
        {
            using var buffer = ResponseBuffer.Rent();
            connection.Protocol.WriteResponse(buffer, response, ids);
            if (buffer.Length > Services.Limits.MaxBytes)
            {
                // Not the reader's fault, and no reason to part.
                Log.TooLarge(Services.Logger, response.Action, buffer.Length, Services.Limits.MaxBytes);
                buffer.Truncate(0);
                connection.Protocol.WriteReply(buffer, VerbReply.Failure(Services.Texts.AnswerTooLarge), ids);
            }

            connection.Outbound.TryAdd(buffer.WrittenSpan);
        }

        ids.Release();
        Services.Processor.End(response);
    }

    private async Task AnswerWithFileAsync(ActionResponse response, string path, MessageIds ids)
    {
        try
        {
            await SendFileAsync(path, given: true, ids);
        }
        finally
        {
            await Services.Processor.EndAsync(response);
        }

        connection.Outbound.Flush();
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.AnswerTooLarge,
            LogLevel.Error,
            "The answer of action {Action} has {Bytes} bytes; a connection takes {MaxBytes} at most (MaxQueueLength), so an error was sent in its place")]
        public static partial void TooLarge(ILogger logger, ActionDescriptor? action, int bytes, int maxBytes);

        [LoggerMessage(EventIds.VerbReplyFailed, LogLevel.Error, "[server: {Type}] the answer to a verb could not be written as JSON")]
        public static partial void ReplyFailed(ILogger logger, Exception exception, string type);
    }
}
