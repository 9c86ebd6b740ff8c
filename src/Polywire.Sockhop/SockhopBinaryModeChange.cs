namespace Polywire.Sockhop;

/// <summary>One direction of a connection entered binary mode, or left it with the end of the connection.</summary>
/// <param name="Receiving">Whether it is the direction of what is received.</param>
/// <param name="IsOn">Whether it is binary now.</param>
public readonly record struct SockhopBinaryModeChange(bool Receiving, bool IsOn);
