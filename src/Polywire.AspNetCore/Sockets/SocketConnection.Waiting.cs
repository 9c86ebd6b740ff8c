using System.IO.Pipelines;

namespace Polywire.AspNetCore.Sockets;

internal sealed partial class SocketConnection
{
    // Read ahead while a verb or a file is waited for. Beyond it the client's end is seen when the wait is over.
    private const int ReadAheadBytes = 64 * 1024;

    private Task? _awaited;

    // When the client's end was seen, or the end was decided on; 0 before.
    private long _farewellBegan;

    // Waits for a verb, a file or the middleware of the welcome. Lines that come meanwhile stay in the input; it is read on all the same,
    // because that is how a reset or the end of the client's side is noticed. Whoever waits is let go when the connection is closed, or
    // when the limit has passed since the client's end: then a reason to end is the answer, and the work is left to itself.
    private async ValueTask<(ReadResult? Read, CloseReason? End)> WaitAsync(Task work, ReadResult? before)
    {
        Outbound.Flush();
        Volatile.Write(ref _awaited, work);
        _ = work.ContinueWith(
            static (work, state) => ((SocketConnection)state!).WakeFrom(work),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        ReadResult? read;
        try
        {
            read = await ReadAheadAsync(work, before);
        }
        finally
        {
            Volatile.Write(ref _awaited, null);
        }

        if (!work.IsCompleted && !IsClosed)
        {
            var limit = read is { IsCompleted: true } ? FarewellLeft() : Timeout.InfiniteTimeSpan;
            await work.WaitAsync(limit, Services.Time, Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (read, work.IsCompleted ? null : IsClosed ? CloseReason.ServerClosed : CloseReason.ClientClosed);
    }

    // Ends with the work, with the client's end, with the connection, or when enough is read.
    private async ValueTask<ReadResult?> ReadAheadAsync(Task work, ReadResult? read)
    {
        var input = _transport.Transport.Input;
        while (!work.IsCompleted && !IsClosed && read is not { IsCompleted: true })
        {
            long known = 0;
            if (read is { Buffer: var buffer })
            {
                known = buffer.Length;
                if (known >= ReadAheadBytes)
                {
                    break;
                }

                input.AdvanceTo(buffer.Start, buffer.End);
            }

            var next = await input.ReadAsync();

            // A break counts as the client's end: what came before it is answered first.
            read = LineProtocol.IsBreak(next.Buffer.Slice(known))
                ? new ReadResult(next.Buffer.Slice(0, known), isCanceled: false, isCompleted: true)
                : next;
        }

        return read;
    }

    private void WakeFrom(Task work)
    {
        if (Volatile.Read(ref _awaited) == work)
        {
            _transport.Transport.Input.CancelPendingRead();
        }
    }

    // Half a file cannot be followed by a goodbye: the client counts bytes.
    private CloseReason? Leave(CloseReason? reason, bool isSendingFile)
    {
        if (isSendingFile && reason == CloseReason.ClientClosed)
        {
            Outbound.Abort();
        }

        return reason;
    }

    private TimeSpan FarewellLeft()
    {
        if (_farewellBegan == 0)
        {
            _farewellBegan = Services.Time.GetTimestamp();
        }

        var left = Services.FarewellLimit - Services.Time.GetElapsedTime(_farewellBegan);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
