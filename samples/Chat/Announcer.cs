using Polywire;

namespace Chat;

/// <summary>Tells a room who comes and goes, and keeps shouting out of the kitchen.</summary>
internal sealed class Announcer(IRooms rooms) : IRoomMiddleware
{
    public ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        rooms.SayAsync(room, $"{Name(connection)} comes in", cancellationToken);

    public ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        rooms.SayAsync(room, $"{Name(connection)} leaves", cancellationToken);

    public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) =>
        new(message is { Room: "kitchen", Message: string text } && sender is not null
            ? MessageVerdict.Pass(message with { Message = text.ToLowerInvariant() })
            : MessageVerdict.Unchanged);

    private static string Name(Connection connection) => $"{connection.Type} user {connection.Id[..8]}";
}
