using System.Diagnostics.CodeAnalysis;
using Polywire.Params;

namespace Polywire.Doors;

/// <summary>The ids by which a client matches a response to its request: fixed when the request is read, and carried with it (socket.md 7).</summary>
/// <remarks>Where the id stands among params that change later, it keeps a share of them; release it when the response is written.</remarks>
[Experimental("PWX0001")]
public readonly struct MessageIds
{
    private readonly ParamSet? _source;
    private readonly int _start;
    private readonly int _length;
    private readonly ParamKind _kind;

    /// <summary>No id was sent: the count stands in for it.</summary>
    public MessageIds(long count) => Count = count;

    /// <summary>The id that stands in some params.</summary>
    public MessageIds(long count, ParamSet source, in ParamRange range)
    {
        Count = count;
        _source = source.Share();
        (_start, _length, _kind) = (range.Start, range.Length, range.Kind);
    }

    /// <summary>The number of the request on its connection.</summary>
    public long Count { get; }

    /// <summary>The request itself, where the door needs it for the answer; null where it does not.</summary>
    public object? Request { get; init; }

    /// <summary>Whether the client sent an id.</summary>
    public bool HasId => _source is not null;

    /// <summary>The id as it was sent; only where there is one.</summary>
    public ParamValue Id => new(_source!.Slice(_start, _length), _kind);

    /// <summary>Adds a holder, who has to call <see cref="Release"/> too.</summary>
    public MessageIds Share()
    {
        _source?.Share();
        return this;
    }

    /// <summary>Gives back what it holds; once for each holder.</summary>
    public void Release() => _source?.Release();
}
