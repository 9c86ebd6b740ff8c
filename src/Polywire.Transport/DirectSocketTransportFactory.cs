using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Polywire.Transport;

/// <summary>Binds <see cref="DirectSocketEndPoint"/>; every other address stays with the transports of ASP.NET Core.</summary>
public sealed class DirectSocketTransportFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SocketBlockPool _pool;

    /// <summary>Makes the factory.</summary>
    /// <param name="loggers">For its category.</param>
    /// <param name="time">Time for retries and for closing; the system's by default.</param>
    public DirectSocketTransportFactory(ILoggerFactory loggers, TimeProvider? time = null)
        : this(loggers, time, SocketBlockPool.Default)
    {
    }

    /// <summary>Makes a factory with memory of its own.</summary>
    internal DirectSocketTransportFactory(ILoggerFactory loggers, TimeProvider? time, SocketBlockPool pool)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _logger = loggers.CreateLogger("Polywire.Transport");
        _time = time ?? TimeProvider.System;
        _pool = pool;
    }

    /// <summary>Whether an output of this transport stands behind a writer, so that what is flushed from several threads at once leaves together.</summary>
    /// <param name="output">As a connection handler got it; one of TLS or of another transport is none.</param>
    public static bool Collects(PipeWriter output) => output is DirectSocketWriter;

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is DirectSocketEndPoint;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The address is not a <see cref="DirectSocketEndPoint"/>.</exception>
    /// <exception cref="AddressInUseException">Somebody listens there, or the path is a file that is no socket.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not DirectSocketEndPoint direct)
        {
            throw new NotSupportedException($"{endpoint.GetType()} is not an address of the direct socket transport.");
        }

        var socket = Listen(direct);
        return new ValueTask<IConnectionListener>(new DirectSocketListener(socket, direct, _pool, _time, _logger));
    }

    private static Socket Listen(DirectSocketEndPoint endPoint)
    {
        var path = endPoint.Address is UnixDomainSocketEndPoint unix ? unix.ToString() : null;
        if (path is not null && File.Exists(path) && UnixSocketFile.IsStale(path))
        {
            File.Delete(path);
        }

        var socket = new Socket(
            endPoint.AddressFamily, SocketType.Stream, path is null ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (endPoint.Address is IPEndPoint ip && ip.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint.Address);
            if (path is not null && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, endPoint.Options.UnixSocketMode);
            }

            socket.Listen(endPoint.Options.Backlog);
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
