using Microsoft.AspNetCore.Connections;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>What Kestrel calls for each connection of an endpoint that speaks Sockhop.</summary>
internal sealed class SockhopConnectionHandler(SockhopDoor door) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) =>
        door.Server.ServeAsync(connection.Transport, connection.LocalEndPoint, connection.RemoteEndPoint, connection.ConnectionClosed);
}
