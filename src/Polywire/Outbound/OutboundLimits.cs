using System.Diagnostics.CodeAnalysis;

namespace Polywire.Outbound;

/// <summary>What may wait for one connection.</summary>
/// <param name="maxBytes">Bytes, those that the system has not taken included.</param>
/// <param name="maxMessages">Messages.</param>
[Experimental("PWX0001")]
public sealed class OutboundLimits(int maxBytes, int maxMessages)
{
    /// <summary>Bytes, those that the system has not taken included.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>Messages.</summary>
    public int MaxMessages { get; } = maxMessages;
}
