using System.Collections.Concurrent;

namespace Polywire.Cluster;

/// <summary>Presence of a single node: dictionaries.</summary>
internal sealed class InProcessPresenceStore : IPresenceStore
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, ReadOnlyMemory<byte>>> _rooms = new(StringComparer.Ordinal);

    public ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken) =>
        new(_rooms.TryAdd(room, new ConcurrentDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal)));

    public ValueTask<bool> RemoveAsync(string room, CancellationToken cancellationToken) => new(_rooms.TryRemove(room, out _));

    public ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken) => new(_rooms.ContainsKey(room));

    public ValueTask<IReadOnlyCollection<string>> RoomsAsync(CancellationToken cancellationToken) =>
        new((IReadOnlyCollection<string>)_rooms.Keys);

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => new(_rooms.Count);

    public ValueTask<bool> JoinAsync(string room, string member, ReadOnlyMemory<byte> details, CancellationToken cancellationToken)
    {
        if (!_rooms.TryGetValue(room, out var members))
        {
            return new ValueTask<bool>(false);
        }

        members[member] = details;
        return new ValueTask<bool>(true);
    }

    public ValueTask<bool> LeaveAsync(string room, string member, CancellationToken cancellationToken) =>
        new(_rooms.TryGetValue(room, out var members) && members.TryRemove(member, out _));

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> MembersAsync(string room, CancellationToken cancellationToken) =>
        new(_rooms.TryGetValue(room, out var members)
            ? new Dictionary<string, ReadOnlyMemory<byte>>(members, StringComparer.Ordinal)
            : new Dictionary<string, ReadOnlyMemory<byte>>());
}
