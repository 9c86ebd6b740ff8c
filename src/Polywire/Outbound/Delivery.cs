using System.Diagnostics.CodeAnalysis;

namespace Polywire.Outbound;

/// <summary>What became of a message for one connection.</summary>
[Experimental("PWX0001")]
public enum Delivery
{
    /// <summary>It waits to be written, or is written.</summary>
    Delivered,

    /// <summary>It, and what had waited, was dropped, since more would have waited than may: the connection ends.</summary>
    Dropped,

    /// <summary>The connection takes none of its kind.</summary>
    Refused,

    /// <summary>The connection has ended, or says its last word.</summary>
    Closed,
}
