using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop;

/// <summary>A connection to a server that can be made again.</summary>
/// <remarks>
/// Register handlers first, then start. A client that reconnects keeps its handlers and its pings; each connection begins as text and shakes
/// hands anew.
/// </remarks>
public sealed partial class SockhopClient : SockhopPeer, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SockhopClientOptions _options;
    private readonly ConnectionSettings _settings;
    private readonly HandlerTable _handlers = new();
    private readonly PingTimer _ping;
    private CancellationTokenSource? _connecting;
    private bool _disposed;

    /// <summary>Makes a client; it does not connect yet.</summary>
    /// <param name="options">Read here; later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="SockhopException">Options contradict each other.</exception>
    public SockhopClient(SockhopClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _settings = new ConnectionSettings(options);
        _options = (SockhopClientOptions)options.Copy();
        _requests = NewRequests();
        _ping = new PingTimer(_options.TimeProvider, () => Current?.Ping());
        PingInterval = _options.PingInterval;
    }

    /// <summary>What it was made with; each time a copy, so that changes have no effect.</summary>
    public SockhopClientOptions Options => (SockhopClientOptions)_options.Copy();

    /// <inheritdoc/>
    public override SockhopState State => Volatile.Read(ref _connecting) is not null && !IsConnected ? SockhopState.Connecting : base.State;

    /// <summary>How often the server is pinged; the fourth tick without an answer ends the connection. Zero: never.</summary>
    public TimeSpan PingInterval
    {
        get => _ping.Interval;
        set
        {
            Current?.ForgetPings();
            _ping.Interval = value;
        }
    }

    internal override HandlerTable Handlers => _handlers;

    internal ConnectionSettings Settings => _settings;

    private bool IsDisposed
    {
        get
        {
            lock (_gate)
            {
                return _disposed;
            }
        }
    }

    /// <summary>Makes a client and starts it; in compatibility mode, connects it.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<SockhopClient> ConnectAsync(SockhopClientOptions options, CancellationToken cancellationToken = default)
    {
        var client = new SockhopClient(options);
        try
        {
            await (client._settings.CompatibilityMode ? client.ConnectAsync(cancellationToken) : client.StartAsync(cancellationToken)).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects and shakes hands. If either fails, there is no connection.</summary>
    /// <exception cref="SockhopException">
    /// It is connected or connecting, compatibility mode knows no handshake, no connection in time, no handshake, or it was disconnected
    /// meanwhile.
    /// </exception>
    /// <exception cref="System.Net.Sockets.SocketException">The server cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_settings.CompatibilityMode)
        {
            throw new SockhopException(SockhopErrorCodes.HandshakeCompatibilityMode, "Compatibility mode knows no handshake: use ConnectAsync.");
        }

        var disconnects = Volatile.Read(ref _disconnects);
        var connection = await OpenAsync(SockhopErrorCodes.HandshakeMultiConnect, cancellationToken).ConfigureAwait(false);
        await FinishHandshakeAsync(connection, cancellationToken).ConfigureAwait(false);
        KeepConnected(connection, disconnects);
    }

    /// <summary>Connects, and returns while the handshake goes on. Connected already, it returns at once.</summary>
    /// <exception cref="SockhopException">
    /// It is connecting, no connection in time, it was disconnected meanwhile, or the client is to shake hands whenever it connects.
    /// </exception>
    /// <exception cref="System.Net.Sockets.SocketException">The server cannot be reached.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        if (_options.Reconnect == SockhopReconnectMode.Handshake)
        {
            throw new SockhopException(
                SockhopErrorCodes.AutoRehandshakeConnect, $"With {nameof(SockhopReconnectMode)}.{nameof(SockhopReconnectMode.Handshake)}, use StartAsync.");
        }

        if (IsConnected)
        {
            return;
        }

        var disconnects = Volatile.Read(ref _disconnects);
        var connection = await OpenAsync(SockhopErrorCodes.MultiConnect, cancellationToken).ConfigureAwait(false);
        KeepConnected(connection, disconnects);
    }

    /// <summary>Ends the connection once what was accepted is written, and stops reconnecting and pinging.</summary>
    /// <returns>
    /// Ends when <see cref="Disconnected"/> was raised. An event handler that blocks its thread for it waits <see cref="SockhopOptions.CloseTimeout"/>
    /// in vain.
    /// </returns>
    /// <param name="cancellationToken">Ends it at once.</param>
    public async Task DisconnectAsync(CancellationToken cancellationToken = default)
    {
        PingInterval = TimeSpan.Zero;
        await StopKeepingAsync().ConfigureAwait(false);
        if (Current is { } connection)
        {
            var closing = connection.CloseAsync(SockhopCloseReason.Closed);
            await using (cancellationToken.UnsafeRegister(
                static connection => ((Connection)connection!).Abort(SockhopCloseReason.Closed), connection).ConfigureAwait(false))
            {
                await closing.ConfigureAwait(false);
            }

            await UntilToldAsync(connection).ConfigureAwait(false);
        }

        FailRequests();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await DisconnectAsync(CancellationToken.None).ConfigureAwait(false);
        _ping.Dispose();
        _requests.Dispose();
        CompleteReading();
    }

    private async Task<Connection> OpenAsync(string codeIfBusy, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var disconnected = new CancellationTokenSource();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connecting is not null || IsConnected)
            {
                throw new SockhopException(codeIfBusy, _connecting is null ? "The client is connected already." : "The client is connecting already.");
            }

            _connecting = disconnected;
        }

        try
        {
            return Open(await ReachAsync(disconnected.Token, cancellationToken).ConfigureAwait(false), disconnected.Token);
        }
        finally
        {
            lock (_gate)
            {
                _connecting = null;
            }
        }
    }

    private async Task<Wire> ReachAsync(CancellationToken disconnected, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, disconnected, cancellationToken);
        try
        {
            if (Current is { } last)
            {
                // Events of two connections do not mix.
                await last.EndTold.WaitAsync(any.Token).ConfigureAwait(false);
            }

            return await Sockets.ConnectAsync(_options, any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw disconnected.IsCancellationRequested
                ? DisconnectedMeanwhile()
                : new SockhopException(
                    SockhopErrorCodes.ConnectTimeout, $"No connection within {nameof(SockhopClientOptions.ConnectTimeout)} ({_options.ConnectTimeout}).");
        }
    }

    private async Task UntilToldAsync(Connection connection)
    {
        try
        {
            await connection.EndTold.WaitAsync(_options.CloseTimeout, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // An event handler is in the way, perhaps the one that waits here.
        }
    }

    private Connection Open(Wire wire, CancellationToken disconnected)
    {
        Connection connection;
        lock (_gate)
        {
            // Whoever disconnects finds the attempt or its connection, one of the two.
            if (disconnected.IsCancellationRequested)
            {
                wire.Dispose();
                throw DisconnectedMeanwhile();
            }

            var requests = _settings.KeepRequests ? _requests : NewRequests();
            Current = connection = new Connection(this, wire, _settings, requests, isServer: false);
        }

        connection.Start();
        return connection;
    }

    private static async Task FinishHandshakeAsync(Connection connection, CancellationToken cancellationToken)
    {
        SockhopHandshakeResult result;
        try
        {
            result = await connection.Handshake.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await connection.CloseAsync(SockhopCloseReason.Closed).ConfigureAwait(false);
            throw;
        }

        if (!result.Success)
        {
            await connection.CloseAsync(SockhopCloseReason.HandshakeFailed, result.Error).ConfigureAwait(false);
            throw result.Error!;
        }
    }

    private static SockhopException DisconnectedMeanwhile() =>
        new(SockhopErrorCodes.SocketDestroyed, "The client was disconnected while it was connecting.");

    private RequestTable NewRequests() => new(_settings.Time, _settings.MaxPendingRequests);
}
