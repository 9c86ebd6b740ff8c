using System.IO.Pipelines;
using System.Net;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop;

/// <content>The beginning and the end of the listening, and of the sessions with it.</content>
public partial class SockhopServer<TSession>
{
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private Listener? _listener;

    /// <summary>Where it listens; null where it does not.</summary>
    public EndPoint? LocalEndPoint => _listener?.EndPoint;

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
            _listener = Listener.Start(_options, ServeAsync);
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Stops listening, and leaves the sessions that there are as they are: they are read, answered and pinged on.</summary>
    /// <remarks>
    /// The first step of an orderly stop; <see cref="StopAsync"/> ends the sessions. A peer whose TLS handshake is under way is refused, and the file of a Unix
    /// socket is deleted. What others accept for <see cref="ServeAsync(IDuplexPipe, EndPoint, EndPoint, CancellationToken)"/> is served on. It may be started again. Does
    /// nothing where it does not listen.
    /// </remarks>
    /// <returns>Completes when no connection is accepted any more; waits for no peer.</returns>
    public async Task StopListeningAsync()
    {
        await _lifecycle.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await CloseListenerAsync().ConfigureAwait(false);
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
            await CloseListenerAsync().ConfigureAwait(false);
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _ping.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task CloseListenerAsync()
    {
        if (_listener is { } listener)
        {
            _listener = null;
            await listener.DisposeAsync().ConfigureAwait(false);
        }
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
}
