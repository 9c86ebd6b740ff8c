using System.Text;

namespace Polywire.Redis.Bus;

/// <summary>The last number heard of each incarnation on one channel (cluster.md NO-47). Not safe to use concurrently.</summary>
internal sealed class BusSequence
{
    // Far more than a cluster has nodes: whoever can publish can also invent some.
    private const int MostIncarnations = 4096;

    private readonly Dictionary<string, Last> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Last>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public BusSequence() => _lookup = _last.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many incarnations are remembered.</summary>
    public int Count => _last.Count;

    /// <summary>Notes the number of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="incarnation">Who published it.</param>
    /// <param name="lost">How many before it did not come; 0 for the first of an incarnation, whose earlier ones nobody listened to.</param>
    /// <returns>False where it is not above the last: it was here already.</returns>
    public bool TryNote(in BusMessage message, out string incarnation, out long lost)
    {
        Span<char> name = stackalloc char[NodeIdentity.MaxIdLength + 1 + 12];
        var length = Encoding.ASCII.GetChars(message.Id, name);
        name[length++] = '/';
        length += Encoding.ASCII.GetChars(message.Epoch, name[length..]);
        name = name[..length];
        if (!_lookup.TryGetValue(name, out var last))
        {
            if (_last.Count >= MostIncarnations)
            {
                _last.Clear();
            }

            incarnation = name.ToString();
            lost = 0;
            _last.Add(incarnation, new Last(incarnation) { Sequence = message.Sequence });
            return true;
        }

        incarnation = last.Incarnation;
        lost = Math.Max(message.Sequence - last.Sequence - 1, 0);
        if (message.Sequence <= last.Sequence)
        {
            return false;
        }

        last.Sequence = message.Sequence;
        return true;
    }

    /// <summary>Forgets incarnations.</summary>
    public void Forget(Func<string, bool> isGone)
    {
        foreach (var incarnation in _last.Keys.Where(isGone).ToArray())
        {
            _last.Remove(incarnation);
        }
    }

    private sealed class Last(string incarnation)
    {
        public string Incarnation { get; } = incarnation;

        public long Sequence { get; set; }
    }
}
