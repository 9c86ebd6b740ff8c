using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Outbound;

namespace Polywire.Rooms;

/// <summary>Hands what is said in a room to its members on this node, and to nobody else.</summary>
internal sealed partial class RoomDelivery(
    LocalRooms local, RoomMiddlewareChain middleware, RoomMessageJson json, PolywireMetrics metrics, ILogger logger)
{
    /// <summary>Delivers to all members.</summary>
    /// <param name="said">The message before the receivers' middleware.</param>
    /// <param name="entry">The same, encoded.</param>
    /// <param name="cancellationToken">Stops what has not been handed over.</param>
    /// <returns>Completes when every receiver has been handed it or not; a reader is not waited for.</returns>
    public ValueTask DeliverAsync(RoomMessage said, OutboundEntry entry, CancellationToken cancellationToken)
    {
        if (local.Snapshot(said.Room) is not { } receivers)
        {
            return default;
        }

        if (middleware.Steps.Length > 0)
        {
            return ThroughMiddlewareAsync(receivers, said, entry, cancellationToken);
        }

        ToAll(receivers, entry);
        return default;
    }

    /// <summary>Delivers what another node has encoded; decoded only where middleware is to see it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="encoded">The message.</param>
    /// <param name="offset">Its number in the history; 0 where the room has none.</param>
    /// <param name="cancellationToken">Stops what has not been handed over.</param>
    public ValueTask DeliverAsync(string room, ReadOnlyMemory<byte> encoded, long offset, CancellationToken cancellationToken)
    {
        if (local.Snapshot(room) is not { } receivers)
        {
            return default;
        }

        // The backplane's bytes are ours for as long as they are held.
        var entry = new OutboundEntry(new BroadcastMessage(encoded), offset: offset);
        if (middleware.Steps.Length > 0)
        {
            return ThroughMiddlewareAsync(receivers, RoomMessageJson.Decode(room, encoded.Span), entry, cancellationToken);
        }

        ToAll(receivers, entry);
        return default;
    }

    /// <summary>Delivers to some members.</summary>
    public ValueTask DeliverToAsync(IReadOnlyList<Connection> receivers, RoomMessage said, CancellationToken cancellationToken) =>
        ThroughMiddlewareAsync(receivers, said, new OutboundEntry(json.Encode(said)), cancellationToken);

    private void ToAll(Connection[] receivers, in OutboundEntry entry)
    {
        var count = default(DeliveryCount);
        foreach (var receiver in receivers)
        {
            count.Add(receiver.Deliver(entry));
        }

        metrics.Delivered(count);
    }

    // Receivers do not wait for each other; a message waits for all of them, so that what a sender says next comes next (core.md R-16).
    private async ValueTask ThroughMiddlewareAsync(
        IReadOnlyList<Connection> receivers, RoomMessage said, OutboundEntry entry, CancellationToken cancellationToken)
    {
        List<Task<Delivery?>>? waiting = null;
        var count = default(DeliveryCount);
        foreach (var receiver in receivers)
        {
            var delivery = DeliverAsync(receiver, said, entry, cancellationToken);
            if (delivery.IsCompleted)
            {
                Count(await delivery);
            }
            else
            {
                (waiting ??= []).Add(delivery.AsTask());
            }
        }

        if (waiting is not null)
        {
            foreach (var outcome in await Task.WhenAll(waiting))
            {
                Count(outcome);
            }
        }

        metrics.Delivered(count);

        void Count(Delivery? outcome)
        {
            if (outcome is { } became)
            {
                count.Add(became);
            }
        }
    }

    // Null where the middleware held the message back.
    private async ValueTask<Delivery?> DeliverAsync(
        Connection receiver, RoomMessage said, OutboundEntry entry, CancellationToken cancellationToken)
    {
        if (await ForReceiverAsync(receiver, said, entry, cancellationToken) is not { } own)
        {
            return null;
        }

        return receiver.Deliver(own);
    }

    private async ValueTask<OutboundEntry?> ForReceiverAsync(
        Connection receiver, RoomMessage said, OutboundEntry entry, CancellationToken cancellationToken)
    {
        var own = said;
        try
        {
            foreach (var step in middleware.Steps)
            {
                var verdict = await step.DeliverAsync(receiver, own, cancellationToken);
                if (verdict.IsDropped)
                {
                    return null;
                }

                own = verdict.Message ?? own;
            }

            return ReferenceEquals(own, said) ? entry : new OutboundEntry(json.Encode(own), entry.Kind, entry.Offset, entry.Key);
        }
        catch (Exception exception)
        {
            Log.DeliveryFailed(logger, exception, LogText.OneLine(said.Room, LogText.NameLength));
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.DeliveryFailed, LogLevel.Warning, "A room middleware failed while a message in {Room} was delivered")]
        public static partial void DeliveryFailed(ILogger logger, Exception exception, string room);
    }
}
