namespace Polywire.Sockhop;

/// <summary>One direction of a connection entered binary mode, or left it with the end of the connection.</summary>
public readonly record struct SockhopBinaryModeChange
{
    /// <summary>Whether it is the direction of what is received.</summary>
    public required bool Receiving { get; init; }

    /// <summary>Whether the direction is binary now.</summary>
    public required bool IsOn { get; init; }
}
