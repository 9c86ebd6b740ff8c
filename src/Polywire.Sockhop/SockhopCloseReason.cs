namespace Polywire.Sockhop;

/// <summary>Why a connection ended.</summary>
public enum SockhopCloseReason
{
    /// <summary>This side ended it.</summary>
    Closed,

    /// <summary>The other side ended it.</summary>
    RemoteClosed,

    /// <summary>The network failed, or the other side reset it.</summary>
    TransportError,

    /// <summary>The other side broke a limit of the protocol.</summary>
    ProtocolError,

    /// <summary>No ping was answered.</summary>
    PingTimeout,

    /// <summary>The handshake failed where one was required.</summary>
    HandshakeFailed,

    /// <summary>The session was not authenticated in time, or refused.</summary>
    NotAuthenticated,

    /// <summary>The session's start hook threw.</summary>
    StartFailed,
}
