using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Polywire.Sockhop.Connections;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop;

/// <summary>Listens for peers and keeps a session for each.</summary>
/// <typeparam name="TSession">The sessions' type.</typeparam>
/// <remarks>Register handlers first, then start. Every member may be called by any thread.</remarks>
public partial class SockhopServer<TSession> : ISessionServer, IAsyncDisposable
    where TSession : SockhopSession
{
    private readonly ConcurrentDictionary<long, TSession> _sessions = new();
    private readonly Func<TSession> _factory;
    private readonly ConnectionSettings _settings;
    private readonly HandlerTable _handlers = new();
    private readonly PingTimer _ping;
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private long _lastNumber;
    private int _connections;
    private Listener? _listener;

    /// <summary>Makes a server; it does not listen yet.</summary>
    /// <param name="options">Read here; later changes have no effect.</param>
    /// <param name="sessionFactory">Makes a session for each connection.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="SockhopException">Options contradict each other.</exception>
    public SockhopServer(SockhopServerOptions options, Func<TSession> sessionFactory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sessionFactory);
        Options = options;
        _factory = sessionFactory;
        _settings = new ConnectionSettings(options);
        _ping = new PingTimer(options.TimeProvider, PingAll);
        PingInterval = options.PingInterval;
    }

    /// <summary>What it was made with.</summary>
    public SockhopServerOptions Options { get; }

    /// <summary>The sessions that are open.</summary>
    public IReadOnlyCollection<TSession> Sessions => [.. _sessions.Values];

    /// <summary>Where it listens; null where it does not.</summary>
    public EndPoint? LocalEndPoint => _listener?.EndPoint;

    /// <summary>How often every session is pinged; the fourth tick without an answer ends it. Zero: never.</summary>
    public TimeSpan PingInterval
    {
        get => _ping.Interval;
        set => _ping.Interval = value;
    }

    HandlerTable ISessionServer.Handlers => _handlers;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="InvalidOperationException">It listens already.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_listener is not null)
            {
                throw new InvalidOperationException("The server is listening already.");
            }

            _ping.Interval = _ping.Interval;
            _listener = Listener.Start(Options, socket => ServeAsync(socket));
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Stops listening and ends every session, what was accepted first. It may be started again.</summary>
    /// <param name="cancellationToken">Ends what is still open at once.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _lifecycle.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _ping.Stop();
            if (_listener is { } listener)
            {
                _listener = null;
                await listener.DisposeAsync().ConfigureAwait(false);
            }

            TSession[] sessions = [.. _sessions.Values];
            await using (cancellationToken.UnsafeRegister(
                static sessions => Array.ForEach((TSession[])sessions!, session => session.Abort()), sessions).ConfigureAwait(false))
            {
                await EndAsync(sessions).ConfigureAwait(false);
            }
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Ends every session and goes on listening; stops pinging.</summary>
    public Task DisconnectAllAsync()
    {
        PingInterval = TimeSpan.Zero;
        return EndAsync([.. _sessions.Values]);
    }

    /// <summary>Serves a connection that someone else accepted, to its end.</summary>
    /// <param name="transport">Read and written until the end; its output is completed, its input left to the caller.</param>
    /// <param name="local">This side's address, for the session.</param>
    /// <param name="remote">The other side's address, for the session.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    public async Task ServeAsync(IDuplexPipe transport, EndPoint? local = null, EndPoint? remote = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (await BeginAsync(new PipeWire(transport, local, remote)).ConfigureAwait(false) is { } session)
        {
            await using (cancellationToken.UnsafeRegister(static session => _ = ((TSession)session!).Current!.CloseAsync(SockhopCloseReason.Closed), session).ConfigureAwait(false))
            {
                await session.Completion.ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _ping.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task ServeAsync(System.Net.Sockets.Socket socket)
    {
        Wire wire;
        try
        {
            wire = await Sockets.AcceptAsync(socket, Options.Tls, _settings).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException or ObjectDisposedException
            or OperationCanceledException or System.Net.Sockets.SocketException)
        {
            socket.Dispose();
            return;
        }

        await BeginAsync(wire).ConfigureAwait(false);
    }

    internal async Task<TSession?> BeginAsync(Wire wire)
    {
        if (Interlocked.Increment(ref _connections) > Options.MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            wire.Dispose();
            return null;
        }

        var session = _factory();
        var connection = new Connection(session, wire, _settings, new RequestTable(_settings.Time, _settings.MaxPendingRequests), isServer: true);
        session.Attach(this, connection, Interlocked.Increment(ref _lastNumber));
        _sessions[session.Number] = session;
        try
        {
            await session.RunStartAsync(connection.Ended).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ((ISessionServer)this).OnHandlerFailed(session, exception);
            connection.Abort(SockhopCloseReason.StartFailed, exception);
            return null;
        }

        connection.Start();
        return session;
    }

    private static async Task EndAsync(TSession[] sessions)
    {
        foreach (var session in sessions)
        {
            _ = session.Current!.CloseAsync(SockhopCloseReason.Closed);
        }

        foreach (var session in sessions)
        {
            await session.Current!.CloseAsync(SockhopCloseReason.Closed).ConfigureAwait(false);
        }
    }

    private void PingAll()
    {
        foreach (var (_, session) in _sessions)
        {
            session.Current!.Ping();
        }
    }
}
