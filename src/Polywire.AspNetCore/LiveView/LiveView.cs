using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.Diagnostics;
using Polywire.Doors;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Tells those who look what goes on, once in each interval.</summary>
internal sealed partial class LiveView(
    LiveTraffic traffic,
    LiveWatchers watchers,
    ConnectionRegistry connections,
    IRooms rooms,
    TimeProvider time,
    IOptions<LiveViewOptions> options,
    IOptions<PolywireOptions> common,
    ILogger<LiveView> logger) : BackgroundService
{
    private readonly LiveViewOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (_options.Enabled)
            {
                await RunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends, in order or by being disposed of.
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Interval, time);
        var last = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(last, now);
            last = now;
            var present = watchers.Present();
            traffic.Watch(present.Count > 0);
            if (present.Count == 0)
            {
                continue;
            }

            try
            {
                var snapshot = await TakeAsync(elapsed, stoppingToken);
                foreach (var watcher in present)
                {
                    await TellAsync(watcher, snapshot, stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Looking on must never bring the host down.
                Fail(exception);
            }
        }
    }

    private async ValueTask TellAsync(Connection watcher, LiveSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            await watcher.SendAsync(snapshot, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One whose queue is too short for it does not keep the others from it.
            Fail(exception);
        }
    }

    private void Fail(Exception exception) => LastCatch.Run((logger, exception), static failed => Log.Failed(failed.logger, failed.exception), logger);

    private async ValueTask<LiveSnapshot> TakeAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        var (actions, byTransport) = traffic.Take(seconds);
        var transports = byTransport.ToDictionary(pair => pair.Key, pair => new LiveTransport(pair.Key, 0, 0, 0, pair.Value / seconds), StringComparer.Ordinal);
        var members = new Dictionary<string, int>(StringComparer.Ordinal);
        var shown = new PriorityQueue<LiveConnection, long>();
        var total = 0;
        foreach (var connection in connections.All)
        {
            var queue = (connection as StreamConnection)?.Outbound;
            var row = RowOf(connection, queue?.QueuedBytes ?? 0, queue?.QueuedMessages ?? 0);
            total++;
            Count(members, connection);
            var before = transports.GetValueOrDefault(row.Type) ?? new LiveTransport(row.Type, 0, 0, 0, 0);
            transports[row.Type] = before with
            {
                Connections = before.Connections + 1,
                QueuedBytes = before.QueuedBytes + row.QueuedBytes,
                QueuedMessages = before.QueuedMessages + row.QueuedMessages,
            };

            // The least interesting is thrown out first: of equal queues the one that came last.
            shown.Enqueue(row, row.QueuedBytes == 0 ? -row.ConnectedAt : row.QueuedBytes);
            if (shown.Count > _options.MaxRows)
            {
                shown.Dequeue();
            }
        }

        foreach (var name in await rooms.ListAsync(cancellationToken))
        {
            members.TryAdd(name, 0);
        }

        return new LiveSnapshot(
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            common.Value.ServerName,
            [.. transports.Values.OrderBy(transport => transport.Type, StringComparer.Ordinal)],
            [.. shown.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)],
            total,
            [.. members.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(_options.MaxRows).Select(pair => new LiveRoom(pair.Key, pair.Value))],
            members.Count,
            [.. actions.Take(_options.MaxRows)],
            actions.Sum(action => action.Runs),
            traffic.Dropped,
            traffic.SlowReaders);
    }

    private static LiveConnection RowOf(Connection connection, long queuedBytes, int queuedMessages) => new(
        connection.Id,
        connection.Type,
        connection.RemoteIP,
        connection.ConnectedAt.ToUnixTimeMilliseconds(),
        connection.RoomCount,
        connection.PendingActions,
        connection.TotalActions,
        queuedBytes,
        queuedMessages);

    private static void Count(Dictionary<string, int> members, Connection connection)
    {
        foreach (var room in connection.Rooms)
        {
            members[room] = members.GetValueOrDefault(room) + 1;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.LiveViewFailed, LogLevel.Warning, "The live view could not be told")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
