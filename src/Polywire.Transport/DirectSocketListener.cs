using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Polywire.Transport;

/// <summary>Accepts the connections of one address.</summary>
/// <remarks>
/// A peer that is gone before its connection is set up is dropped silently. An accept that fails for
/// want of resources is logged, and tried again after <see cref="DirectSocketOptions.AcceptRetryDelay"/>; it never ends the loop.
/// </remarks>
internal sealed partial class DirectSocketListener : IConnectionListener
{
    // One warning in so long tells enough, in milliseconds.
    private const long WarningPause = 60_000;

    private static long LastNumber;
    private static long NextWarning;

    private readonly Socket _socket;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly DirectSocketEndPoint _endPoint;

    /// <summary>Takes over a listening socket.</summary>
    /// <param name="socket">Bound and listening; closed with the listener.</param>
    /// <param name="endPoint">The address as it was asked for.</param>
    /// <param name="pool">Memory for the connections.</param>
    /// <param name="time">Time for retries and for closing.</param>
    /// <param name="logger">Where accept errors go.</param>
    public DirectSocketListener(
        Socket socket, DirectSocketEndPoint endPoint, SocketBlockPool pool, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _logger = logger;
        _endPoint = new DirectSocketEndPoint(
            endPoint.Address is UnixDomainSocketEndPoint ? endPoint.Address : socket.LocalEndPoint!, endPoint.Options);
        Pool = pool;
        Time = time;
    }

    /// <summary>Gets the address that is bound: with its port where 0 was asked for.</summary>
    public EndPoint EndPoint => _endPoint;

    /// <summary>Gets the options of the address.</summary>
    public DirectSocketOptions Options => _endPoint.Options;

    /// <summary>Gets the memory of the connections.</summary>
    public SocketBlockPool Pool { get; }

    /// <summary>Gets the time of the connections.</summary>
    public TimeProvider Time { get; }

    /// <inheritdoc/>
    /// <returns>The next connection; <see langword="null"/> once the listener is unbound.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Options.BeforeAccept?.Invoke();
                var socket = await _socket.AcceptAsync(cancellationToken);
                if (Adopt(socket) is { } connection)
                {
                    return connection;
                }
            }
            catch (Exception e) when (_stopping.IsCancellationRequested
                && e is ObjectDisposedException or SocketException or OperationCanceledException)
            {
                return null;
            }
            catch (SocketException e) when (IsPeerGone(e.SocketErrorCode))
            {
                // That peer's affair alone.
            }
            catch (SocketException e)
            {
                OnAcceptFailed(e);
                await PauseAsync(cancellationToken);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (!_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
            _socket.Dispose();
            if (_endPoint.Address is UnixDomainSocketEndPoint)
            {
                UnixSocketFile.Delete(_endPoint.Address.ToString()!);
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _stopping.Dispose();
    }

    /// <summary>Warns that all threads for turns are blocked; not more often than once a minute in the whole process.</summary>
    public void OnThreadsExhausted()
    {
        var (now, next) = (Environment.TickCount64, Volatile.Read(ref NextWarning));
        if (now >= next && Interlocked.CompareExchange(ref NextWarning, now + WarningPause, next) == next)
        {
            LastCatch.Run(_logger, static logger => Log.ThreadsExhausted(logger, SocketTurnThreads.DefaultMost), _logger);
        }
    }

    /// <summary>Takes note of what callbacks of others threw on the end of a connection.</summary>
    public void OnCallbackFailed(Exception exception) => LastCatch.Tell(exception, _logger);

    // A log provider that throws does not end the listening.
    private void OnAcceptFailed(SocketException exception) =>
        LastCatch.Run(
            (Listener: this, Error: exception),
            static failed => Log.AcceptFailed(failed.Listener._logger, failed.Listener._endPoint, failed.Error.SocketErrorCode, failed.Error),
            _logger);

    private static bool IsPeerGone(SocketError error) =>
        error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.ConnectionRefused
            or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable
            or SocketError.NetworkDown or SocketError.HostDown;

    private DirectSocketConnection? Adopt(Socket socket)
    {
        var address = Options.Gate is { CountsAddresses: true } ? AddressOf(socket) : null;
        if (Options.Gate is { } gate && !gate.TryEnter(address))
        {
            socket.Dispose();
            return null;
        }

        try
        {
            Options.BeforeAdopt?.Invoke(socket);
            if (_endPoint.Address is IPEndPoint)
            {
                socket.NoDelay = true;
                if (Options.KeepAlive)
                {
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                }
            }

            return new DirectSocketConnection(socket, this, Interlocked.Increment(ref LastNumber)) { CountedAddress = address };
        }
        catch (Exception e)
        {
            // Mostly gone between the accept and here, which is nobody's concern; want of resources is.
            socket.Dispose();
            Options.Gate?.Leave(address);
            if (e is not SocketException failure)
            {
                OnCallbackFailed(e);
            }
            else if (failure.SocketErrorCode is SocketError.NoBufferSpaceAvailable or SocketError.TooManyOpenSockets)
            {
                OnAcceptFailed(failure);
            }

            return null;
        }
    }

    private static IPAddress? AddressOf(Socket socket)
    {
        try
        {
            return (socket.RemoteEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
        try
        {
            await Task.Delay(Options.AcceptRetryDelay, Time, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Unbound; the loop sees it.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ThreadsExhausted,
            LogLevel.Warning,
            "{Threads} requests block their threads, and others wait for one of them. Actions and middleware should await instead of blocking.")]
        public static partial void ThreadsExhausted(ILogger logger, int threads);

        [LoggerMessage(EventIds.AcceptFailed, LogLevel.Warning, "Accepting a connection on {EndPoint} failed ({Error}); trying again shortly.")]
        public static partial void AcceptFailed(ILogger logger, EndPoint endPoint, SocketError error, Exception exception);
    }
}
