using System.Diagnostics.CodeAnalysis;

namespace Polywire.Outbound;

/// <summary>How much may wait to be sent on one connection.</summary>
/// <param name="maxBytes">The most bytes, those being written included.</param>
/// <param name="maxMessages">The most messages, those being written included.</param>
[Experimental("PWX0001")]
public sealed class OutboundLimits(int maxBytes, int maxMessages)
{
    /// <summary>The most bytes that may wait, those being written included.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>The most messages that may wait, those being written included.</summary>
    public int MaxMessages { get; } = maxMessages;
}
