using System.Diagnostics.CodeAnalysis;

namespace Polywire.Outbound;

/// <summary>The kind of an <see cref="OutboundEntry"/>.</summary>
[Experimental("PWX0001")]
public enum OutboundKind : byte
{
    /// <summary>What was said in a room.</summary>
    Said,

    /// <summary>What a room tells about itself, such as what of it cannot be had any more. Never passed over.</summary>
    Notice,
}
