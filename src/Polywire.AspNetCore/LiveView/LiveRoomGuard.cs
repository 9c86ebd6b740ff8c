using System.Collections.Concurrent;

namespace Polywire.AspNetCore.LiveView;

/// <summary>The room in which pages are told: those who have shown a token may join, and nobody but the server speaks.</summary>
internal sealed class LiveRoomGuard : IRoomMiddleware
{
    public const string Room = "polywire:live";

    private readonly ConcurrentDictionary<Connection, bool> _watchers = new();

    /// <summary>Whether anybody looks.</summary>
    public bool HasWatchers => !_watchers.IsEmpty;

    public void Admit(Connection connection) => _watchers.TryAdd(connection, true);

    public void Forget(Connection connection) => _watchers.TryRemove(connection, out _);

    public ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        room != Room || _watchers.ContainsKey(connection) ? default : throw new ActionException("not allowed");

    public ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        if (room == Room)
        {
            Forget(connection);
        }

        return default;
    }

    public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) =>
        sender is null || message.Room != Room ? default : throw new ActionException("not allowed");
}
