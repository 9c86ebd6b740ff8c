using Polywire.Params;

namespace Polywire;

public abstract partial class Connection
{
    /// <summary>The sticky params; null while there are none. Touched only by the connection's own message loop.</summary>
    internal ParamSet? Sticky { get; set; }

    /// <summary>The sticky params, to be changed.</summary>
    internal ParamSet OwnSticky() => Sticky = Sticky?.Own() ?? ParamSet.Rent();

    internal void ReplaceSticky(ParamSet? set)
    {
        Sticky?.Release();
        Sticky = set;
    }
}
