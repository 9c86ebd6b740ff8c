using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Polywire.Sockhop.Bounds;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop;

/// <summary>Listens for peers and keeps a session for each.</summary>
/// <typeparam name="TSession">The sessions' type.</typeparam>
/// <remarks>Register handlers first, then start. Every member may be called by any thread.</remarks>
public partial class SockhopServer<TSession> : ISessionServer, IAsyncDisposable
    where TSession : SockhopSession
{
    // Those whose start hook is asked are among them.
    private readonly ConcurrentDictionary<long, TSession> _sessions = new();
    private readonly Func<TSession> _factory;
    private readonly SockhopServerOptions _options;
    private readonly ConnectionSettings _settings;
    private readonly HandlerTable _handlers = new();
    private readonly PingTimer _ping;
    private long _lastNumber;
    private readonly ConnectionGate _gate;

    /// <summary>Makes a server; it does not listen yet.</summary>
    /// <param name="options">Read here; later changes have no effect.</param>
    /// <param name="sessionFactory">Makes a session for each connection.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="SockhopException">Options contradict each other.</exception>
    public SockhopServer(SockhopServerOptions options, Func<TSession> sessionFactory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sessionFactory);
        _settings = new ConnectionSettings(options);
        _options = (SockhopServerOptions)options.Copy();
        _factory = sessionFactory;
        _gate = new ConnectionGate(_options.MaxConnections, _options.MaxConnectionsPerAddress);
        _ping = new PingTimer(_options.TimeProvider, PingAll);
        PingInterval = _options.PingInterval;
    }

    /// <summary>What it was made with; each time a copy, so that changes have no effect.</summary>
    public SockhopServerOptions Options => (SockhopServerOptions)_options.Copy();

    /// <summary>The sessions that are open: those that have been announced, and have not ended.</summary>
    public IReadOnlyCollection<TSession> Sessions => [.. _sessions.Values.Where(session => session.IsAnnounced)];

    /// <summary>How often every session is pinged; the fourth tick without an answer ends it. Zero: never.</summary>
    public TimeSpan PingInterval
    {
        get => _ping.Interval;
        set
        {
            foreach (var (_, session) in _sessions)
            {
                session.Current!.ForgetPings();
            }

            _ping.Interval = value;
        }
    }

    internal ConnectionSettings Settings => _settings;

    internal HandlerTable Handlers => _handlers;

    HandlerTable ISessionServer.Handlers => _handlers;

    SockhopServerOptions ISessionServer.Options => _options;

    /// <summary>Serves a connection that someone else accepted, to its end.</summary>
    /// <param name="transport">Read and written until the end; its output is completed, its input left to the caller.</param>
    /// <param name="local">This side's address, for the session.</param>
    /// <param name="remote">The other side's address, for the session.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    public async Task ServeAsync(IDuplexPipe transport, EndPoint? local = null, EndPoint? remote = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (TakePlace(AddressOf(remote)) && await BeginAsync(new PipeWire(transport, local, remote), cancellationToken).ConfigureAwait(false) is { } session)
        {
            await using (cancellationToken.UnsafeRegister(static session => _ = ((TSession)session!).Current!.CloseAsync(SockhopCloseReason.Closed), session).ConfigureAwait(false))
            {
                await session.Completion.ConfigureAwait(false);

                // Whoever closes the transport then would answer what is still unread with a reset.
                await session.Current!.Released.ConfigureAwait(false);
            }
        }
    }

    /// <param name="wire">Belongs to the session from now on.</param>
    /// <param name="stop">Set when the server no longer wants connections of this origin.</param>
    /// <returns>Null where it became no session; the wire is closed then.</returns>
    internal async Task<TSession?> BeginAsync(Wire wire, CancellationToken stop = default)
    {
        TSession session;
        try
        {
            session = _factory();
        }
        catch (Exception exception)
        {
            wire.Dispose();
            GiveUpPlace(AddressOf(wire.RemoteEndPoint));
            TellRefused(exception);
            return null;
        }

        var connection = new Connection(session, wire, _settings, new RequestTable(_settings.Time, _settings.MaxPendingRequests), isServer: true);
        session.Attach(this, connection, Interlocked.Increment(ref _lastNumber));
        _sessions[session.Number] = session;
        if (stop.IsCancellationRequested)
        {
            // Whoever stopped the server may have looked for sessions before this one was there.
            connection.Abort(SockhopCloseReason.Closed);
        }

        return await session.BeginAsync().ConfigureAwait(false) ? session : null;
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        var address = AddressOf(socket);
        if (!TakePlace(address))
        {
            socket.Dispose();
            return;
        }

        Wire wire;
        try
        {
            wire = await Sockets.AcceptAsync(socket, _options.Tls, _settings, stop).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            GiveUpPlace(address);
            if (!stop.IsCancellationRequested)
            {
                TellRefused(exception);
            }

            return;
        }

        await BeginAsync(wire, stop).ConfigureAwait(false);
    }

    // Taken before TLS, so that handshakes that never end count too.
    private bool TakePlace(IPAddress? address)
    {
        var answer = _gate.TryEnter(address);
        if (answer == GateAnswer.In)
        {
            return true;
        }

        TellRefused(new SockhopException(
            SockhopErrorCodes.TooManyConnections,
            answer == GateAnswer.TooMany
                ? $"{nameof(SockhopServerOptions.MaxConnections)} ({_options.MaxConnections}) connections are open."
                : $"{address} has {nameof(SockhopServerOptions.MaxConnectionsPerAddress)} ({_options.MaxConnectionsPerAddress}) connections."));
        return false;
    }

    private void GiveUpPlace(IPAddress? address) => _gate.Leave(address);

    private static IPAddress? AddressOf(EndPoint? remote) => (remote as IPEndPoint)?.Address;

    // Asked while the peer is there.
    private IPAddress? AddressOf(Socket socket)
    {
        try
        {
            return _gate.CountsAddresses ? AddressOf(socket.RemoteEndPoint) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private void TellRefused(Exception exception)
    {
        SockhopTelemetry.Refused.Count();

        // What a handler throws is told to nobody: there is no session whose failure it could be, and the next connection waits.
        EventScope.Run(exception, exception => ConnectionRefused?.Invoke(this, exception), static _ => { });
    }

    private void PingAll()
    {
        foreach (var (_, session) in _sessions)
        {
            session.Current!.Ping();
        }
    }
}
