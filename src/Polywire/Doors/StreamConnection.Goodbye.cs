using Polywire.Json;

namespace Polywire.Doors;

/// <content>The goodbye: the last message, the end of the bytes, and the transport given back when nobody writes any more.</content>
public abstract partial class StreamConnection
{
    /// <summary>How long the peer may take for the last bytes.</summary>
    protected virtual TimeSpan GoodbyeLimit => Services.FarewellLimit;

    /// <summary>Writes the last message.</summary>
    protected virtual void WriteGoodbye(ResponseBuffer buffer, CloseReason reason) => Protocol.WriteGoodbye(buffer);

    /// <summary>What the protocol still does once the goodbye is out; bounded in time.</summary>
    protected virtual ValueTask EndSaidAsync() => default;

    /// <summary>What the protocol still does before a connection is cut off whose queue was dropped; bounded in time.</summary>
    protected virtual ValueTask EndAbortedAsync(CloseReason reason) => default;

    /// <inheritdoc/>
    protected sealed override async ValueTask SayGoodbyeAsync(CloseReason reason)
    {
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

    private async Task CompleteOutputAsync(CloseReason reason)
    {
        try
        {
            await EndOutputAsync(reason).WaitAsync(GoodbyeLimit, Services.Time);
        }
        catch (TimeoutException)
        {
            // The peer does not even read its goodbye.
            Outbound.Abort();
        }
    }

    // The goodbye ends the queue in the same step: what others say meanwhile comes before it or not at all (socket.md 4.3).
    private Task EndOutputAsync(CloseReason reason)
    {
        using var buffer = ResponseBuffer.Rent();
        WriteGoodbye(buffer, reason);
        return Outbound.CompleteAsync(buffer.WrittenSpan);
    }
}
