namespace Polywire.ConformanceApp;

/// <summary>secretRoom refuses, announceRoom announces, shoutRoom shouts.</summary>
internal sealed class ConformanceRooms(IRooms rooms) : IRoomMiddleware
{
    public async ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        switch (room)
        {
            case "secretRoom":
                throw new ActionException("not allowed");
            case "announceRoom":
                await rooms.SayAsync(room, $"I have entered the room: {connection.Id}", cancellationToken);
                break;
        }
    }

    public async ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        if (room == "announceRoom")
        {
            await rooms.SayAsync(room, $"I have left the room: {connection.Id}", cancellationToken);
        }
    }

    public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken)
    {
        if (message.Room != "shoutRoom" || message.Message is not string text)
        {
            return new ValueTask<MessageVerdict>(MessageVerdict.Unchanged);
        }

        return text == "forbidden"
            ? throw new ActionException("message refused")
            : new ValueTask<MessageVerdict>(MessageVerdict.Pass(message with { Message = text.ToUpperInvariant() }));
    }

    public ValueTask<MessageVerdict> DeliverAsync(Connection receiver, RoomMessage message, CancellationToken cancellationToken) =>
        new(message.Room == "shoutRoom"
            ? MessageVerdict.Pass(message with { Extra = new Dictionary<string, object?> { ["to"] = receiver.Id } })
            : MessageVerdict.Unchanged);
}
