namespace Polywire.Sockhop;

/// <summary>How a handshake ended.</summary>
public readonly record struct SockhopHandshakeResult
{
    /// <summary>Whether both sides know each other.</summary>
    public required bool Success { get; init; }

    /// <summary>Why the handshake failed; <see langword="null"/> on success.</summary>
    public SockhopException? Error { get; init; }
}
