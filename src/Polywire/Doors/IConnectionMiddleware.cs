namespace Polywire;

/// <summary>Sees connections come and go. One of the web lives for one request.</summary>
/// <remarks>A singleton. Runs in ascending order; awaited before the connection's first message is read, and before it leaves its rooms.</remarks>
public interface IConnectionMiddleware
{
    /// <summary>A connection came; it is registered and can be sent to. What it is sent now comes behind its welcome.</summary>
    /// <exception cref="ActionException">Refuses the connection: it is told the goodbye and closed; on the web it is answered this error.</exception>
    ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken) => default;

    /// <summary>A connection that this middleware had let in goes; it still has its rooms. What this throws is logged and changes nothing.</summary>
    ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken) => default;
}
