using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Polywire.Outbound;

namespace Polywire.Rooms;

/// <summary>Rooms with history on this node: appends what is said, and delivers in the order of the log.</summary>
internal sealed class RoomHistory(RoomLogRules rules, IRoomLog log, RoomDelivery delivery, ILogger logger)
{
    private readonly ConcurrentDictionary<string, RoomFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>The bounds of a room's history; null where it has none.</summary>
    public RoomLogBounds? Of(string room) => rules.Of(room);

    /// <summary>Numbers and keeps a message, then delivers it to the members of this node in the order of the log. Other nodes hear of it by the log.</summary>
    /// <returns>False where the room has been destroyed.</returns>
    /// <exception cref="ClusterNotReachableException">It was not appended, or nobody knows.</exception>
    public async ValueTask<bool> SayAsync(RoomMessage said, BroadcastMessage broadcast, RoomLogBounds bounds, CancellationToken cancellationToken)
    {
        var outcome = await log.AppendAsync(said.Room, new RoomLogMessage { Body = broadcast.Json }, bounds, cancellationToken);
        if (outcome.Result == AppendResult.NoRoom)
        {
            return false;
        }

        // It is said: whoever stops waiting now does not keep it from anybody.
        if (_feeds.TryGetValue(said.Room, out var feed))
        {
            await feed.OfferAsync(outcome.Position, () => delivery.DeliverAsync(said, new OutboundEntry(broadcast, offset: outcome.Position.Offset), CancellationToken.None));
        }

        return true;
    }

    /// <summary>Begins to hear a room: everything that is appended from now on is delivered.</summary>
    public async Task<IAsyncDisposable> ListenAsync(string room, RoomLogBounds bounds)
    {
        var feed = new RoomFeed(room, bounds, log, entry => delivery.DeliverAsync(room, entry.Body, entry.Offset, CancellationToken.None), logger);
        var listener = await log.ListenAsync(room, (told, _) => feed.HearAsync(told), CancellationToken.None);
        try
        {
            await feed.BeginAsync(CancellationToken.None);
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }

        _feeds[room] = feed;
        return new Ear(this, room, feed, listener);
    }

    public ValueTask BeginAsync(string room, CancellationToken cancellationToken) =>
        Of(room) is null ? default : log.BeginAsync(room, cancellationToken);

    public ValueTask DestroyAsync(string room, CancellationToken cancellationToken) =>
        Of(room) is null ? default : log.DestroyAsync(room, cancellationToken);

    /// <summary>Completes when everything that was said before the room was destroyed has been delivered here; at once where the room has no history.</summary>
    public Task EndAsync(string room) => _feeds.TryGetValue(room, out var feed) ? feed.Ended : Task.CompletedTask;

    /// <summary>Delivers what was missed while the link was down.</summary>
    public async ValueTask CatchUpAsync()
    {
        foreach (var feed in _feeds.Values)
        {
            await feed.CatchUpAsync();
        }
    }

    private sealed class Ear(RoomHistory history, string room, RoomFeed feed, IAsyncDisposable listener) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            history._feeds.TryRemove(new KeyValuePair<string, RoomFeed>(room, feed));
            return listener.DisposeAsync();
        }
    }
}
