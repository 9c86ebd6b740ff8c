namespace Polywire.BuiltIn;

/// <summary>What the action <c>status</c> tells of requests and clients, in the words of the seeds (cluster.md NO-72).</summary>
internal sealed record StatusCounts(StatusCounts.OfWeb WebServer, StatusCounts.OfSocket SocketServer, StatusCounts.OfWebSocket WebSocketServer)
{
    /// <summary>Counts now.</summary>
    public static StatusCounts Of(RequestCounters counters, IConnections connections)
    {
        var (local, all) = (counters.Local, counters.Cluster);
        var (sockets, webSockets) = (0, 0);
        foreach (var connection in connections.All)
        {
            sockets += connection.Transport == Transports.Socket ? 1 : 0;
            webSockets += connection.Transport == Transports.WebSocket ? 1 : 0;
        }

        return new StatusCounts(new OfWeb(all.Web, local.Web), new OfSocket(all.Socket, local.Socket, sockets), new OfWebSocket(all.WebSocket, webSockets));
    }

    internal sealed record OfWeb(long NumberOfGlobalWebRequests, long NumberOfLocalWebRequests);

    internal sealed record OfSocket(long NumberOfGlobalSocketRequests, long NumberOfLocalSocketRequests, int NumberOfLocalActiveSocketClients);

    internal sealed record OfWebSocket(long NumberOfGlobalWebSocketRequests, int NumberOfLocalActiveWebSocketClients);
}
