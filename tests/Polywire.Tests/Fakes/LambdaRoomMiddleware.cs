namespace Polywire.Tests.Fakes;

internal sealed class LambdaRoomMiddleware : IRoomMiddleware
{
    public Func<Connection, string, Task>? Join { get; init; }

    public Func<Connection, string, Task>? Leave { get; init; }

    public Func<Connection?, RoomMessage, Task<MessageVerdict>>? Say { get; init; }

    public Func<Connection, RoomMessage, Task<MessageVerdict>>? Deliver { get; init; }

    public ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        Join is null ? default : new ValueTask(Join(connection, room));

    public ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        Leave is null ? default : new ValueTask(Leave(connection, room));

    public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) =>
        Say is null ? default : new ValueTask<MessageVerdict>(Say(sender, message));

    public ValueTask<MessageVerdict> DeliverAsync(Connection receiver, RoomMessage message, CancellationToken cancellationToken) =>
        Deliver is null ? default : new ValueTask<MessageVerdict>(Deliver(receiver, message));
}
