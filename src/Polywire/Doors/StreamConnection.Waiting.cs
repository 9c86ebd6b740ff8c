using System.IO.Pipelines;

namespace Polywire.Doors;

/// <content>The welcome, and waiting for what requests do without losing sight of the client.</content>
public abstract partial class StreamConnection
{
    // Read ahead while a verb or a file is waited for. Beyond it the client's end is seen when the wait is over.
    private const int ReadAheadBytes = 64 * 1024;

    private Task? _awaited;

    // When the client's end was seen, or the end was decided on; 0 before.
    private long _farewellBegan;
    private volatile bool _isNotReading;

    /// <summary>Whether the client has been welcomed: nothing is sent before that.</summary>
    protected bool IsWelcomed => Life.IsWelcomed;

    /// <summary>Whether reading is paused, because enough was read ahead while a request is worked on: what the client sends now is not seen.</summary>
    public bool IsNotReading => _isNotReading;

    /// <summary>What comes from the client.</summary>
    protected abstract PipeReader Input { get; }

    /// <summary>Looks at what was read ahead while a request is worked on.</summary>
    /// <param name="read">With what had been read before.</param>
    /// <param name="known">Length in bytes of what had been read before.</param>
    /// <returns>The result, which may say that it was the last.</returns>
    protected virtual ReadResult OnReadAhead(in ReadResult read, long known) => read;

    /// <summary>Registers the connection, has the middleware decide, and welcomes the client.</summary>
    /// <returns>What was read meanwhile, or why the connection ends before its first request. Neither, as a rule.</returns>
    private async ValueTask<(ReadResult? Read, CloseReason? End)> WelcomeAsync()
    {
        var opening = Services.Lifetime.OpenAsync(this);
        ReadResult? read = null;
        bool isLetIn;
        if (opening.IsCompletedSuccessfully)
        {
            isLetIn = opening.Result;
        }
        else
        {
            var work = opening.AsTask();
            (read, var end) = await WaitAsync(work, null);
            if (end is not null)
            {
                return (read, end);
            }

            isLetIn = await work;
        }

        if (!isLetIn)
        {
            return (read, CloseReason.Refused);
        }

        Welcome();
        return (read, null);
    }

    /// <summary>Waits for a verb, a file or the middleware of the welcome, and goes on reading meanwhile.</summary>
    /// <param name="work">What is waited for.</param>
    /// <param name="before">What was read and is not yet looked at; null for nothing.</param>
    /// <returns>
    /// What has been read by now, to be advanced by the caller; and why the connection ends, if it does before the work, which is then left
    /// to itself.
    /// </returns>
    /// <remarks>
    /// Requests that come meanwhile stay in the input, which is read all the same, because that is how a reset or the end of the client's side
    /// is noticed. Whoever waits is let go when the connection is closed, or when the limit has passed since the client's end.
    /// </remarks>
    protected async ValueTask<(ReadResult? Read, CloseReason? End)> WaitAsync(Task work, ReadResult? before)
    {
        Outbound.Flush();
        Volatile.Write(ref _awaited, work);
        _ = work.ContinueWith(
            static (work, state) => ((StreamConnection)state!).WakeFrom(work),
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
            _isNotReading = true;
            var limit = read is { IsCompleted: true } ? FarewellLeft() : Timeout.InfiniteTimeSpan;
            await work.WaitAsync(limit, Services.Time, Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _isNotReading = false;
        }

        return (read, work.IsCompleted ? null : IsClosed ? CloseReason.ServerClosed : CloseReason.ClientClosed);
    }

    /// <summary>How long the client, whose end was seen, is still served; counted from the first call.</summary>
    protected TimeSpan FarewellLeft()
    {
        if (_farewellBegan == 0)
        {
            _farewellBegan = Services.Time.GetTimestamp();
        }

        var left = Services.FarewellLimit - Services.Time.GetElapsedTime(_farewellBegan);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // Ends with the work, with the client's end, with the connection, or when enough is read.
    private async ValueTask<ReadResult?> ReadAheadAsync(Task work, ReadResult? read)
    {
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

                Input.AdvanceTo(buffer.Start, buffer.End);
            }

            read = OnReadAhead(await Input.ReadAsync(), known);
            ReportInput(read.Value.Buffer.Length);
        }

        return read;
    }

    private void WakeFrom(Task work)
    {
        if (Volatile.Read(ref _awaited) == work)
        {
            Input.CancelPendingRead();
        }
    }
}
