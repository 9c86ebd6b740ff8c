using Polywire;

namespace Chat;

/// <summary>Tells a room who comes and goes, and keeps shouting out of the kitchen.</summary>
internal sealed class Announcer(IRooms rooms, Names names) : IRoomMiddleware
{
    public async ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        await names.IntroduceAsync(connection, cancellationToken);
        await rooms.SayAsync(room, $"{await names.OfAsync(connection, cancellationToken)} comes in", cancellationToken);
    }

    public async ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        await rooms.SayAsync(room, $"{await names.OfAsync(connection, cancellationToken)} leaves", cancellationToken);

    public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) =>
        new(message is { Room: "kitchen", Message: string text } && sender is not null
            ? MessageVerdict.Pass(message with { Message = text.ToLowerInvariant() })
            : MessageVerdict.Unchanged);
}
