using Polywire.Json;

namespace Polywire.Doors;

internal abstract partial class StreamConnection
{
    // Set while a connection leaves its rooms, in the flow of those it tells of it.
    private static readonly AsyncLocal<StreamConnection?> Leaving = new();

    private TaskCompletionSource? _left;
    private TaskCompletionSource? _idle;
    private Task? _end;
    private volatile bool _hasLeft;
    private volatile bool _hurry;
    private volatile bool _stopping;

    /// <summary>How long the peer may take for the last bytes.</summary>
    protected virtual TimeSpan GoodbyeLimit => Services.FarewellLimit;

    /// <summary>Whether the host's stop has reached this connection.</summary>
    public bool IsStopping => _stopping;

    public override async ValueTask CloseAsync()
    {
        // The goodbye and the end of the bytes follow by themselves; whoever closes waits for the rooms, not for the peer. Middleware that
        // closes what is leaving would wait for itself.
        var left = LazyInitializer.EnsureInitialized(
            ref _left, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _ = EndAsync(CloseReason.ServerClosed, TimeSpan.Zero);
        if (!_hasLeft && Leaving.Value != this)
        {
            await left.Task;
        }
    }

    /// <summary>Ends the connection, once: waits for what runs, leaves rooms and registry, says goodbye, completes the output.</summary>
    /// <param name="reason">The first caller's counts.</param>
    /// <param name="wait">How long running actions may still be answered; none also ends the wait of an earlier caller.</param>
    /// <returns>Completes when nothing more will be written.</returns>
    public Task EndAsync(CloseReason reason, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            _hurry = true;

            // Either the one who waits sees the flag, or we see what it waits for.
            Interlocked.MemoryBarrier();
            Volatile.Read(ref _idle)?.TrySetResult();
        }

        lock (Outbound)
        {
            return _end ??= EndCoreAsync(reason, wait);
        }
    }

    /// <summary>Tells the connection that the host stops: it ends at once if nothing runs, else when all is answered or the limit has passed.</summary>
    public Task BeginStopAsync(TimeSpan limit)
    {
        _stopping = true;
        return EndAsync(CloseReason.ServerStopping, limit);
    }

    /// <summary>Writes the last message.</summary>
    protected virtual void WriteGoodbye(ResponseBuffer buffer, CloseReason reason) => Protocol.WriteGoodbye(buffer);

    /// <summary>What the protocol still does once the goodbye is out; bounded in time.</summary>
    protected virtual ValueTask EndSaidAsync() => default;

    /// <summary>What the protocol still does before a connection is cut off whose queue was dropped; bounded in time.</summary>
    protected virtual ValueTask EndAbortedAsync(CloseReason reason) => default;

    private protected override void OnIdle() => Volatile.Read(ref _idle)?.TrySetResult();

    private async Task EndCoreAsync(CloseReason reason, TimeSpan wait)
    {
        // Whoever calls may stand in the middle of a broadcast.
        await Task.Yield();
        await WaitUntilIdleAsync(wait);
        await LeaveWithinLimitAsync(reason);
        if (reason is CloseReason.ClientReset or CloseReason.SlowReader)
        {
            Outbound.Abort();
            await EndAbortedAsync(reason);
        }
        else
        {
            await CompleteOutputAsync(reason);
            await EndSaidAsync();
        }

        // The reason, or what has happened since: a peer that stopped reading while others were waited for.
        if (Outbound.IsAborted)
        {
            Reset();
        }

        // The message loop then finds the connection closed.
        Input.CancelPendingRead();

        // After an abort a file may still be read into the transport's memory.
        await Outbound.WhenQuietAsync();
    }

    // The goodbye does not depend on what middleware and stores make of the leaving (socket.md 13.5).
    private async ValueTask LeaveWithinLimitAsync(CloseReason reason)
    {
        var leaving = LeaveAsync(reason);
        if (leaving.IsCompleted)
        {
            return;
        }

        try
        {
            await leaving.WaitAsync(Services.FarewellLimit, Services.Time);
        }
        catch (TimeoutException)
        {
            Log.LeavingTakesLong(Services.Logger, Type, RemoteIP);
        }
    }

    private async Task LeaveAsync(CloseReason reason)
    {
        Leaving.Value = this;
        try
        {
            await Services.Lifetime.CloseAsync(this, reason);
        }
        catch (Exception exception)
        {
            Log.ConnectionFailed(Services.Logger, exception, Type);
        }

        _hasLeft = true;

        // Either the one who closes sees the flag, or we see what it waits for.
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _left)?.TrySetResult();
    }

    private async Task WaitUntilIdleAsync(TimeSpan limit)
    {
        var started = Services.Time.GetTimestamp();
        while (PendingActions > 0 && !_hurry)
        {
            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // A full fence: else the last run could end unseen between this and the look at the count.
            Interlocked.Exchange(ref _idle, idle);
            var left = limit - Services.Time.GetElapsedTime(started);
            if (PendingActions == 0 || _hurry || left <= TimeSpan.Zero)
            {
                return;
            }

            try
            {
                await idle.Task.WaitAsync(left, Services.Time);
            }
            catch (TimeoutException)
            {
                return;
            }
        }
    }

    // The goodbye ends the queue in the same step: what others say meanwhile comes before it or not at all (socket.md 4.3).
    private Task SayGoodbyeAsync(CloseReason reason)
    {
        using var buffer = ResponseBuffer.Rent();
        WriteGoodbye(buffer, reason);
        return Outbound.CompleteAsync(buffer.WrittenSpan);
    }

    private async Task CompleteOutputAsync(CloseReason reason)
    {
        try
        {
            await SayGoodbyeAsync(reason).WaitAsync(GoodbyeLimit, Services.Time);
        }
        catch (TimeoutException)
        {
            // The peer does not even read its goodbye.
            Outbound.Abort();
        }
    }
}
