using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Polywire.Doors;

/// <content>The one loop of all persistent doors: a message is taken, what it asks for is done, and only then is the next one looked at.</content>
public abstract partial class StreamConnection
{
    /// <summary>Why the connection ends when the client has sent its last byte.</summary>
    protected abstract CloseReason EndOfInput { get; }

    /// <summary>Looks at what was read before the first message is taken off it.</summary>
    /// <param name="buffer">What was read and is not used up; what is to be passed over is cut off its beginning.</param>
    /// <returns>Null to go on; else why the connection is to end.</returns>
    protected virtual CloseReason? OnRead(ref ReadOnlySequence<byte> buffer) => null;

    /// <summary>Takes the next message off what was read, and says what it asks for.</summary>
    /// <param name="buffer">What was read and is not used up; the message is cut off its beginning.</param>
    /// <param name="isLast">Whether the client has sent its end, so that nothing comes behind <paramref name="buffer"/>.</param>
    /// <remarks>
    /// Must not block. The bytes of the message are valid until its work first waits. It bounds the length of a message itself. What it throws is
    /// logged as an error and ends the connection.
    /// </remarks>
    protected abstract InputStep Take(ref ReadOnlySequence<byte> buffer, bool isLast);

    /// <summary>Tells how much of the input is kept before more is waited for.</summary>
    /// <param name="rest">What was read and is not a whole message.</param>
    /// <returns>The bytes that are held, and how much of a message that has begun has come; 0 where none has.</returns>
    protected abstract (long Held, long Begun) Pending(in ReadOnlySequence<byte> rest);

    /// <summary>Drops what the client has sent and what is not done yet, where <see cref="InputEnd"/> says that the connection has to.</summary>
    protected virtual void LetGo() => CloseInput();

    /// <summary>Tells the reason of the end where the connection ends while a request is waited for.</summary>
    /// <param name="read">What had been read by then.</param>
    /// <param name="reason">As <see cref="WaitAsync"/> gave it.</param>
    protected virtual CloseReason EndWaiting(in ReadResult? read, CloseReason reason) => reason;

    /// <summary>Does what was read, as far as it is whole, and advances the input.</summary>
    /// <returns>Null to read on; else why the connection is to end.</returns>
    /// <remarks>Apart from the wait for bytes, so that an idle connection keeps none of what a busy one needs.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CloseReason?> HandleAsync(ReadResult read)
    {
        var buffer = read.Buffer;
        CountBytes(buffer.Length);
        ResumeInput();
        if (InputEnd is { } inputEnd)
        {
            Input.AdvanceTo(buffer.End);
            LetGo();
            return inputEnd;
        }

        if (OnRead(ref buffer) is { } unwanted)
        {
            Input.AdvanceTo(buffer.Start);
            return unwanted;
        }

        var messages = 0;
        while (!IsClosed)
        {
            var step = Take(ref buffer, read.IsCompleted);
            if (step.EndReason is { } end)
            {
                Input.AdvanceTo(buffer.Start);
                return end;
            }

            if (step.NeedsMore)
            {
                Outbound.Flush();
                var (held, begun) = Pending(buffer);
                AwaitInput(held, begun, isNew: messages > 0);
                Input.AdvanceTo(buffer.Start, buffer.End);
                return read.IsCompleted ? EndOfInput : null;
            }

            messages++;
            var doing = Session.BeginAsync(step);
            var work = doing.IsCompletedSuccessfully ? null : doing.AsTask();
            for (var awaited = work ?? Session.PendingFile; awaited is not null; awaited = Session.PendingFile)
            {
                var (next, reason) = await WaitAsync(awaited, new ReadResult(buffer, isCanceled: false, read.IsCompleted));
                read = next!.Value;
                buffer = read.Buffer;
                if (reason is { } over)
                {
                    return EndWaiting(read, over);
                }
            }

            var goesOn = work is null ? doing.Result : await work;
            if (!goesOn)
            {
                Input.AdvanceTo(buffer.Start);
                return CloseReason.ClientClosed;
            }

            CountRequest();
            if (IsTurnOver())
            {
                Outbound.Flush();
                await Task.Yield();
            }
        }

        Input.AdvanceTo(buffer.Start);
        return CloseReason.ServerClosed;
    }
}
