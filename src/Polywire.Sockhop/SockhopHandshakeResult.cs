namespace Polywire.Sockhop;

/// <summary>How a handshake ended.</summary>
/// <param name="Success">Whether both sides know each other.</param>
/// <param name="Error">Why not.</param>
public readonly record struct SockhopHandshakeResult(bool Success, SockhopException? Error);
