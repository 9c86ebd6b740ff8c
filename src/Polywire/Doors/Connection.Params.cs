using System.Diagnostics.CodeAnalysis;
using Polywire.Params;

namespace Polywire;

public abstract partial class Connection
{
    /// <summary>The sticky params; null while there are none. Touched only by the connection's own message loop.</summary>
    [Experimental("PWX0001")]
    public ParamSet? Sticky { get; private set; }

    /// <summary>The sticky params, to be changed.</summary>
    [Experimental("PWX0001")]
    public ParamSet OwnSticky() => Sticky = Sticky?.Own() ?? ParamSet.Rent();

    /// <summary>Lets go of the sticky params and takes others in their place.</summary>
    /// <param name="set">Belongs to the connection from then on; null for none.</param>
    [Experimental("PWX0001")]
    public void ReplaceSticky(ParamSet? set)
    {
        Sticky?.Release();
        Sticky = set;
    }
}
