namespace Polywire.Redis.Bus;

/// <summary>What could not be handed to the link, in the order in which it was accepted (cluster.md NO-51). Not safe to use concurrently, but for <see cref="Count"/>.</summary>
/// <param name="most">How many are kept; 0 keeps none.</param>
/// <param name="age">How long each is kept; zero keeps none.</param>
/// <param name="time">The clock.</param>
internal sealed class BusOutbox(int most, TimeSpan age, TimeProvider time)
{
    private readonly LinkedList<BusLetter> _waiting = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Keeps one.</summary>
    /// <returns>How many were dropped for it: the oldest, or itself.</returns>
    public int Add(BusLetter letter)
    {
        if (most == 0 || age == TimeSpan.Zero)
        {
            return 1;
        }

        // That one could not be sent may be known later than that the next one could not.
        var before = _waiting.Last;
        while (before is not null && before.Value.Order > letter.Order)
        {
            before = before.Previous;
        }

        if (before is null)
        {
            _waiting.AddFirst(letter);
        }
        else
        {
            _waiting.AddAfter(before, letter);
        }

        var dropped = 0;
        if (_waiting.Count > most)
        {
            _waiting.RemoveFirst();
            dropped = 1;
        }

        Volatile.Write(ref _count, _waiting.Count);
        return dropped;
    }

    /// <summary>Takes out all that is not too old.</summary>
    /// <param name="dropped">How many were.</param>
    public BusLetter[] TakeAll(out int dropped)
    {
        var all = _waiting.Where(letter => time.GetElapsedTime(letter.AcceptedAt) <= age).ToArray();
        dropped = _waiting.Count - all.Length;
        _waiting.Clear();
        Volatile.Write(ref _count, 0);
        return all;
    }
}
