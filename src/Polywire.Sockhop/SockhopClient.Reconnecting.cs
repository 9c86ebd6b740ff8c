using Polywire.Sockhop.Peer;

namespace Polywire.Sockhop;

/// <content>Reconnection, and the requests that survive it.</content>
public sealed partial class SockhopClient
{
    private readonly RequestTable _requests;
    private CancellationTokenSource? _keeping;
    private Task _keeper = Task.CompletedTask;
    private int _disconnects;
    private int _tellsFailure;

    private protected override void OnUnsent(PendingRequest request)
    {
        if (Volatile.Read(ref _keeping) is not null)
        {
            // The next connection may have come while this was written down.
            if (Current is { } connection && MaySendOn(connection))
            {
                connection.Resend([request]);
            }
        }
        else if (_requests.TryRemove(request))
        {
            Fail(request);
        }
    }

    private bool MaySendOn(Connection connection) =>
        connection.IsOpen && (connection.IsHandshaked || (connection.IsInitialized && _options.Reconnect != SockhopReconnectMode.Handshake));

    /// <param name="connection">The one that is to be replaced when it is lost.</param>
    /// <param name="disconnects">How often the application had disconnected when it asked for the connection; once more, and it is not kept.</param>
    private void KeepConnected(Connection connection, int disconnects)
    {
        if (_options.Reconnect == SockhopReconnectMode.None)
        {
            return;
        }

        lock (_gate)
        {
            if (_keeping is null && !_disposed && _disconnects == disconnects)
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
            catch (SockhopException exception) when (exception.Code == SockhopErrorCodes.MultiConnect)
            {
                // The application is at it itself; that is no failure.
                failures--;
            }
            catch (Exception exception)
            {
                // Whatever it was, it must not be the last attempt.
                TellFailure(exception, stop);
            }
        }
    }

    // One that was stopped has not failed.
    private void TellFailure(Exception exception, CancellationToken stop)
    {
        Interlocked.Increment(ref _tellsFailure);
        try
        {
            if (!stop.IsCancellationRequested)
            {
                SockhopTelemetry.FailedReconnects.Count();
                Tell(this, client => client.ReconnectFailed?.Invoke(client, exception));
            }
        }
        finally
        {
            Interlocked.Decrement(ref _tellsFailure);
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
        Task keeper;
        lock (_gate)
        {
            _disconnects++;
            keeper = _keeper;
            keeping = _keeping;
            _keeping = null;
        }

        if (keeping is not null)
        {
            await keeping.CancelAsync().ConfigureAwait(false);
            if (Volatile.Read(ref _tellsFailure) == 0)
            {
                await keeper.ConfigureAwait(false);
                keeping.Dispose();
            }

            // Else a handler is being told of a failure, perhaps the one that waits here. What tries again has been stopped and ends behind it.
        }

        // An attempt of the application's own, whose code is not to run under the lock.
        lock (_gate)
        {
            _ = _connecting?.CancelAsync();
        }
    }

    private void FailRequests()
    {
        if (!_settings.KeepRequests)
        {
            return;
        }

        foreach (var request in _requests.TakeAll())
        {
            Fail(request);
        }
    }

    private static void Fail(PendingRequest request)
    {
        request.SetError(new SockhopException(SockhopErrorCodes.SocketDestroyed, "The client was disconnected."));
        ThreadPool.UnsafeQueueUserWorkItem(static request => request.Run(), request, preferLocal: false);
    }
}
