namespace Polywire.Outbound;

/// <summary>What may wait for one connection.</summary>
/// <param name="MaxBytes">Bytes, those that the system has not taken included.</param>
/// <param name="MaxMessages">Messages.</param>
internal sealed record OutboundLimits(int MaxBytes, int MaxMessages);
