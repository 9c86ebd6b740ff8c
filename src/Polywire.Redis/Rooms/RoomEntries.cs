using System.Runtime.CompilerServices;
using Polywire.Redis.Connection;
using StackExchange.Redis;

namespace Polywire.Redis.Rooms;

/// <summary>Goes through the entries of rooms. Safe to use concurrently.</summary>
internal sealed class RoomEntries(RedisLink link)
{
    /// <summary>All entries of a room that an incarnation made, page by page; what changes meanwhile may be in it or not, or twice.</summary>
    /// <param name="room">The room.</param>
    /// <param name="incarnation">Whose.</param>
    /// <param name="pace">Holds it back; null for not at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<IReadOnlyList<HashEntry>> OfAsync(
        string room, string incarnation, Pace? pace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mark = MemberEntry.MarkOf(incarnation);
        RedisValue cursor = 0;
        do
        {
            var from = cursor;
            var answer = (RedisResult[])(await link.CallAsync(
                database => database.ExecuteAsync("HSCAN", [link.Keys.Members(room), from, "COUNT", RoomScripts.BatchSize]), cancellationToken))!;
            cursor = (RedisValue)answer[0];
            var page = (RedisValue[])answer[1]!;
            var own = new List<HashEntry>();
            for (var i = 0; i + 1 < page.Length; i += 2)
            {
                if (((ReadOnlyMemory<byte>)page[i + 1]).Span.IndexOf(mark) >= 0)
                {
                    own.Add(new HashEntry(page[i], page[i + 1]));
                }
            }

            if (own.Count > 0)
            {
                yield return own;
            }

            if (pace is not null)
            {
                await pace.WaitAsync(page.Length / 2, cancellationToken);
            }
        }
        while (cursor != 0);
    }

    /// <summary>The rooms in which an incarnation may have members.</summary>
    public async Task<IReadOnlyList<string>> RoomsOfAsync(string incarnation, CancellationToken cancellationToken) =>
        [.. (await link.CallAsync(database => database.SetMembersAsync(link.Keys.NodeRooms(incarnation)), cancellationToken)).Select(static room => (string)room!)];
}
