using System.Security.Authentication;
using Polywire.Sockhop.Connections;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <content>Reconnection, and the requests that survive it.</content>
public sealed partial class SockhopClient
{
    private readonly RequestTable _requests;
    private CancellationTokenSource? _keeping;
    private Task _keeper = Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<TReply> RequestAsync<TRequest, TReply>(TRequest value, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (!_settings.KeepRequests || IsConnected || Volatile.Read(ref _keeping) is null)
        {
            return base.RequestAsync<TRequest, TReply>(value, timeout, cancellationToken);
        }

        // Between two connections: the next one sends it.
        var writer = PayloadWriter.Rent();
        try
        {
            Outbound.ThrowIfNull(value);
            var frame = Outbound.TryBytes(value, out var bytes) ? Outbound.Frame(WireType.Buffer, bytes) : Outbound.Frame(_settings.Json, value, writer);
            var request = new PendingReply<TReply> { Kept = Connection.Keep(frame) };
            _requests.Add(request, Limit(_settings, timeout));
            request.CancelWith(cancellationToken);
            if (Current is { IsInitialized: true } connection)
            {
                // It came while this was written down.
                connection.Resend([request]);
            }
            else if (Volatile.Read(ref _keeping) is null)
            {
                FailRequests();
            }

            return request.Task;
        }
        catch (SockhopException exception)
        {
            return Task.FromException<TReply>(exception);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    private void KeepConnected(Connection connection, bool isHandshaked)
    {
        var mode = isHandshaked && _options.Reconnect == SockhopReconnectMode.None ? SockhopReconnectMode.None : _options.Reconnect;
        if (mode == SockhopReconnectMode.None)
        {
            return;
        }

        lock (_gate)
        {
            if (_keeping is null)
            {
                _keeping = new CancellationTokenSource();
                _keeper = KeepConnectedAsync(connection, _keeping.Token);
            }
        }
    }

    private async Task KeepConnectedAsync(Connection connection, CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await connection.Closed.WaitAsync(stop).ConfigureAwait(false);
                await Task.Delay(Pause(failures), _options.TimeProvider, stop).ConfigureAwait(false);
                if (Current is { IsOpen: true } other)
                {
                    // The application was faster.
                    connection = other;
                    continue;
                }

                failures++;
                connection = await OpenAsync(SockhopErrorCodes.MultiConnect, stop).ConfigureAwait(false);
                if (_options.Reconnect == SockhopReconnectMode.Handshake)
                {
                    await FinishHandshakeAsync(connection, stop).ConfigureAwait(false);
                }

                failures = 0;
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or AuthenticationException
                or OperationCanceledException)
            {
                // Not there yet, or stopped: the loop tells which.
            }
        }
    }

    private TimeSpan Pause(int failures)
    {
        var pause = _options.RetryInterval;
        if (_options.MaxReconnectInterval is { } longest)
        {
            pause = TimeSpan.FromTicks((long)Math.Min(Math.Max(longest.Ticks, pause.Ticks), pause.Ticks * Math.Pow(2, Math.Min(failures, 30))));
        }

        return pause * (1 - (_options.ReconnectJitter * Random.Shared.NextDouble()));
    }

    private async Task StopKeepingAsync()
    {
        CancellationTokenSource? keeping;
        lock (_gate)
        {
            keeping = _keeping;
            _keeping = null;
        }

        if (keeping is not null)
        {
            await keeping.CancelAsync().ConfigureAwait(false);
            await _keeper.ConfigureAwait(false);
            keeping.Dispose();
        }

        // An attempt of the application's own.
        CancellationTokenSource? connecting;
        lock (_gate)
        {
            connecting = _connecting;
            connecting?.Cancel();
        }
    }

    private void FailRequests()
    {
        if (!_settings.KeepRequests)
        {
            return;
        }

        var error = new SockhopException(SockhopErrorCodes.SocketDestroyed, "The client was disconnected.");
        foreach (var request in _requests.TakeAll())
        {
            request.SetError(error);
            ThreadPool.UnsafeQueueUserWorkItem(static request => request.Run(), request, preferLocal: false);
        }
    }
}
