using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Polywire.Sockhop.Connections;

namespace Polywire.Sockhop.Transport;

/// <summary>Makes connections of sockets.</summary>
internal static class Sockets
{
    public static EndPoint EndPointOf(SockhopOptions options) =>
        options.UnixSocketPath is { } path ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(options.Address, options.Port);

    public static Socket Create(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    public static async Task<Wire> ConnectAsync(SockhopClientOptions options, CancellationToken cancellationToken)
    {
        var endPoint = EndPointOf(options);
        var socket = Create(endPoint);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            if (options.Tls is not { } tls)
            {
                return new SocketWire(socket);
            }

            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
            return new StreamWire(stream, socket.LocalEndPoint, socket.RemoteEndPoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task<Wire> AcceptAsync(
        Socket socket, SslServerAuthenticationOptions? tls, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        if (tls is null)
        {
            return new SocketWire(socket);
        }

        using var limit = new CancellationTokenSource(settings.HandshakeTimeout, settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsServerAsync(tls, either.Token).ConfigureAwait(false);
            return new StreamWire(stream, socket.LocalEndPoint, socket.RemoteEndPoint);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"TLS was not agreed on within {nameof(SockhopOptions.HandshakeTimeout)} ({settings.HandshakeTimeout}).", exception);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
