namespace Polywire.Sockhop;

/// <summary>What a client does when its connection is lost.</summary>
public enum SockhopReconnectMode
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Connects again; begins with the first connection that was made.</summary>
    Connect,

    /// <summary>Connects and shakes hands again; begins with the first handshake. A connection whose handshake fails is closed and tried again.</summary>
    Handshake,
}
