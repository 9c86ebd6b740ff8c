namespace Polywire.Sockhop;

/// <summary>Where a client or session is in its life.</summary>
public enum SockhopState
{
    /// <summary>There is no connection.</summary>
    Disconnected,

    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>Connected; the handshake is going on. Messages may be sent, as text.</summary>
    Connected,

    /// <summary>Connected, and ready: the handshake failed, or there is none in compatibility mode. Text only.</summary>
    Initialized,

    /// <summary>Connected, and the handshake succeeded.</summary>
    Handshaked,
}
