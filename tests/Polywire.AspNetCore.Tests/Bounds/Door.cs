namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>The ways into an application.</summary>
public enum Door
{
    /// <summary>TCP or TLS.</summary>
    Socket,

    /// <summary>A WebSocket, its message in fragments.</summary>
    WebSocket,

    /// <summary>Sockhop.</summary>
    Sockhop,

    /// <summary>The body of a web request.</summary>
    Web,
}
