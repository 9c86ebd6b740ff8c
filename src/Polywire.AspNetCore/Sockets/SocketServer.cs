using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Hosting;
using Polywire.Bounds;
using Polywire.Doors;
using Polywire.Transport;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Listens for socket connections with a Kestrel of its own, so that the application's HTTP addresses stay as they are.</summary>
internal sealed partial class SocketServer : IHostedLifecycleService, IDisposable
{
    private readonly SocketOptions _options;
    private readonly SocketServices _services;
    private readonly ILogger<SocketServer> _logger;
    private readonly KestrelServer _server;
    private readonly ListenerFactory _listeners;
    private Task _stop = Task.CompletedTask;

    public SocketServer(
        IOptions<SocketOptions> options,
        SocketServices services,
        CertificateWatch certificates,
        TestPorts ports,
        IServiceProvider provider,
        ILoggerFactory loggers,
        TimeProvider time)
    {
        _options = options.Value;
        _services = services;
        _logger = loggers.CreateLogger<SocketServer>();
        var kestrel = new KestrelServerOptions { ApplicationServices = provider, AddServerHeader = false };
        if (_options.Enabled)
        {
            kestrel.Listen(EndPointOf(_options, ports, services.Gate), listen =>
            {
                if (SocketTls.IsOn(_options))
                {
                    listen.Use(next => context => TlsHandshakes.RunAsync(context, next, time));
                }

                SocketTls.Use(listen, _options, certificates);
                listen.UseConnectionHandler<SocketConnectionHandler>();
            });
        }

        _listeners = new ListenerFactory(new DirectSocketTransportFactory(loggers, time));
        _server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(kestrel), _listeners, loggers);
    }

    /// <summary>Where the server listens, with its port where 0 was asked for; null before it does.</summary>
    public EndPoint? EndPoint => (_listeners.EndPoint as DirectSocketEndPoint)?.Address;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Enabled)
        {
            await _server.StartAsync(NoHttp.Instance, cancellationToken);
            Log.Listening(_logger, _listeners.EndPoint!);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Kestrel closes the listening socket before it first waits; whoever comes out of the accept queue after that sees that the host stops.
        _stop = _server.StopAsync(cancellationToken);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _server.Dispose();

    private static DirectSocketEndPoint EndPointOf(SocketOptions options, TestPorts ports, DoorGate gate) =>
        new(
            options.UnixSocketPath is { } path
                ? new UnixDomainSocketEndPoint(path)
                : ports.EndPoint(IPAddress.Parse(options.BindIP), options.Port, SocketOptions.DefaultPort),
            new DirectSocketOptions { Backlog = options.Backlog, KeepAlive = options.SetKeepAlive, Gate = new TransportGate(gate) });

    /// <summary>Kestrel wants an HTTP application; no request ever reaches it.</summary>
    private sealed class NoHttp : IHttpApplication<object>
    {
        public static NoHttp Instance { get; } = new();

        public object CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException();

        public Task ProcessRequestAsync(object context) => throw new NotSupportedException();

        public void DisposeContext(object context, Exception? exception)
        {
        }
    }

    /// <summary>Keeps the address that was really bound.</summary>
    private sealed class ListenerFactory(IConnectionListenerFactory inner) : IConnectionListenerFactory
    {
        public EndPoint? EndPoint { get; private set; }

        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            try
            {
                var listener = await inner.BindAsync(endpoint, cancellationToken);
                EndPoint = listener.EndPoint;
                return listener;
            }
            catch (Exception exception) when (ListenFailure.Is(exception))
            {
                throw ListenFailure.Explain("Polywire:Socket", ((DirectSocketEndPoint)endpoint).Address, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.Listening, LogLevel.Information, "Socket server listening on {EndPoint}")]
        public static partial void Listening(ILogger logger, EndPoint endPoint);
    }
}
