using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.Sockets;
using Polywire.AspNetCore.Sockhop;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Puts Polywire's protocols on endpoints of the application's own.</summary>
public static class PolywireListenOptionsExtensions
{
    /// <summary>Speaks the socket protocol on a Kestrel endpoint; put <c>UseHttps</c> before it for TLS.</summary>
    /// <exception cref="InvalidOperationException"><c>AddSocketServer</c> was not called.</exception>
    public static ListenOptions UsePolywireSocket(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        if (listen.ApplicationServices.GetService(typeof(SocketServices)) is not SocketServices services)
        {
            throw new InvalidOperationException(
                "UsePolywireSocket needs the socket server: call AddPolywire().AddSocketServer(…), with Enabled = false if this endpoint is to be the only one.");
        }

        listen.UseGate(services.Gate);
        listen.UseConnectionHandler<SocketConnectionHandler>();
        return listen;
    }

    /// <summary>Speaks Sockhop on a Kestrel endpoint; put <c>UseHttps</c> before it for TLS.</summary>
    /// <exception cref="InvalidOperationException"><c>AddSockhopServer</c> was not called.</exception>
    public static ListenOptions UsePolywireSockhop(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        if (listen.ApplicationServices.GetService(typeof(SockhopDoor)) is null)
        {
            throw new InvalidOperationException(
                "UsePolywireSockhop needs the Sockhop server: call AddPolywire().AddSockhopServer(…), with Enabled = false if this endpoint is to be the only one.");
        }

        listen.UseConnectionHandler<SockhopConnectionHandler>();
        return listen;
    }
}
