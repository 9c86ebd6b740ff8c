namespace Polywire;

/// <summary>The kinds of connection there are.</summary>
/// <remarks>
/// Members are added with new doors, so there is none for all of them. An action that must not run on a door that comes later names those it runs on:
/// <see cref="AllowTransportAttribute"/>.
/// </remarks>
[Flags]
public enum Transports
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>HTTP; <c>web</c> on the wire.</summary>
    Web = 1,

    /// <summary>WebSocket; <c>websocket</c> on the wire.</summary>
    WebSocket = 2,

    /// <summary>TCP, TLS and Unix sockets; <c>socket</c> on the wire.</summary>
    Socket = 4,

    /// <summary>Sockhop; <c>sockhop</c> on the wire.</summary>
    Sockhop = 8,

    /// <summary>Connections inside the process, tests among them; <c>inline</c> on the wire.</summary>
    InProcess = 16,
}
