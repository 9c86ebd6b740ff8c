using System.Collections.Concurrent;
using System.Security.Claims;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <summary>One connection of a server. Derive from it to keep state, to authenticate, or to act at the beginning and the end.</summary>
#pragma warning disable RS0022 // What the base protects, it keeps to this assembly.
public class SockhopSession : SockhopPeer
#pragma warning restore RS0022
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ISessionServer? _server;
    private ITimer? _authenticationTimer;
    private bool _isBegun;
    private volatile bool _isAnnounced;

    /// <summary>Whatever the application keeps with the session. Safe for any thread.</summary>
    public ConcurrentDictionary<string, object?> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Who is at the other end; null until the application has found out. See <see cref="SockhopServerOptions.RequireAuthentication"/>.</summary>
    public ClaimsPrincipal? User { get; set; }

    /// <summary>The server's number for the session: 1, 2, 3 … in the order of their beginning.</summary>
    public long Number { get; private set; }

    /// <summary>Whether what concerns everybody concerns it too.</summary>
    internal bool IsAdmitted => User is not null || !_server!.Options.RequireAuthentication;

    /// <summary>Whether its start hook has run and the application was told of it.</summary>
    internal bool IsAnnounced => _isAnnounced;

    /// <summary>Ends when the session has ended and everybody was told.</summary>
    internal Task Completion => _completion.Task;

    internal override HandlerTable Handlers => _server!.Handlers;

    private protected override bool TakesStreams => base.TakesStreams && IsAdmitted;

    /// <summary>Ends the session once what was accepted is written.</summary>
    public ValueTask CloseAsync() => Current is { } connection ? new ValueTask(connection.CloseAsync(SockhopCloseReason.Closed)) : default;

    /// <summary>Ends the session at once.</summary>
    public void Abort() => Current?.Abort(SockhopCloseReason.Closed);

    internal void Attach(ISessionServer server, Connection connection, long number)
    {
        _server = server;
        Current = connection;
        Number = number;
    }

    /// <summary>Runs the start hook and begins to read.</summary>
    /// <returns>Whether there is a session now; if not, its connection has ended.</returns>
    internal async Task<bool> BeginAsync()
    {
        var connection = Current!;
        try
        {
            if (!connection.IsClosed)
            {
                _isBegun = true;
                await OnStartAsync(connection.Ended).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // A hook that the end of its connection interrupts has not failed.
            if (!connection.IsClosed || exception is not OperationCanceledException)
            {
                OnHandlerFailed(exception);
            }

            connection.Abort(SockhopCloseReason.StartFailed, exception);
        }

        // Unless it has ended meanwhile, this announces it.
        connection.Start();
        _started.TrySetResult();
        if (_isAnnounced)
        {
            return true;
        }

        SockhopTelemetry.Refused.Count();
        return false;
    }

    internal void OnServerHandlerAdded() => OnHandlerAdded();

    /// <summary>Runs before the session is announced and before anything is read. If it throws, the connection is closed.</summary>
    /// <param name="cancellationToken">Cancelled if this side ends the connection meanwhile.</param>
    protected virtual ValueTask OnStartAsync(CancellationToken cancellationToken) => default;

    /// <summary>Runs once when the connection has ended, before that is announced, and never while <see cref="OnStartAsync"/> does.</summary>
    protected virtual ValueTask OnEndAsync(SockhopCloseReason reason) => default;

    /// <summary>
    /// Finds out who is at the other end. Called with each message until <see cref="User"/> is set, where
    /// <see cref="SockhopServerOptions.RequireAuthentication"/> is on; messages after that go to their handlers.
    /// </summary>
    /// <returns>The user; null to end the connection.</returns>
    protected virtual ValueTask<ClaimsPrincipal?> AuthenticateAsync(SockhopMessage message, CancellationToken cancellationToken) => new((ClaimsPrincipal?)null);

    private protected override WorkItem? Accept(Connection connection, in Frame frame)
    {
        if (IsAdmitted)
        {
            return base.Accept(connection, frame);
        }

        return new AuthenticationItem(this, connection, SockhopMessage.Copy(connection, frame));
    }

    private protected override void OnConnected(Connection connection)
    {
        _isAnnounced = true;
        if (_server!.Options.RequireAuthentication)
        {
            _authenticationTimer = connection.Settings.Time.CreateGuardedTimer(
                static session => session.EndIfUnknown(), this, _server.Options.AuthenticationTimeout);
        }

        Tell(this, _server.OnConnected);
    }

    private protected override void OnHandshake(Connection connection, SockhopHandshakeResult result)
    {
        Tell(this, session => session._server!.OnHandshake(session, result));
        if (!result.Success && _server!.Options.RequireHandshake)
        {
            _ = connection.CloseAsync(SockhopCloseReason.HandshakeFailed, result.Error);
        }
    }

    private protected override void OnBinaryMode(SockhopBinaryModeChange change) => Tell(this, session => session._server!.OnBinaryModeChanged(session, change));

    private protected override void OnProtocolError(SockhopException error) => Tell(this, session => session._server!.OnProtocolError(session, error));

    // Where the handler for failures fails, there is nobody left to tell.
    private protected override void OnHandlerFailed(Exception exception) =>
        EventScope.Run(exception, exception => _server!.OnHandlerFailed(this, exception), static _ => { });

    private protected override void OnClosing(Connection connection) => _server!.OnClosing(this);

    private protected override void OnDisconnected(Connection connection, SockhopDisconnect end)
    {
        _authenticationTimer?.Dispose();
        _ = EndAsync(end);
    }

    private async Task EndAsync(SockhopDisconnect end)
    {
        await _started.Task.ConfigureAwait(false);
        try
        {
            if (_isBegun)
            {
                await OnEndAsync(end.Reason).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            OnHandlerFailed(exception);
        }

        if (_isAnnounced)
        {
            Tell(this, session => session._server!.OnDisconnected(session, end));
        }

        _completion.TrySetResult();
    }

    private void EndIfUnknown()
    {
        if (User is null)
        {
            _ = Current!.CloseAsync(SockhopCloseReason.NotAuthenticated);
        }
    }

    private sealed class AuthenticationItem(SockhopSession session, Connection connection, SockhopMessage message) : HandledItem(connection, message.Size)
    {
        protected override async ValueTask HandleAsync()
        {
            if (session.User is not null)
            {
                // It came before the one that answered the question had been looked at.
                switch (session.Accept(Connection, message.ToFrame(System.Text.Encoding.UTF8.GetBytes(message.Type))))
                {
                    case { IsHandled: true } item:
                        await item.RunAsync().ConfigureAwait(false);
                        break;
                    case { } item:
                        item.Run();
                        break;
                }

                return;
            }

            session.User ??= await session.AuthenticateAsync(message, Connection.Ended).ConfigureAwait(false);
            if (session.User is null)
            {
                await Connection.CloseAsync(SockhopCloseReason.NotAuthenticated).ConfigureAwait(false);
            }
        }
    }
}
