using System.Collections.Frozen;

namespace Polywire.Redis.Nodes;

/// <summary>Who is in the cluster, as of the last look (cluster.md NO-11). Immutable.</summary>
internal sealed class PeerTable
{
    /// <summary>Nobody.</summary>
    public static PeerTable Empty { get; } = new([], []);

    private readonly FrozenSet<string> _alive;
    private readonly FrozenSet<string> _dead;

    /// <param name="alive">Incarnations that hold a lease.</param>
    /// <param name="dead">Incarnations that may have left something and hold none.</param>
    public PeerTable(IReadOnlyCollection<string> alive, IReadOnlyCollection<string> dead)
    {
        _alive = alive.ToFrozenSet(StringComparer.Ordinal);
        _dead = dead.ToFrozenSet(StringComparer.Ordinal);
        Ids = [.. alive.Select(IdOf).Order(StringComparer.Ordinal)];
    }

    /// <summary>The ids of those who are alive, sorted.</summary>
    public IReadOnlyList<string> Ids { get; }

    public IReadOnlyCollection<string> Alive => _alive;

    public IReadOnlyCollection<string> Dead => _dead;

    public bool IsAlive(string incarnation) => _alive.Contains(incarnation);

    public bool IsDead(string incarnation) => _dead.Contains(incarnation);

    /// <summary>The epoch of an incarnation.</summary>
    public static string EpochOf(string incarnation) => incarnation[(incarnation.LastIndexOf('/') + 1)..];

    /// <summary>The id of an incarnation.</summary>
    public static string IdOf(string incarnation) => incarnation.LastIndexOf('/') is var cut and >= 0 ? incarnation[..cut] : incarnation;
}
