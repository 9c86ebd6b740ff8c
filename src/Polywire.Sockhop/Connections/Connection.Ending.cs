namespace Polywire.Sockhop.Connections;

/// <content>The end: in order, or at once.</content>
internal sealed partial class Connection
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _lifeTimer;
    private SockhopCloseReason _closeReason;
    private Exception? _closeError;

    /// <summary>Ends when the wire is not used any more, a moment after <see cref="Closed"/>.</summary>
    public Task Released => _released.Task;

    /// <summary>
    /// Ends the connection in order: what was accepted is written first, for a while. Once more where what the first waits for cannot come any
    /// more.
    /// </summary>
    /// <returns>Ends when nothing more will be sent.</returns>
    public Task CloseAsync(SockhopCloseReason reason, Exception? error = null)
    {
        lock (_gate)
        {
            if (_phase < Phase.Closing)
            {
                _phase = Phase.Closing;
                _closeReason = reason;
                _closeError = error;
                if (!IsAllWritten)
                {
                    _lifeTimer = _settings.Time.CreateGuardedTimer(
                        static connection => connection.Abort(SockhopCloseReason.Closed), this, _settings.CloseTimeout);
                }
            }

            KeepOrReleaseBarrier();
        }

        FlushHeldBack();
        return _closed.Task;
    }

    /// <summary>Ends the connection at once.</summary>
    public void Abort(SockhopCloseReason reason, Exception? error = null)
    {
        lock (_gate)
        {
            if (_phase == Phase.Closed)
            {
                return;
            }

            if (_phase < Phase.Closing)
            {
                _closeReason = reason;
                _closeError = error;
            }

            _phase = Phase.Closed;
            _lifeTimer?.Dispose();
        }

        Release();
        AfterEnd();
    }

    // Everything is written. The reader goes on for a moment, since what it leaves unread would turn the end into a reset.
    private void FinishClose()
    {
        lock (_gate)
        {
            if (_phase == Phase.Closed)
            {
                return;
            }

            _phase = Phase.Closed;
            _lifeTimer?.Dispose();
            _lifeTimer = _readerEnded ? null : _settings.Time.CreateGuardedTimer(
                static connection => connection.StopLingering(), this, LingerTime);
        }

        _ = ShutdownAsync();
        AfterEnd();
    }

    private async Task ShutdownAsync()
    {
        await _wire.ShutdownAsync().ConfigureAwait(false);
        if (_readerEnded)
        {
            StopLingering();
        }
    }

    private void StopLingering()
    {
        _lifeTimer?.Dispose();
        Release();
    }

    private void Release()
    {
        _wire.Dispose();
        _released.TrySetResult();
    }

    // Once, by whoever closed it.
    private void AfterEnd()
    {
        var error = HasEnded();
        lock (_gate)
        {
            IsHandshaked = false;
            IsInitialized = false;
            _rxBinary = false;
            _txBinary = false;
            FailUnsent(error);
        }

        StopHandshake();
        FailRequests(error);
        ResumeReading();
        Owner.OnClosing(this);
        bool isAnnounced;
        lock (_gate)
        {
            // The end is told after the beginning, however early it came.
            isAnnounced = _isAnnounced;
            _endWaits = !isAnnounced;
        }

        if (isAnnounced)
        {
            PostEnd();
        }

        _inbox.DrainSoon();

        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.CancelEnded(), this, preferLocal: false);
        _closed.TrySetResult();
    }

    private void PostEnd() => Post(HasEnded(), static (connection, error) => connection.TellEnd(error));

    private SockhopException HasEnded() => new(SockhopErrorCodes.SocketDestroyed, "The connection has ended.", _closeError);

    // Callbacks on the token are the application's code.
    private void CancelEnded()
    {
        try
        {
            _ended.Cancel();
        }
        catch (AggregateException exception)
        {
            Owner.OnError(this, new SockhopException(SockhopErrorCodes.SocketDestroyed, "A callback on the end of the connection failed.", exception));
        }
    }
}
