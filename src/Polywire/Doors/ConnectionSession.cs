using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Polywire.Files;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;

namespace Polywire.Doors;

/// <summary>Runs the actions and answers the verbs of one persistent connection, the same on every door (core.md 6).</summary>
/// <remarks>
/// The loop takes requests strictly one after the other: a verb is finished, its answer queued, an action is started before the next
/// request is looked at. Actions then run concurrently and are answered as they end. For the message loop of the connection alone.
/// </remarks>
[Experimental("PWX0001")]
public sealed class ConnectionSession
{
    private readonly DoorConnection _connection;
    private Task? _file;

    internal ConnectionSession(DoorConnection connection) => _connection = connection;

    private ConnectionServices Services => _connection.Services;

    /// <summary>The number of the latest request; 0 before the first.</summary>
    public long MessageCount { get; private set; }

    /// <summary>Completes when the file that is being sent is out; null where none is. The next request is not looked at before, so that little waits behind a file.</summary>
    public Task? PendingFile => _file is { IsCompleted: false } ? _file : null;

    /// <summary>Counts a request; to be called once for each, when it is read.</summary>
    /// <returns>Its number, from 1.</returns>
    public long NextMessage() => ++MessageCount;

    /// <summary>Whether a file that was asked for goes out.</summary>
    public bool IsSendingFile { get; private set; }

    /// <summary>Begins what a door has read. What ends at once is answered at once, but not yet flushed.</summary>
    /// <param name="step">Neither the end nor nothing.</param>
    /// <returns>
    /// Completes when the next message may be looked at: at once for an action, when it is done for a verb or a file. False where the client asks
    /// for the end.
    /// </returns>
    public ValueTask<bool> BeginAsync(in InputStep step)
    {
        if (step.Kind != InputStepKind.Action)
        {
            return BeginOtherAsync(step);
        }

        StartAction(step.Parameters, step.Ids);
        step.Held?.Release();
        return new ValueTask<bool>(true);
    }

    // On its own, so that an action does not pay for what the others keep on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<bool> BeginOtherAsync(in InputStep step)
    {
        switch (step.Kind)
        {
            case InputStepKind.Verb when step.Verb is Verb.Quit or Verb.Exit:
                Services.Verbs.LogPerformed(step.Verb, _connection);
                step.Ids.Release();
                step.Held?.Release();
                return new ValueTask<bool>(false);
            case InputStepKind.Verb:
                var work = Services.Verbs.RunAsync(step.Verb, _connection, step.Arguments);
                return work.IsCompletedSuccessfully
                    ? Reply(work.Result, step.Reply, step.Ids, step.Held)
                    : ReplyLaterAsync(work, step.Reply, step.Ids, step.Held);
            case InputStepKind.File:
                Services.Verbs.LogPerformed(Verb.File, _connection);
                return SendAsync(step.File, step.Ids);
            case InputStepKind.Answer:
                return Reply(step.Reply, default, step.Ids, step.Held);
            default:
                return new ValueTask<bool>(true);
        }
    }

    /// <summary>Starts the action that the params name. What ends at once is answered at once, but not yet flushed.</summary>
    /// <param name="parameters">Shared with the run as they are now; null where there are none.</param>
    /// <param name="ids">Released by the session.</param>
    private void StartAction(ParamSet? parameters, in MessageIds ids)
    {
        var context = ActionContextPool.Rent(parameters?.Share());
        var scope = _connection.AttributesPushes ? RequestScope.Enter(_connection, ids) : null;
        var run = Services.Processor.ProcessAsync(_connection, context);
        if (scope is not null)
        {
            RequestScope.Leave();
        }

        if (run.IsCompletedSuccessfully)
        {
            Answer(run.Result, ids, scope);
        }
        else
        {
            _ = AnswerLaterAsync(run, ids, scope);
        }
    }

    /// <summary>Queues a verb's answer and leaves the ids to the caller.</summary>
    public void Tell(in VerbReply reply, in MessageIds ids)
    {
        using var buffer = ResponseBuffer.Rent();
        try
        {
            _connection.Protocol.WriteReply(buffer, reply, ids);
        }
        catch (Exception exception)
        {
            _connection.Protocol.WriteReply(buffer, AnswerFallback.Unwritable(Services, buffer, _connection, exception), ids);
        }

        _connection.Answer(buffer.WrittenSpan, ids);
    }

    private async ValueTask SendFileAsync(FileRequest request, MessageIds ids)
    {
        try
        {
            var started = Services.Time.GetTimestamp();
            using var file = request.Name is null ? PublicFile.NotFound : Services.Files.Open(request.Name);
            var sent = false;
            try
            {
                sent = await _connection.SendFileAsync(file, request, ids);
            }
            finally
            {
                Services.Files.LogSent(_connection, request.Name ?? string.Empty, file, started, sent);
            }
        }
        finally
        {
            ids.Release();
        }
    }

    private ValueTask<bool> Reply(in VerbReply reply, in VerbReply besideError, in MessageIds ids, ParamSet? held)
    {
        try
        {
            Tell(reply.Error is null || besideError.Data is null ? reply : new VerbReply(reply.Error, besideError.Data, besideError.State), ids);
            return new ValueTask<bool>(true);
        }
        finally
        {
            ids.Release();
            held?.Release();
        }
    }

    // No local function: what that captures is allocated for a verb that does not wait, too.
    private async ValueTask<bool> ReplyLaterAsync(ValueTask<VerbReply> work, VerbReply besideError, MessageIds ids, ParamSet? held) =>
        await Reply(await work, besideError, ids, held);

    private async ValueTask<bool> SendAsync(FileRequest request, MessageIds ids)
    {
        IsSendingFile = true;
        try
        {
            await SendFileAsync(request, ids);
            return true;
        }
        finally
        {
            IsSendingFile = false;
        }
    }

    private async Task AnswerLaterAsync(ValueTask<ActionResponse> run, MessageIds ids, RequestScope? scope)
    {
        Answer(await run, ids, scope);
        _connection.Flush();
    }

    // Counted as pending until the answer is queued, so that a stop never overtakes it.
    private void Answer(in ActionResponse response, in MessageIds ids, RequestScope? scope)
    {
        scope?.End();
        if (response is { Error: null, Result: ActionResult { FilePath: { } path } } && response.ToRender)
        {
            _file = AnswerWithFileAsync(response, path, ids);
            return;
        }

        // The end of the connection cancelled it; what the client is to hear of that is the goodbye.
        var isOver = _connection.IsClosed && response.Error?.Status == ActionStatus.Cancelled;
        var buffer = response.ToRender && !isOver ? ResponseBuffer.Rent() : null;
        try
        {
            if (buffer is not null)
            {
                Services.Responses.WriteOpen(buffer, response, _connection.Protocol.Reserved);
                _connection.Protocol.CompleteResponse(buffer, 0, response, ids);
                if (AnswerFallback.IsTooLarge(Services, _connection.Limits, buffer, response, out var instead))
                {
                    _connection.Protocol.WriteReply(buffer, instead, ids);
                }

                _connection.Answer(buffer.WrittenSpan, ids);
            }
        }
        catch (Exception exception)
        {
            AnswerUnwritable(buffer!, response, ids, exception);
        }
        finally
        {
            buffer?.Dispose();
            ids.Release();
            Services.Processor.End(response);
        }
    }

    // Doors do not throw when they are to send, so it is the protocol that has thrown.
    private void AnswerUnwritable(ResponseBuffer buffer, in ActionResponse response, in MessageIds ids, Exception exception)
    {
        try
        {
            _connection.Protocol.WriteReply(buffer, AnswerFallback.Unwritable(Services, buffer, _connection, response, exception), ids);
            _connection.Answer(buffer.WrittenSpan, ids);
        }
        catch (Exception another)
        {
            _connection.Fail(another);
        }
    }

    private async Task AnswerWithFileAsync(ActionResponse response, string path, MessageIds ids)
    {
        try
        {
            await SendFileAsync(new FileRequest(path, isGiven: true), ids);
        }
        catch (Exception exception)
        {
            _connection.Fail(exception);
        }
        finally
        {
            await Services.Processor.EndAsync(response);
        }

        _connection.Flush();
    }
}
