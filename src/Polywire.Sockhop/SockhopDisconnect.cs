namespace Polywire.Sockhop;

/// <summary>The end of a connection.</summary>
public readonly record struct SockhopDisconnect
{
    /// <summary>Why the connection ended.</summary>
    public required SockhopCloseReason Reason { get; init; }

    /// <summary>Whether its handshake had succeeded.</summary>
    public required bool WasHandshaked { get; init; }

    /// <summary>The error that caused the end; <see langword="null"/> if none did.</summary>
    public Exception? Error { get; init; }
}
