using System.Diagnostics.CodeAnalysis;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop.Connections;

/// <summary>One connection from its beginning to its end, of a client or of a server: a new connection is a new object.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token is read after the end; its source holds no timer.")]
internal sealed partial class Connection : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly ConnectionSettings _settings;
    private readonly Wire _wire;
    private readonly Inbox _inbox;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _endTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SockhopHandshakeResult> _handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Phase _phase;
    private bool _isBroken;
    private bool _isAnnounced;
    private bool _endWaits;

    public Connection(IConnectionOwner owner, Wire wire, ConnectionSettings settings, RequestTable requests, bool isServer)
    {
        Owner = owner;
        IsServer = isServer;
        _wire = wire;
        _settings = settings;
        Requests = requests;
        _inbox = new Inbox(this, settings.ReceiveQueueLimit);
        _block = new ReceiveBlock(SmallBlock);
        _onReceived = OnReceived;
        Ended = _ended.Token;
        SockhopTelemetry.Connections.Count(1);
    }

    private enum Phase
    {
        New,
        Open,
        Closing,
        Closed,
    }

    public IConnectionOwner Owner { get; }

    public bool IsServer { get; }

    public Wire Wire => _wire;

    public ConnectionSettings Settings => _settings;

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Ended { get; }

    public bool IsOpen => _phase == Phase.Open;

    public bool IsClosed => _phase == Phase.Closed;

    // Broken by the peer, it is ended in order, but nothing that still comes is looked at.
    private bool IsDeaf => _isBroken || IsClosed;

    public bool IsHandshaked { get; private set; }

    public bool IsInitialized { get; private set; }

    public SockhopBinaryMode BinaryMode => new() { Rx = _rxBinary, Tx = _txBinary };

    /// <summary>Ends with the handshake, one way or the other.</summary>
    public Task<SockhopHandshakeResult> Handshake => _handshake.Task;

    /// <summary>Ends when nothing more will be sent or received.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Ends when the owner was told of the end: no event of this connection follows.</summary>
    public Task EndTold => _endTold.Task;

    /// <summary>Announces the connection, shakes hands and begins to read.</summary>
    public void Start()
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _phase == Phase.New;
            if (isNew)
            {
                _phase = Phase.Open;
            }
        }

        if (isNew)
        {
            Announce();
        }

        bool hasEnded;
        lock (_gate)
        {
            _isAnnounced = true;
            hasEnded = _endWaits;
        }

        if (hasEnded)
        {
            PostEnd();
        }

        _inbox.DrainSoon();
        if (isNew)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Announce()
    {
        if (_settings.CompatibilityMode)
        {
            IsInitialized = true;
            _isSettled = true;
        }

        // Before anything is written: who hears of the connection from the peer may use it here at once.
        Owner.OnConnected(this);
        BeginHandshake();
    }

    /// <summary>Gives a message to its handler that arrived before there was one.</summary>
    public void Deliver(SockhopMessage message)
    {
        try
        {
            if (Owner.Accept(this, message.ToFrame(System.Text.Encoding.UTF8.GetBytes(message.Type))) is { } item)
            {
                _inbox.Post(item);
            }
        }
        catch (Exception exception)
        {
            ReportError(SockhopErrorCodes.DeserializeFailed, $"A message does not fit its handler: {exception.Message}", exception);
        }

        _inbox.DrainSoon();
    }

    /// <summary>Reports an error of the peer, and ends the connection at the last of too many.</summary>
    private void ReportError(string code, string message, Exception? cause = null)
    {
        var error = new SockhopException(code, message, cause);
        Post(error, static (connection, error) => connection.Owner.OnError(connection, error));
        if (++_errorsInARow >= _settings.MaxProtocolErrors)
        {
            Fail(SockhopErrorCodes.TooManyErrors, $"{nameof(SockhopOptions.MaxProtocolErrors)} ({_settings.MaxProtocolErrors}) errors in a row.");
        }
    }

    private void Fail(string code, string message)
    {
        _isBroken = true;
        var error = new SockhopException(code, message);
        Post(error, static (connection, error) => connection.Owner.OnError(connection, error));
        _ = CloseAsync(SockhopCloseReason.ProtocolError, error);
    }
}
