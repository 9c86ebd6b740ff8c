using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Cluster;

/// <summary>The room log of a process: one ring for each room with history. Hosts of one process that share it share the histories.</summary>
internal sealed partial class InProcessRoomLog(TimeProvider time, ILogger<InProcessRoomLog> logger) : IRoomLog
{
    private const int MostWaiting = 10_000;

    // For so long it is known that a room was destroyed (cluster.md DL-81).
    private static readonly TimeSpan DestroyedKept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, RoomRing> _rings = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Room, RoomRing Ring, long Since)> _destroyed = new();

    public ValueTask<AppendOutcome> AppendAsync(string room, RoomLogMessage message, RoomLogBounds bounds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<AppendOutcome>(RingOf(room).Append(message, bounds));
    }

    public ValueTask<AppendOutcome?> FindAsync(string room, RoomLogId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<AppendOutcome?>(_rings.TryGetValue(room, out var ring) ? ring.Find(id) : null);
    }

    public ValueTask<IReadOnlyList<RoomLogState?>> PositionsAsync(
        IReadOnlyList<KeyValuePair<string, RoomLogBounds>> rooms, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<IReadOnlyList<RoomLogState?>>([.. rooms.Select(asked => RingOf(asked.Key).State(asked.Value))]);
    }

    public ValueTask<RoomLogPage?> ReadAsync(string room, long after, int limit, RoomLogBounds bounds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<RoomLogPage?>(RingOf(room).Read(after, limit, bounds));
    }

    public ValueTask DestroyAsync(string room, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_rings.TryGetValue(room, out var ring) && ring.Destroy())
        {
            _destroyed.Enqueue((room, ring, time.GetTimestamp()));
        }

        while (_destroyed.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) > DestroyedKept && _destroyed.TryDequeue(out var gone))
        {
            if (gone.Ring.IsForgettable)
            {
                _rings.TryRemove(new KeyValuePair<string, RoomRing>(gone.Room, gone.Ring));
            }
        }

        return default;
    }

    public ValueTask BeginAsync(string room, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_rings.TryGetValue(room, out var ring))
        {
            ring.Begin();
        }

        return default;
    }

    public ValueTask<IAsyncDisposable> ListenAsync(string room, Func<RoomLogEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var queue = new SerialQueue<RoomLogEvent>(
            handler, MostWaiting, failure => Log.HandlerFailed(logger, failure, LogText.OneLine(room, LogText.NameLength)));
        var ring = RingOf(room);
        ring.Add(queue);
        return new ValueTask<IAsyncDisposable>(new Listener(ring, queue));
    }

    private RoomRing RingOf(string room) => _rings.GetOrAdd(room, static (_, time) => new RoomRing(time), time);

    private sealed class Listener(RoomRing ring, SerialQueue<RoomLogEvent> queue) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            ring.Remove(queue);
            queue.Stop();
            return default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.RoomLogHandlerFailed, LogLevel.Error, "What was appended to {Room} could not be handled")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string room);
    }
}
