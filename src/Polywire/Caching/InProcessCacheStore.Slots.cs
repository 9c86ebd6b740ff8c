namespace Polywire.Caching;

/// <content>What is held, in three orders: by key, by expiry, by use. Everything here runs under the lock.</content>
internal sealed partial class InProcessCacheStore
{
    private Slot? Find(string key) => _slots.GetValueOrDefault(key);

    /// <summary>The list of a key, or null; an object that has expired is in nobody's way.</summary>
    private Slot? FindListOrThrow(string key)
    {
        var slot = Find(key);
        if (slot is null or { IsList: true })
        {
            return slot;
        }

        if (!slot.Record.IsExpired(_time.GetUtcNow()))
        {
            throw new CacheException(CacheFailure.WrongKind);
        }

        Remove(slot);
        return null;
    }

    private IEnumerable<Slot> Living(string prefix)
    {
        var now = _time.GetUtcNow();
        return _slots.Values.Where(slot => slot.Key.StartsWith(prefix, StringComparison.Ordinal) && !slot.Record.IsExpired(now));
    }

    private Slot Add(string key, bool isList)
    {
        var slot = new Slot(key, ++_sequence, isList);
        _slots.Add(key, slot);
        _byUse.AddLast(slot.Use);
        return slot;
    }

    private void Remove(Slot slot)
    {
        _slots.Remove(slot.Key);
        _byUse.Remove(slot.Use);
        if (slot.Record.ExpiresAt is not null)
        {
            _byExpiry.Remove(slot);
        }

        Resize(slot, entries: 0, bytes: 0);
    }

    private void SetRecord(Slot slot, CacheRecord record)
    {
        var moves = slot.Record.ExpiresAt != record.ExpiresAt;

        // Out of the order before the expiry changes, or it would not be found in it again.
        if (moves && slot.Record.ExpiresAt is not null)
        {
            _byExpiry.Remove(slot);
        }

        slot.Record = record;
        if (moves && record.ExpiresAt is not null)
        {
            _byExpiry.Add(slot);
        }
    }

    private void MarkUsed(Slot slot)
    {
        _byUse.Remove(slot.Use);
        _byUse.AddLast(slot.Use);
    }

    private void Resize(Slot slot, int entries, long bytes)
    {
        _entries += entries - slot.Entries;
        _bytes += bytes - slot.Bytes;
        slot.Entries = entries;
        slot.Bytes = bytes;
    }

    /// <summary>Refuses what no eviction could make room for.</summary>
    private void EnsureFits(int entries, long bytes)
    {
        if (entries > _maxEntries || bytes > _maxBytes)
        {
            throw new CacheException(CacheFailure.TooLarge);
        }
    }

    /// <summary>Makes room: ends before the slot used last, since that one fits alone.</summary>
    private void Evict()
    {
        while (_entries > _maxEntries || _bytes > _maxBytes)
        {
            var victim = _byExpiry.Min is { } first && first.Record.IsExpired(_time.GetUtcNow()) ? first : _byUse.First!.Value;
            Remove(victim);
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            var limit = _time.GetUtcNow() - Grace;
            while (_byExpiry.Min is { } first && first.Record.IsExpired(limit))
            {
                Remove(first);
            }

            SweepLeases(_time.GetTimestamp());
        }
    }

    /// <summary>One key: an object or a list.</summary>
    private sealed class Slot
    {
        public Slot(string key, long sequence, bool isList)
        {
            Key = key;
            Sequence = sequence;
            Items = isList ? new Queue<ReadOnlyMemory<byte>>() : null;
            Use = new LinkedListNode<Slot>(this);
        }

        public string Key { get; }

        public long Sequence { get; }

        /// <summary>Null for an object.</summary>
        public Queue<ReadOnlyMemory<byte>>? Items { get; }

        public bool IsList => Items is not null;

        public LinkedListNode<Slot> Use { get; }

        /// <summary>Empty and without expiry for a list.</summary>
        public CacheRecord Record { get; set; }

        public int Entries { get; set; }

        public long Bytes { get; set; }

        public static long BaseBytes(string key) => SlotOverheadBytes + (2L * key.Length);

        public CacheRecord ObjectOrThrow() => IsList ? throw new CacheException(CacheFailure.WrongKind) : Record;
    }

    private sealed class SlotExpiryComparer : IComparer<Slot>
    {
        public static readonly SlotExpiryComparer Instance = new();

        public int Compare(Slot? x, Slot? y)
        {
            var byExpiry = Nullable.Compare(x!.Record.ExpiresAt, y!.Record.ExpiresAt);
            return byExpiry != 0 ? byExpiry : x.Sequence.CompareTo(y.Sequence);
        }
    }
}
