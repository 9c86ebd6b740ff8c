using System.Diagnostics.CodeAnalysis;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop.Peer;

/// <summary>The stages of one connection, and its end: in order, or at once.</summary>
/// <remarks>
/// <para>
/// In order, what was accepted is written first, for a while; then the other side is told, and the reader goes on for a moment, since what it leaves
/// unread would turn the end into a reset.
/// </para>
/// <para>Safe for any thread. The stage changes under the connection's gate.</para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The token is read after the end; its source holds no timer.")]
internal sealed class Life
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate;
    private readonly Wire _wire;
    private readonly ConnectionSettings _settings;
    private readonly ILifeOwner _owner;
    private readonly CancellationTokenSource _ended = new();
    private Milestone<Life> _closed;
    private Milestone<Life> _released;
    private volatile Stage _stage;
    private volatile bool _isBroken;
    private bool _isAnnounced;
    private bool _endWaits;
    private ITimer? _timer;

    public Life(Lock gate, Wire wire, ConnectionSettings settings, ILifeOwner owner)
    {
        _gate = gate;
        _wire = wire;
        _settings = settings;
        _owner = owner;
    }

    public Stage Stage => _stage;

    public bool IsOpen => _stage == Stage.Open;

    public bool IsClosed => _stage == Stage.Closed;

    /// <summary>Whether nothing that still comes is looked at: the peer broke the protocol, or this is the end.</summary>
    public bool IsDeaf => _isBroken || IsClosed;

    public SockhopCloseReason Reason { get; private set; }

    public Exception? Error { get; private set; }

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Ends when nothing more will be sent or received.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Ends when the wire is not used any more, a moment after <see cref="Closed"/>.</summary>
    public Task Released => _released.Task;

    /// <returns>Whether it was new; once it has ended, or begun, it cannot begin.</returns>
    public bool TryOpen()
    {
        lock (_gate)
        {
            if (_stage != Stage.New)
            {
                return false;
            }

            _stage = Stage.Open;
            return true;
        }
    }

    /// <summary>Notes that the owner was told of the beginning.</summary>
    /// <returns>Whether the end came before that and is to be told now.</returns>
    public bool Announce()
    {
        lock (_gate)
        {
            _isAnnounced = true;
            return _endWaits;
        }
    }

    /// <summary>The end is told after the beginning, however early it came.</summary>
    /// <returns>Whether it may be told now; else <see cref="Announce"/> will say so.</returns>
    public bool MayTellEnd()
    {
        lock (_gate)
        {
            _endWaits = !_isAnnounced;
            return _isAnnounced;
        }
    }

    /// <summary>Stops listening to the peer, which broke the protocol.</summary>
    public void Break() => _isBroken = true;

    /// <summary>
    /// Ends it in order: what was accepted is written first, for a while. Once more where what the first waits for cannot come any more.
    /// </summary>
    /// <returns>Ends when nothing more will be sent.</returns>
    public Task CloseAsync(SockhopCloseReason reason, Exception? error)
    {
        lock (_gate)
        {
            if (TryBeginEnd(reason, error) && !_owner.IsAllWritten)
            {
                _timer = _settings.Time.CreateGuardedTimer(
                    static life => life.Abort(SockhopCloseReason.Closed, null), this, _settings.CloseTimeout);
            }

            _owner.OnClosing();
        }

        _owner.WriteRest();
        return Closed;
    }

    /// <summary>Ends it at once. The reason counts where there is none yet.</summary>
    public void Abort(SockhopCloseReason reason, Exception? error)
    {
        lock (_gate)
        {
            if (_stage == Stage.Closed)
            {
                return;
            }

            TryBeginEnd(reason, error);
            _stage = Stage.Closed;
            _timer?.Dispose();
        }

        Release();
        AfterEnd();
    }

    /// <summary>Ends what <see cref="CloseAsync"/> began: everything is written.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_stage == Stage.Closed)
            {
                return;
            }

            _stage = Stage.Closed;
            _timer?.Dispose();
            _timer = _owner.IsReading ? _settings.Time.CreateGuardedTimer(static life => life.Release(), this, LingerTime) : null;
        }

        _ = ShutdownAsync();
        AfterEnd();
    }

    /// <summary>Lets go of the wire: the reader has ended, after the connection.</summary>
    public void Release()
    {
        _timer?.Dispose();
        _wire.Dispose();
        _released.Reach(this);
    }

    public SockhopException HasEnded() => new(SockhopErrorCodes.SocketDestroyed, "The connection has ended.", Error);

    private bool TryBeginEnd(SockhopCloseReason reason, Exception? error)
    {
        if (_stage >= Stage.Closing)
        {
            return false;
        }

        _stage = Stage.Closing;
        (Reason, Error) = (reason, error);
        return true;
    }

    private async Task ShutdownAsync()
    {
        await _wire.ShutdownAsync().ConfigureAwait(false);
        if (!_owner.IsReading)
        {
            Release();
        }
    }

    // Once, by whoever closed it.
    private void AfterEnd()
    {
        _owner.OnClosed(HasEnded());
        ThreadPool.UnsafeQueueUserWorkItem(static life => life.CancelEnded(), this, preferLocal: false);
        _closed.Reach(this);
    }

    // Callbacks on the token are the application's code.
    private void CancelEnded()
    {
        try
        {
            _ended.Cancel();
        }
        catch (AggregateException exception)
        {
            _owner.OnCallbackFailed(exception);
        }
    }
}
