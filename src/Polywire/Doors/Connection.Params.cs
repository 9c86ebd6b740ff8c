using System.Diagnostics.CodeAnalysis;
using Polywire.Params;

namespace Polywire;

public abstract partial class Connection
{
    /// <summary>The params that count for every request of the connection; null while there are none. For the connection's own message loop alone.</summary>
    [Experimental("PWX0001")]
    public ParamSet? Sticky { get; private set; }

    /// <summary>Gets the sticky params in order to change them: a copy where a run shares them.</summary>
    [Experimental("PWX0001")]
    public ParamSet OwnSticky() => Sticky = Sticky?.Own() ?? ParamSet.Rent();

    /// <summary>Releases the sticky params and takes others in their place.</summary>
    /// <param name="set">Belongs to the connection from then on; null for none.</param>
    [Experimental("PWX0001")]
    public void ReplaceSticky(ParamSet? set)
    {
        Sticky?.Release();
        Sticky = set;
    }
}
