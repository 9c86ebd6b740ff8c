using Polywire.Json;

namespace Polywire.Doors;

internal abstract partial class StreamConnection
{
    // Set while a connection leaves its rooms, in the flow of those it tells of it.
    private static readonly AsyncLocal<StreamConnection?> Leaving = new();

    /// <summary>How long the peer may take for the last bytes.</summary>
    protected virtual TimeSpan GoodbyeLimit => Services.FarewellLimit;

    public override async ValueTask CloseAsync()
    {
        // The goodbye and the end of the bytes follow by themselves; whoever closes waits for the rooms, not for the peer. Middleware that
        // closes what is leaving would wait for itself.
        var left = Life.WhenLeft();
        _ = EndAsync(CloseReason.ServerClosed, TimeSpan.Zero);
        if (Leaving.Value != this)
        {
            await left;
        }
    }

    /// <summary>Ends the connection, once: waits for what runs, leaves rooms and registry, says goodbye, completes the output.</summary>
    /// <param name="reason">The first caller's counts.</param>
    /// <param name="wait">How long running actions may still be answered; none also ends the wait of an earlier caller.</param>
    /// <returns>Completes when nothing more will be written.</returns>
    public Task EndAsync(CloseReason reason, TimeSpan wait) =>
        Life.End(
            isHurried: wait <= TimeSpan.Zero,
            (Connection: this, Reason: reason, Wait: wait),
            static end => end.Connection.EndCoreAsync(end.Reason, end.Wait));

    /// <inheritdoc/>
    internal override void BeginStop() => _ = EndAsync(CloseReason.ServerStopping, Services.FarewellLimit);

    /// <summary>Writes the last message.</summary>
    protected virtual void WriteGoodbye(ResponseBuffer buffer, CloseReason reason) => Protocol.WriteGoodbye(buffer);

    /// <summary>What the protocol still does once the goodbye is out; bounded in time.</summary>
    protected virtual ValueTask EndSaidAsync() => default;

    /// <summary>What the protocol still does before a connection is cut off whose queue was dropped; bounded in time.</summary>
    protected virtual ValueTask EndAbortedAsync(CloseReason reason) => default;

    private async Task EndCoreAsync(CloseReason reason, TimeSpan wait)
    {
        // Whoever calls may stand in the middle of a broadcast.
        await Task.Yield();
        await Life.WhenIdleAsync(this, wait, Services.Time);
        await LeaveWithinLimitAsync(reason);
        Life.TryMove(LifeEvent.SayGoodbye);
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
        Life.TryMove(LifeEvent.Close);
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
