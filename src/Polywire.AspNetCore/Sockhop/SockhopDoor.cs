using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.Sockets;
using Polywire.Bounds;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Sockhop;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>Serves Sockhop peers: listens with the library's own sockets, and takes what Kestrel's endpoints accept.</summary>
internal sealed partial class SockhopDoor : IHostedLifecycleService, IAsyncDisposable
{
    // As at the other doors.
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(1);

    private readonly SockhopTransportOptions _options;
    private readonly ConnectionServices _services;
    private readonly ILogger<SockhopDoor> _logger;
    private readonly LogPause _refused;
    private readonly LogPause _unreadable;
    private Task _stop = Task.CompletedTask;
    private int _toldOfOldPeer;

    public SockhopDoor(
        IOptions<SockhopTransportOptions> options, ConnectionServices services, ForeignClientLog foreigners, TestPorts ports, ILogger<SockhopDoor> logger)
    {
        _options = options.Value;
        _services = services;
        _logger = logger;
        _refused = new LogPause(services.Time, RefusedPause);
        _unreadable = new LogPause(services.Time, RefusedPause);
        Server = new SockhopServer<SockhopDoorSession>(OptionsOf(_options, ports, services), () => new SockhopDoorSession(services));
        Server.OnMessage((message, session, _) => session.HandleAsync(message));
        Server.HandlerFailed += (_, exception) => Log.Failed(_logger, exception);
        Server.ConnectionRefused += (_, exception) => Log.Refused(_logger, _refused.IsOver() ? LogLevel.Warning : LogLevel.Debug, LogText.OneLine(exception.Message, LogText.ErrorLength));
        Server.HandshakeCompleted += (session, result) =>
        {
            if (result.Error?.Code == SockhopErrorCodes.HandshakeTimeout && !services.State.IsStopping && Interlocked.Exchange(ref _toldOfOldPeer, 1) == 0)
            {
                Log.NoHandshake(_logger, session.Connection?.RemoteIP ?? "unknown", _options.HandshakeTimeout);
            }
        };
        Server.ProtocolError += (session, error) =>
        {
            if (error.Code is SockhopErrorCodes.HttpRequest or SockhopErrorCodes.TlsNotEnabled)
            {
                var kind = error.Code == SockhopErrorCodes.HttpRequest ? FirstLineKind.Http : FirstLineKind.Tls;
                foreigners.Tell("Sockhop server", session.Connection?.RemoteIP ?? "unknown", kind);
            }
            else if (_logger.IsEnabled(LogLevel.Information))
            {
                var level = _unreadable.IsOver() ? LogLevel.Information : LogLevel.Debug;
                Log.Unreadable(_logger, level, session.Connection?.RemoteIP ?? "unknown", error.Code, LogText.OneLine(error.Message, LogText.ErrorLength));
            }
        };
    }

    public SockhopServer<SockhopDoorSession> Server { get; }

    /// <summary>Where the server listens, with its port where 0 was asked for; null before it does.</summary>
    public EndPoint? EndPoint => Server.LocalEndPoint;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Enabled)
        {
            try
            {
                await Server.StartAsync(cancellationToken);
            }
            catch (Exception exception) when (ListenFailure.Is(exception))
            {
                EndPoint address = _options.UnixSocketPath is { } path
                    ? new UnixDomainSocketEndPoint(path)
                    : new IPEndPoint(Server.Options.Address, Server.Options.Port);
                throw ListenFailure.Explain("Polywire:Sockhop", address, exception);
            }

            Log.Listening(_logger, Server.LocalEndPoint!);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Server.StopListeningAsync();
        }
        finally
        {
            _stop = StopAllAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static SockhopServerOptions OptionsOf(SockhopTransportOptions options, TestPorts ports, ConnectionServices services)
    {
        var address = IPAddress.TryParse(options.BindIP, out var bound) ? bound : IPAddress.Loopback;
        var endPoint = ports.EndPoint(address, options.Port, SockhopTransportOptions.DefaultPort);
        return new SockhopServerOptions
        {
            UnixSocketPath = options.UnixSocketPath,
            Address = endPoint.Address,
            Port = endPoint.Port,
            CompatibilityMode = options.CompatibilityMode,
            HandshakeTimeout = options.HandshakeTimeout,
            MaxMessageSize = options.MaxMessageSize,
            PingInterval = options.PingInterval,
            MaxConnections = options.MaxConnections,
            MaxConnectionsPerAddress = options.MaxConnectionsPerAddress,
            Budget = new SockhopDoorBudget(services.InputBudget, services.InputEnds),
            SendQueueLimit = services.Limits.MaxBytes,
            TimeProvider = services.Time,
        };
    }

    // What runs is answered, for a while, before the connections end.
    private async Task StopAllAsync(CancellationToken cancellationToken)
    {
        var ended = Task.WhenAll(Server.Sessions
            .Select(session => session.Connection?.EndAsync(CloseReason.ServerStopping, _services.FarewellLimit) ?? Task.CompletedTask));
        try
        {
            await ended.WaitAsync(_services.FarewellLimit, _services.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // They had their time.
        }

        await Server.StopAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.SockhopListening, LogLevel.Information, "Sockhop server listening on {EndPoint}")]
        public static partial void Listening(ILogger logger, EndPoint endPoint);

        [LoggerMessage(EventId = ServerEventIds.SockhopConnectionRefused, Message = "A Sockhop connection was refused: {Reason}")]
        public static partial void Refused(ILogger logger, LogLevel level, string reason);

        [LoggerMessage(
            ServerEventIds.SockhopWithoutHandshake,
            LogLevel.Warning,
            "A Sockhop peer at {RemoteIP} did not shake hands within {HandshakeTimeout} (HandshakeTimeout): Sockhop 1.x, which npm installs by default, " +
            "does not know it and gives it to its application as a message that nobody sent. Where such peers connect, set " +
            "Polywire:Sockhop:CompatibilityMode. Further ones are not told of")]
        public static partial void NoHandshake(ILogger logger, string remoteIP, TimeSpan handshakeTimeout);

        [LoggerMessage(EventId = ServerEventIds.SockhopProtocolError, Message = "A Sockhop peer at {RemoteIP} sent what cannot be read: {Code}, {Reason}")]
        public static partial void Unreadable(ILogger logger, LogLevel level, string remoteIP, string code, string reason);

        [LoggerMessage(ServerEventIds.SockhopHandlerFailed, LogLevel.Error, "A Sockhop connection's message or end failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
