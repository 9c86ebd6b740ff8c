using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.Transport;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Binds the web server's own address, as often as it is told; every other is left to Kestrel's transport.</summary>
internal sealed partial class WebListenerFactory(
    WebEndPoint own,
    IOptions<WebOptions> options,
    IOptions<SocketTransportOptions> transport,
    TimeProvider time,
    ILoggerFactory loggers,
    ILogger<WebListenerFactory> logger,
    IMemoryPoolFactory<byte>? pools = null) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public bool CanBind(EndPoint endpoint) => ReferenceEquals(endpoint, own.EndPoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is SilentEndPoint)
        {
            return new SilentListener(endpoint);
        }

        var sockets = Transport(endpoint);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var listener = await sockets.BindAsync(endpoint, cancellationToken);
                if (endpoint is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(endpoint.ToString()!, Everybody);
                }

                return listener;
            }
            catch (Exception exception) when (ListenFailure.Is(exception) && attempt < options.Value.BootAttempts)
            {
                Log.ListenFailed(logger, endpoint, exception.Message, attempt, options.Value.BootAttempts);
                if (attempt == 1 && endpoint is UnixDomainSocketEndPoint && endpoint.ToString() is { } path && File.Exists(path) && UnixSocketFile.IsStale(path))
                {
                    UnixSocketFile.Delete(path);
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception exception) when (ListenFailure.Is(exception))
            {
                throw ListenFailure.Explain("Polywire:Web", endpoint, exception);
            }
        }
    }

    // The direct transport is at its best where upgraded connections stay for long; what it has no equal for is left to Kestrel's.
    private IConnectionListenerFactory Transport(EndPoint endpoint) =>
        OperatingSystem.IsLinux()
            && endpoint is IPEndPoint
            && pools is not null
            && transport.Value.CreateBoundListenSocket == SocketTransportOptions.CreateDefaultBoundListenSocket
                ? new DirectWebTransport(
                    new DirectSocketOptions { Backlog = transport.Value.Backlog, Memory = pools.Create(), TellsOfPeerEnd = true }, loggers, time)
                : new SocketTransportFactory(transport, loggers);

    /// <summary>Accepts nobody until it is unbound.</summary>
    private sealed class SilentListener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_unbound.Task);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.WebListenFailed, LogLevel.Warning, "The web server cannot listen on {EndPoint}: {Reason} (attempt {Attempt} of {BootAttempts})")]
        public static partial void ListenFailed(ILogger logger, EndPoint endPoint, string reason, int attempt, int bootAttempts);
    }
}
