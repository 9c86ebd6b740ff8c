using Polywire.Outbound;

namespace Polywire.Rooms;

/// <summary>One word to a room: middleware, the log, the members of this node in the log's order, the other nodes.</summary>
internal sealed class RoomSaying(
    RoomMiddlewareChain middleware, RoomMessageJson json, RoomHistory history, RoomDelivery delivery, RoomTraffic traffic, ErrorCatalog texts, TimeProvider time)
{
    /// <summary>Says something as a member, or as the server where there is no sender (core.md ).</summary>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="ActionException">A middleware refused it, or the room has a history that cannot be reached.</exception>
    public ValueTask<string?> TrySayAsync(Connection? sender, string room, object? message, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(room) || message is null or "")
        {
            return new ValueTask<string?>(texts.RoomAndMessageRequired);
        }

        if (sender is not null && !sender.IsIn(room))
        {
            return new ValueTask<string?>(texts.ConnectionNotInRoom(room));
        }

        var said = new RoomMessage { Room = room, Message = message, From = sender?.Id, SentAt = time.GetUtcNow() };
        return middleware.Steps.Length > 0 ? ThroughMiddlewareAsync(sender, said, cancellationToken) : SayAsync(sender, said, cancellationToken);
    }

    private async ValueTask<string?> ThroughMiddlewareAsync(Connection? sender, RoomMessage said, CancellationToken cancellationToken)
    {
        foreach (var step in middleware.Steps)
        {
            var verdict = await step.SayAsync(sender, said, cancellationToken);
            if (verdict.IsDropped)
            {
                return null;
            }

            said = verdict.Message ?? said;
        }

        return await SayAsync(sender, said, cancellationToken);
    }

    private ValueTask<string?> SayAsync(Connection? sender, RoomMessage said, CancellationToken cancellationToken)
    {
        if (history.Of(said.Room) is { } bounds)
        {
            return AppendAsync(sender, said, bounds, cancellationToken);
        }

        var broadcast = json.Encode(said);
        var delivered = delivery.DeliverAsync(said, new OutboundEntry(broadcast), cancellationToken);
        if (!delivered.IsCompletedSuccessfully)
        {
            return PublishLaterAsync(delivered, said.Room, broadcast.Json);
        }

        traffic.PublishSaid(said.Room, broadcast.Json);
        return default;
    }

    private async ValueTask<string?> PublishLaterAsync(ValueTask delivered, string room, ReadOnlyMemory<byte> encoded)
    {
        await delivered;
        traffic.PublishSaid(room, encoded);
        return null;
    }

    private async ValueTask<string?> AppendAsync(Connection? sender, RoomMessage said, RoomLogBounds bounds, CancellationToken cancellationToken) =>
        await history.SayAsync(said, json.Encode(said), bounds, cancellationToken) || sender is null ? null : texts.RoomDoesNotExist;
}
