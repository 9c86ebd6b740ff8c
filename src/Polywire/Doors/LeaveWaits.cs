namespace Polywire.Doors;

/// <summary>Which leaving connections wait until which others have left, so that no wait begins that would never end. Safe to use concurrently.</summary>
internal sealed class LeaveWaits
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Connection, List<Connection>> _waits = new(ReferenceEqualityComparer.Instance);

    /// <summary>Notes that one waits for another.</summary>
    /// <returns>False, and nothing is noted, where the other waits for this one already, over however many: one of them has to go on.</returns>
    public bool TryBegin(Connection waiting, Connection leaving)
    {
        lock (_gate)
        {
            if (Leads(leaving, waiting))
            {
                return false;
            }

            if (!_waits.TryGetValue(waiting, out var those))
            {
                _waits[waiting] = those = [];
            }

            those.Add(leaving);
            return true;
        }
    }

    /// <summary>Forgets what <see cref="TryBegin"/> has noted; once for each time.</summary>
    public void End(Connection waiting, Connection leaving)
    {
        lock (_gate)
        {
            var those = _waits[waiting];
            those.Remove(leaving);
            if (those.Count == 0)
            {
                _waits.Remove(waiting);
            }
        }
    }

    private bool Leads(Connection from, Connection to)
    {
        var toFollow = new Stack<Connection>([from]);
        var seen = new HashSet<Connection>(ReferenceEqualityComparer.Instance);
        while (toFollow.TryPop(out var next))
        {
            if (ReferenceEquals(next, to))
            {
                return true;
            }

            if (seen.Add(next) && _waits.TryGetValue(next, out var those))
            {
                those.ForEach(toFollow.Push);
            }
        }

        return false;
    }
}
