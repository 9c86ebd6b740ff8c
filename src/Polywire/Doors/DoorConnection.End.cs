namespace Polywire.Doors;

/// <content>The end: once, whoever decides on it, and in the same order on every door.</content>
public abstract partial class DoorConnection
{
    // Set while a connection leaves its rooms, in the flow of those it tells of it.
    private static readonly AsyncLocal<DoorConnection?> Leaving = new();
    private static readonly LeaveWaits Waits = new();

    /// <inheritdoc/>
    public override ValueTask CloseAsync() => LeaveAsync(CloseReason.ServerClosed);

    internal override ValueTask CloseAsync(CloseWords words) => LeaveAsync(CloseReason.ServerClosed, words);

    /// <summary>Ends the connection at once, and waits until it has left its rooms and the registry; the goodbye follows by itself.</summary>
    /// <param name="reason">The first caller's counts.</param>
    public ValueTask LeaveAsync(CloseReason reason) => LeaveAsync(reason, null);

    /// <summary>Ends the connection, once: waits for what runs, leaves rooms and registry, says goodbye, completes the output.</summary>
    /// <param name="reason">The first caller's counts.</param>
    /// <param name="wait">How long running actions may still be answered; none also ends the wait of an earlier caller.</param>
    /// <returns>Completes when nothing more will be written.</returns>
    public Task EndAsync(CloseReason reason, TimeSpan wait) => EndAsync(reason, wait, null);

    /// <inheritdoc/>
    protected internal override void BeginStop() => _ = EndAsync(CloseReason.ServerStopping, Services.FarewellLimit);

    /// <summary>Sends what is still to be sent, as the reason wants it, and gives the transport up; bounded in time.</summary>
    /// <param name="reason">Why the connection ends; it has left its rooms and the registry.</param>
    protected abstract ValueTask SayGoodbyeAsync(CloseReason reason);

    /// <summary>Ends the connection for an exception that nothing has handled; one of a client that is gone is not reported.</summary>
    internal void Fail(Exception exception)
    {
        var isGone = exception is IOException or OperationCanceledException;
        if (!isGone)
        {
            OnFailure(exception);
        }

        _ = EndAsync(isGone ? CloseReason.ClientReset : CloseReason.ServerClosed, TimeSpan.Zero);
    }

    private async ValueTask LeaveAsync(CloseReason reason, CloseWords? words)
    {
        var left = Life.WhenLeft();
        _ = EndAsync(reason, TimeSpan.Zero, words);

        if (Leaving.Value is not { } waiting)
        {
            await left;
        }
        else if (!left.IsCompleted && Waits.TryBegin(waiting, this))
        {
            // Else what is leaving would wait for itself: its middleware closes it again, or closes another whose middleware does.
            try
            {
                await left;
            }
            finally
            {
                Waits.End(waiting, this);
            }
        }
    }

    private Task EndAsync(CloseReason reason, TimeSpan wait, CloseWords? words) =>
        Life.End(
            isHurried: wait <= TimeSpan.Zero,
            (Connection: this, Reason: reason, Wait: wait),
            static end => end.Connection.EndCoreAsync(end.Reason, end.Wait),
            words);

    private async Task EndCoreAsync(CloseReason reason, TimeSpan wait)
    {
        // Whoever calls may stand in the middle of a broadcast.
        await Task.Yield();
        await Life.WhenIdleAsync(this, wait, Services.Time);
        await LeaveWithinLimitAsync(reason);
        Life.TryMove(LifeEvent.SayGoodbye);
        await SayGoodbyeAsync(reason);
        Life.TryMove(LifeEvent.Close);
    }

    // The goodbye does not depend on what middleware and stores make of the leaving (socket.md 13.5).
    private async ValueTask LeaveWithinLimitAsync(CloseReason reason)
    {
        var leaving = LetGoAsync(reason);
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

    private async Task LetGoAsync(CloseReason reason)
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
}
