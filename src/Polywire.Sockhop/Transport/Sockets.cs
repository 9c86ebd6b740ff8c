using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Polywire.Sockhop.Peer;

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
        var host = options.UnixSocketPath is null ? options.Host : null;
        var socket = host is null
            ? await ConnectAsync(EndPointOf(options), cancellationToken).ConfigureAwait(false)
            : await ConnectAsync(host, options.Port, cancellationToken).ConfigureAwait(false);
        if (options.Tls is not { } tls)
        {
            return new SocketWire(socket);
        }

        try
        {
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(TlsOptions.Of(tls, host), cancellationToken).ConfigureAwait(false);
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

    // One address after the other, in the order of the resolver; what the last one failed with is told.
    private static async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var error = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                error = exception;
            }
        }

        throw error;
    }

    private static async Task<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = Create(endPoint);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
