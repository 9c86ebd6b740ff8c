using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Says which setting it is by which a server cannot listen.</summary>
internal static class ListenFailure
{
    /// <summary>Whether an exception tells that an address cannot be listened on.</summary>
    public static bool Is(Exception exception) => exception is AddressInUseException or SocketException || exception.InnerException is AddressInUseException;

    /// <summary>Makes the exception that stops the start.</summary>
    /// <param name="section">The section of the server's settings, <c>Polywire:Socket</c>.</param>
    /// <param name="address">What it was to listen on.</param>
    /// <param name="exception">What it met; of those that <see cref="Is"/> knows.</param>
    public static IOException Explain(string section, EndPoint address, Exception exception)
    {
        var inner = exception.InnerException is AddressInUseException or SocketException ? exception.InnerException : exception;
        var code = (inner as SocketException ?? inner.InnerException as SocketException)?.SocketErrorCode;
        var isTaken = inner is AddressInUseException || code == SocketError.AddressAlreadyInUse;
        return new IOException(
            address switch
            {
                IPEndPoint ip when isTaken => $"{section}:Port {ip.Port} is in use (on {ip.Address}): another program, or another host of this one, listens there. Set another port, or 0 for a free one.",
                IPEndPoint ip when code == SocketError.AccessDenied => $"{section}:Port {ip.Port} may not be used by this process ({inner.Message}).",
                IPEndPoint ip when code == SocketError.AddressNotAvailable => $"{section}:BindIP {ip.Address} is no address of this machine.",
                IPEndPoint ip => $"{section}:BindIP {ip.Address} and Port {ip.Port} cannot be listened on: {inner.Message}",
                _ when isTaken => $"{section}:UnixSocketPath '{address}' is in use, or a file that is no socket.",
                _ => $"{section}:UnixSocketPath '{address}' cannot be listened on: {inner.Message}",
            },
            exception);
    }
}
