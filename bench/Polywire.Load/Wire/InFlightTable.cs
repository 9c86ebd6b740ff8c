namespace Polywire.Load.Wire;

/// <summary>The requests of one connection that wait for an answer, found by id in any order.</summary>
/// <remarks>
/// An id is a generation times the number of slots plus the slot, so that an id answered twice, or never asked, is
/// noticed. Ids begin above 0. Not thread-safe.
/// </remarks>
internal sealed class InFlightTable
{
    private readonly long[] _ids;
    private readonly long[] _startedAt;
    private readonly int[] _free;
    private int _freeCount;
    private long _generation;

    public InFlightTable(int slots)
    {
        _ids = new long[slots];
        _startedAt = new long[slots];
        _free = new int[slots];
        for (var i = slots - 1; i >= 0; i--)
        {
            _free[_freeCount++] = i;
        }
    }

    public int Count => _ids.Length - _freeCount;

    /// <summary>Takes a slot for a request due at <paramref name="startedAt"/>; false where all are taken.</summary>
    public bool TryStart(long startedAt, out long id)
    {
        if (_freeCount == 0)
        {
            id = 0;
            return false;
        }

        var slot = _free[--_freeCount];
        id = (++_generation * _ids.Length) + slot;
        _ids[slot] = id;
        _startedAt[slot] = startedAt;
        return true;
    }

    /// <summary>Gives the slot of an answered request back; false where <paramref name="id"/> is not in flight.</summary>
    public bool TryFinish(long id, out long startedAt)
    {
        startedAt = 0;
        if (id <= 0)
        {
            return false;
        }

        var slot = (int)(id % _ids.Length);
        if (_ids[slot] != id)
        {
            return false;
        }

        startedAt = _startedAt[slot];
        _ids[slot] = 0;
        _free[_freeCount++] = slot;
        return true;
    }
}
