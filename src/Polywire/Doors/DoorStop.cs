using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Doors;

/// <summary>Tells every connection that the host stops. One walk for all doors; who comes later sees it by <see cref="Pipeline.ServerState"/>.</summary>
internal sealed class DoorStop(ConnectionRegistry connections, ILogger<DoorStop> logger)
{
    /// <summary>Tells those that are there; does not wait for them. Each door ends what it accepted when it has listened its last.</summary>
    public void Tell()
    {
        // Either the walk meets a connection, or the connection, once it is registered, sees that the host stops.
        Interlocked.MemoryBarrier();
        foreach (var connection in connections.All)
        {
            LastCatch.Run(connection, static connection => connection.BeginStop(), logger);
        }
    }
}
