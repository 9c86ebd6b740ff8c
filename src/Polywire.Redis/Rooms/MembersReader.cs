using Microsoft.Extensions.Logging;
using Polywire.Bounds;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;
using StackExchange.Redis;

namespace Polywire.Redis.Rooms;

/// <summary>Reads who is in a room, on all nodes that are alive (cluster.md NO-28). Safe to use concurrently.</summary>
internal sealed partial class MembersReader(RedisLink link, Peers peers, Sweeper sweeper, TimeProvider time, ILogger logger)
{
    private readonly LogPause _foreignPause = new(time, TimeSpan.FromMinutes(1));

    /// <summary>Reads who is in a room.</summary>
    /// <returns>Null where there is no such room.</returns>
    public async Task<IReadOnlyList<StoredMember>?> ReadAsync(string room, CancellationToken cancellationToken)
    {
        var (exists, entries) = await link.CallAsync(
            async database =>
            {
                // One round trip; existence first, so that a room that is made between the two is not empty though it has members.
                var exists = database.SetContainsAsync(link.Keys.Rooms, room);
                var entries = database.HashGetAllAsync(link.Keys.Members(room));
                await Task.WhenAll(exists, entries);
                return (await exists, await entries);
            },
            cancellationToken);
        if (!exists)
        {
            return null;
        }

        var members = new List<(StoredMember Member, HashEntry Entry)>(entries.Length);
        var (table, isKnown) = (peers.Table, true);
        foreach (var entry in entries)
        {
            if (MemberEntry.Read(((ReadOnlyMemory<byte>)entry.Value).Span) is { } member)
            {
                members.Add((member, entry));
                isKnown &= member.Node is not { } incarnation || table.IsAlive(incarnation) || table.IsDead(incarnation);
            }
            else if (_foreignPause.IsOver())
            {
                Log.NoMember(logger);
            }
        }

        if (!isKnown)
        {
            table = await peers.RefreshAsync(cancellationToken);
            if (members.Where(found => found.Member.Node is { } incarnation && !table.IsAlive(incarnation) && !table.IsDead(incarnation))
                .Select(static found => (found.Member.Node!, found.Entry)).ToArray() is { Length: > 0 } orphans)
            {
                sweeper.RemoveOrphans(room, orphans);
            }
        }

        return [.. members.Select(static found => found.Member).Where(member => member.Node is not { } incarnation || table.IsAlive(incarnation))];
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.ForeignEntry, LogLevel.Warning, "An entry among the members of a room is none that can be read; it is passed over")]
        public static partial void NoMember(ILogger logger);
    }
}
