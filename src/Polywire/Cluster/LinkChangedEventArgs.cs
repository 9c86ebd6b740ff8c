using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Tells that the link between the nodes has gone or is back.</summary>
/// <param name="isUp">Whether it is up now.</param>
[Experimental("PWX0002")]
public sealed class LinkChangedEventArgs(bool isUp) : EventArgs
{
    /// <summary>Whether the link is up now, with all subscriptions.</summary>
    public bool IsUp { get; } = isUp;
}
