using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Rooms;

/// <summary>Who of this node is in which room. A room without members here costs nothing, and a node hears a room while it has members in it (core.md R-21).</summary>
/// <param name="subscribe">Begins to hear a room; fails in the task it gives, never in the call.</param>
/// <param name="logger">Told what cannot be given back.</param>
internal sealed partial class LocalRooms(Func<string, Task<IAsyncDisposable>> subscribe, ILogger logger)
{
    private readonly ConcurrentDictionary<string, RoomMembers> _rooms = new(StringComparer.Ordinal);

    /// <summary>The rooms with members here; a copy.</summary>
    public IReadOnlyCollection<string> Names => [.. _rooms.Keys];

    /// <summary>The members of a room, null where there is none here. Not to be changed.</summary>
    public Connection[]? Snapshot(string room) => _rooms.TryGetValue(room, out var members) ? members.Snapshot() : null;

    public RoomMembers? Find(string room) => _rooms.GetValueOrDefault(room);

    /// <summary>Adds a member whose join is on its way.</summary>
    /// <returns>Completes when other nodes are heard in the room.</returns>
    public Task AddAsync(Connection connection, string room, DateTimeOffset joinedAt)
    {
        while (true)
        {
            if (_rooms.GetOrAdd(room, static _ => new RoomMembers()).TryAdd(connection, joinedAt, () => subscribe(room)) is { } heard)
            {
                return heard;
            }
        }
    }

    /// <summary>Begins to hear a room for a member that is about to come.</summary>
    public RoomMembers Hold(string room)
    {
        while (true)
        {
            var members = _rooms.GetOrAdd(room, static _ => new RoomMembers());
            if (members.TryHold(() => subscribe(room)))
            {
                return members;
            }
        }
    }

    public void Release(string room, RoomMembers held)
    {
        if (held.Release(out var subscription))
        {
            _rooms.TryRemove(new KeyValuePair<string, RoomMembers>(room, held));
            GiveBack(subscription);
        }
    }

    /// <summary>Forgets a membership, in the connection too.</summary>
    /// <returns>Gives the subscription back where it was the last; to be called once the store has been told. Null if it was no member.</returns>
    public Action? Remove(Connection connection, string room)
    {
        var wasIn = connection.RemoveRoom(room);
        if (!_rooms.TryGetValue(room, out var members) || !members.Remove(connection, out var subscription))
        {
            return wasIn ? static () => { } : null;
        }

        // At once, so that whoever comes now makes another.
        _rooms.TryRemove(new KeyValuePair<string, RoomMembers>(room, members));
        return () => GiveBack(subscription);
    }

    /// <summary>Hears no room any more.</summary>
    /// <returns>Completes when the subscriptions that were confirmed have been given back; one that is not is given back when it is.</returns>
    public Task SilenceAsync()
    {
        var endings = new List<Task>();
        foreach (var members in _rooms.Values)
        {
            if (members.Silence() is { } subscription)
            {
                var isConfirmed = subscription.IsCompleted;
                var ending = GiveBackAsync(subscription);
                if (isConfirmed)
                {
                    endings.Add(ending);
                }
            }
        }

        return Task.WhenAll(endings);
    }

    // Nobody waits: the other side may be away, and confirm late, or never. Where it answers at once, the subscription is gone at once.
    private void GiveBack(Task<IAsyncDisposable>? subscription) => _ = GiveBackAsync(subscription);

    private async Task GiveBackAsync(Task<IAsyncDisposable>? subscription)
    {
        if (subscription is null)
        {
            return;
        }

        try
        {
            await (await subscription).DisposeAsync();
        }
        catch (Exception exception)
        {
            Log.BackplaneFailed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.BackplaneFailed, LogLevel.Warning, "The backplane failed while a subscription was given back")]
        public static partial void BackplaneFailed(ILogger logger, Exception exception);
    }
}
