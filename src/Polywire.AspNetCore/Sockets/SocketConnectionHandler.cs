using Microsoft.AspNetCore.Connections;

namespace Polywire.AspNetCore.Sockets;

/// <summary>What Kestrel calls for each connection of the socket server.</summary>
internal sealed class SocketConnectionHandler(SocketServices services) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => new SocketConnection(connection, services).RunAsync();
}
