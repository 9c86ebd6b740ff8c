namespace Polywire.Sockhop;

/// <summary>The end of a connection.</summary>
/// <param name="Reason">Why.</param>
/// <param name="WasHandshaked">Whether its handshake had succeeded.</param>
/// <param name="Error">What caused it, if an error did.</param>
public readonly record struct SockhopDisconnect(SockhopCloseReason Reason, bool WasHandshaked, Exception? Error);
