using System.Text.Json;
using Polywire.Diagnostics;
using Polywire.Json;
using Polywire.Outbound;

namespace Polywire.Rooms;

internal sealed partial class RoomService
{
    public ValueTask SayAsync<T>(string room, T message, CancellationToken cancellationToken = default) =>
        SayOrThrowAsync(null, room, message, cancellationToken);

    public ValueTask SayAsync<T>(string room, T message, Connection from, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        return SayOrThrowAsync(from, room, message, cancellationToken);
    }

    /// <summary>Says something as a member, or as the server where there is no sender (core.md ).</summary>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="ActionException">A middleware refused it.</exception>
    public ValueTask<string?> TrySayAsync(Connection? sender, string room, object? message, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(room) || message is null or "")
        {
            return new ValueTask<string?>(_texts.RoomAndMessageRequired);
        }

        if (sender is not null && !sender.IsIn(room))
        {
            return new ValueTask<string?>(_texts.ConnectionNotInRoom(room));
        }

        var said = new RoomMessage { Room = room, Message = message, From = sender?.Id, SentAt = _time.GetUtcNow() };
        if (_middleware.Value.Length > 0)
        {
            return SayThroughMiddlewareAsync(sender, said, cancellationToken);
        }

        var broadcast = Encode(said);
        DeliverAll(room, broadcast);
        var publish = _backplane.PublishAsync(Channel(room), _node.Id, broadcast.Json, cancellationToken);
        return publish.IsCompletedSuccessfully ? default : AwaitPublishAsync(publish);
    }

    private static async ValueTask<string?> AwaitPublishAsync(ValueTask publish)
    {
        await publish;
        return null;
    }

    private async ValueTask SayOrThrowAsync(Connection? sender, string room, object? message, CancellationToken cancellationToken)
    {
        if (await TrySayAsync(sender, room, message, cancellationToken) is { } error)
        {
            throw new ActionException(error);
        }
    }

    private async ValueTask<string?> SayThroughMiddlewareAsync(Connection? sender, RoomMessage said, CancellationToken cancellationToken)
    {
        foreach (var step in _middleware.Value)
        {
            var verdict = await step.SayAsync(sender, said, cancellationToken);
            if (verdict.IsDropped)
            {
                return null;
            }

            said = verdict.Message ?? said;
        }

        var broadcast = Encode(said);
        await DeliverThroughMiddlewareAsync(said, broadcast, cancellationToken);
        await _backplane.PublishAsync(Channel(said.Room), _node.Id, broadcast.Json, cancellationToken);
        return null;
    }

    private void DeliverAll(string room, BroadcastMessage broadcast)
    {
        if (!_local.TryGetValue(room, out var members))
        {
            return;
        }

        var count = default(DeliveryCount);
        foreach (var receiver in members.Snapshot())
        {
            count.Add(receiver.Deliver(broadcast));
        }

        _metrics.Delivered(count);
    }

    // Receivers do not wait for each other; a message waits for all of them, so that what a sender says next comes next (core.md R-16).
    private async ValueTask DeliverThroughMiddlewareAsync(RoomMessage said, BroadcastMessage broadcast, CancellationToken cancellationToken)
    {
        if (!_local.TryGetValue(said.Room, out var members))
        {
            return;
        }

        List<Task<Delivery?>>? waiting = null;
        var count = default(DeliveryCount);
        foreach (var receiver in members.Snapshot())
        {
            var delivery = DeliverAsync(receiver, said, broadcast, cancellationToken);
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

        _metrics.Delivered(count);

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
        Connection receiver, RoomMessage said, BroadcastMessage broadcast, CancellationToken cancellationToken)
    {
        if (await ForReceiverAsync(receiver, said, broadcast, cancellationToken) is not { } message)
        {
            return null;
        }

        return receiver.Deliver(message);
    }

    private async ValueTask<BroadcastMessage?> ForReceiverAsync(
        Connection receiver, RoomMessage said, BroadcastMessage broadcast, CancellationToken cancellationToken)
    {
        var own = said;
        try
        {
            foreach (var step in _middleware.Value)
            {
                var verdict = await step.DeliverAsync(receiver, own, cancellationToken);
                if (verdict.IsDropped)
                {
                    return null;
                }

                own = verdict.Message ?? own;
            }

            return ReferenceEquals(own, said) ? broadcast : Encode(own);
        }
        catch (Exception exception)
        {
            Log.DeliveryFailed(_logger, exception, LogText.OneLine(said.Room, LogText.NameLength));
            return null;
        }
    }

    private BroadcastMessage Encode(RoomMessage said)
    {
        using var buffer = ResponseBuffer.Rent();
        var writer = buffer.Writer;
        writer.WriteStartObject();
        writer.WritePropertyName("message"u8);
        switch (said.Message)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            default:
                JsonSerializer.Serialize(writer, said.Message, _json.GetTypeInfo(said.Message.GetType()));
                break;
        }

        writer.WriteString("room"u8, said.Room);
        if (said.From is null)
        {
            writer.WriteNumber("from"u8, 0);
        }
        else
        {
            writer.WriteString("from"u8, said.From);
        }

        writer.WriteString("context"u8, "user"u8);
        writer.WriteNumber("sentAt"u8, said.SentAt.ToUnixTimeMilliseconds());
        foreach (var (name, value) in said.Extra ?? new Dictionary<string, object?>())
        {
            if (IsOfEveryMessage(name))
            {
                continue;
            }

            writer.WritePropertyName(name);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, _json.GetTypeInfo(value.GetType()));
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return new BroadcastMessage(buffer.WrittenSpan.ToArray());
    }

    // A key twice would let middleware forge the sender without meaning to.
    private static bool IsOfEveryMessage(string name) => name is "message" or "room" or "from" or "context" or "sentAt";

    private static string Channel(string room) => $"room:{room}";
}
