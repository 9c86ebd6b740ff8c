namespace Polywire.Rooms;

/// <summary>Which rooms have a history, and its bounds. None by default.</summary>
/// <remarks>Filled before the host starts, and only read from then on.</remarks>
internal sealed class RoomLogRules
{
    private readonly Dictionary<string, RoomLogBounds> _rooms = new(StringComparer.Ordinal);

    public bool IsEmpty => _rooms.Count == 0;

    public void Add(string room, RoomLogBounds bounds) => _rooms[room] = bounds;

    /// <summary>The bounds of a room's history; null where it has none.</summary>
    public RoomLogBounds? Of(string room) => _rooms.Count == 0 ? null : _rooms.GetValueOrDefault(room);
}
