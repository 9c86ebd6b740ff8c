using System.Diagnostics.CodeAnalysis;
using Polywire.Doors;

namespace Polywire;

/// <summary>How many requests for actions this node has had, and the cluster. A singleton of the host; safe to use concurrently.</summary>
/// <remarks>
/// Those of persistent connections are counted where the connections count them, so that a request costs nothing more; reading walks the connections.
/// Source: cluster.md NO-72.
/// </remarks>
[Experimental("PWX0002")]
public sealed class RequestCounters
{
    private readonly ConnectionRegistry _connections;
    private long _web;
    private long _socket;
    private long _webSocket;
    private Holder? _cluster;

    internal RequestCounters(ConnectionRegistry connections)
    {
        _connections = connections;
        connections.Counters = this;
    }

    /// <summary>What this node has had since its start. Of connections that close while it is read, requests may be missing or doubled for that moment.</summary>
    public RequestTotals Local
    {
        get
        {
            var (socket, webSocket) = (Interlocked.Read(ref _socket), Interlocked.Read(ref _webSocket));
            foreach (var connection in _connections.All)
            {
                (socket, webSocket) = connection.Transport switch
                {
                    Transports.Socket => (socket + connection.TotalActions, webSocket),
                    Transports.WebSocket => (socket, webSocket + connection.TotalActions),
                    _ => (socket, webSocket),
                };
            }

            return new RequestTotals { Web = Interlocked.Read(ref _web), Socket = socket, WebSocket = webSocket };
        }
    }

    /// <summary>What all nodes have had, as a store that they share last told it; <see cref="Local"/> where there is no such store.</summary>
    public RequestTotals Cluster
    {
        get => Volatile.Read(ref _cluster)?.Totals ?? Local;
        set => Volatile.Write(ref _cluster, new Holder(value));
    }

    /// <summary>Counts a request, if nobody else does.</summary>
    internal void Count(Connection connection)
    {
        if (connection.Transport == Transports.Web)
        {
            Interlocked.Increment(ref _web);
        }
    }

    /// <summary>Keeps what a connection that has closed had counted.</summary>
    internal void Keep(Connection connection)
    {
        switch (connection.Transport)
        {
            case Transports.Socket:
                Interlocked.Add(ref _socket, connection.TotalActions);
                break;
            case Transports.WebSocket:
                Interlocked.Add(ref _webSocket, connection.TotalActions);
                break;
        }
    }

    private sealed record Holder(RequestTotals Totals);
}
