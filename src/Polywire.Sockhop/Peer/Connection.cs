using System.Diagnostics.CodeAnalysis;
using Polywire.Sockhop.Bounds;
using Polywire.Sockhop.Protocol;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop.Peer;

/// <summary>One connection from its beginning to its end, of a client or of a server: a new connection is a new object.</summary>
/// <remarks>
/// What it does is done by its parts: the reader, the inbox, the writer, the handshake. This type wires them, begins, and ends. One gate guards
/// what they have to change together: the stage, the queue and the mode of what is sent.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The inbox is disposed of by its last item, which tells of the end.")]
internal sealed class Connection : ILifeOwner, IWriterOwner, IReaderOwner, IInboxOwner, IHandshakeOwner
{
    private readonly Lock _gate = new();
    private readonly Life _life;
    private readonly Inbox _inbox;
    private readonly Events _events;
    private readonly Writer _writer;
    private readonly Pings _pings;
    private readonly Handshake _handshake;
    private readonly RequestSender _sender;
    private readonly Dispatcher _dispatcher;
    private readonly Reader _reader;

    public Connection(IConnectionOwner owner, Wire wire, ConnectionSettings settings, RequestTable requests, bool isServer)
    {
        Owner = owner;
        IsServer = isServer;
        Wire = wire;
        Settings = settings;
        Requests = requests;
        _life = new Life(_gate, wire, settings, this);
        _inbox = new Inbox(settings.Time, settings.ReceiveQueueLimit, this);
        _events = new Events(this, _life, _inbox);
        _writer = new Writer(_gate, wire, _life, settings.Encoder, settings.SendQueueLimit, this);
        _pings = new Pings(_gate, _life, _writer, settings.Time, isServer);
        _handshake = new Handshake(_gate, _life, _writer, _pings, settings, this);
        _sender = new RequestSender(this, _writer, _inbox);
        _dispatcher = new Dispatcher(this, _handshake, _pings, _inbox, _events);
        _reader = new Reader(_gate, wire, _life, _inbox, settings, isServer, this, _dispatcher);
        SockhopTelemetry.Connections.Count(1);
    }

    public IConnectionOwner Owner { get; }

    public bool IsServer { get; }

    public Wire Wire { get; }

    public ConnectionSettings Settings { get; }

    public RequestTable Requests { get; }

    /// <summary>Who counts what waits in streams of received buffers.</summary>
    public IBodyOwner Bodies => _reader;

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Ended => _life.Ended;

    public bool IsOpen => _life.IsOpen;

    public bool IsClosed => _life.IsClosed;

    public bool IsHandshaked => _handshake.IsHandshaked;

    public bool IsInitialized => _handshake.IsInitialized;

    /// <summary>Whether reading waits for handlers.</summary>
    public bool IsPaused => _reader.IsPaused;

    public SockhopBinaryMode BinaryMode => new() { Rx = _reader.Messages.IsBinary, Tx = _writer.IsBinary };

    /// <summary>How many bytes wait to be written, without what waits for room.</summary>
    public long QueuedBytes => _writer.QueuedBytes;

    /// <summary>Ends with the handshake, one way or the other.</summary>
    public Task<SockhopHandshakeResult> Handshake => _events.HandshakeTold;

    /// <summary>Ends when nothing more will be sent or received.</summary>
    public Task Closed => _life.Closed;

    /// <summary>Ends when the owner was told of the end: no event of this connection follows.</summary>
    public Task EndTold => _events.EndTold;

    /// <summary>Ends when the wire is not used any more, a moment after <see cref="Closed"/>.</summary>
    public Task Released => _life.Released;

    long IInputHolder.OtherBytes => _reader.WaitingBytes;

    /// <summary>Announces the connection, shakes hands and begins to read.</summary>
    public void Start()
    {
        var isNew = _life.TryOpen();
        if (isNew)
        {
            Announce();
        }

        if (_life.Announce())
        {
            _events.PostEnd();
        }

        _inbox.DrainSoon();
        if (isNew)
        {
            _reader.ReadSoon();
        }
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
            _dispatcher.OnMisfit(exception);
        }

        _inbox.DrainSoon();
    }

    /// <summary>Keeps a message's bytes where they are, if that holds up no more memory than they are worth; by the reader's thread.</summary>
    /// <param name="frame">The message, which is being looked at.</param>
    /// <param name="bytes">Its bytes, good until <paramref name="block"/> is released.</param>
    /// <param name="block">What they lie in; null where <paramref name="bytes"/> is a copy.</param>
    public void Keep(in Frame frame, out ReadOnlyMemory<byte> bytes, out ReceiveBlock? block) => _reader.Messages.Keep(frame, out bytes, out block);

    /// <summary>Sends a message of the application.</summary>
    /// <returns>Ends when it is in the queue, and memory or a stream of the sender's is written.</returns>
    /// <exception cref="SockhopException">The connection has ended, or the message has no form on the wire.</exception>
    public ValueTask SendAsync(scoped in OutboundFrame frame, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var sending = _writer.Enqueue(frame, out var held);
        return held is null ? sending : new ValueTask(held.WaitAsync(cancellationToken));
    }

    /// <summary>Sends a request.</summary>
    public Task<T> RequestAsync<T>(scoped in OutboundFrame frame, TimeSpan? timeout, CancellationToken cancellationToken) =>
        _sender.RequestAsync<T>(frame, timeout, cancellationToken);

    /// <summary>Sends the requests again that waited for this connection.</summary>
    public void Resend(IEnumerable<PendingRequest> requests) => _sender.Resend(requests);

    /// <summary>Sends a reply.</summary>
    public ValueTask ReplyAsync(in CallbackId id, scoped in OutboundFrame frame, CancellationToken cancellationToken)
    {
        var whole = frame;
        whole.Kind = FrameKind.Response;
        whole.Id = id.Value;
        whole.IdIsJson = id.IsJson;
        return SendAsync(whole, cancellationToken);
    }

    /// <summary>One tick of the owner's ping timer: pings, or ends the connection if the last four were in vain.</summary>
    public void Ping()
    {
        if (IsInitialized && _pings.Tick(isReading: !IsPaused))
        {
            _ = CloseAsync(SockhopCloseReason.PingTimeout);
        }
    }

    /// <summary>Forgets the pings that were not answered: the owner has set another pace.</summary>
    public void ForgetPings() => _pings.Forget();

    /// <summary>What comes after this message is binary; by the reader's thread.</summary>
    public void SwitchToBinary()
    {
        if (_reader.TrySwitchToBinary())
        {
            _events.PostBinaryMode(receiving: true);
        }
    }

    /// <summary>Ends the connection in order, since the peer broke the protocol: nothing that still comes is looked at.</summary>
    public void Fail(string code, string message)
    {
        _life.Break();
        var error = new SockhopException(code, message);
        _events.PostError(error);
        _ = CloseAsync(SockhopCloseReason.ProtocolError, error);
    }

    /// <summary>
    /// Ends the connection in order: what was accepted is written first, for a while. Once more where what the first waits for cannot come any
    /// more.
    /// </summary>
    /// <returns>Ends when nothing more will be sent.</returns>
    public Task CloseAsync(SockhopCloseReason reason, Exception? error = null) => _life.CloseAsync(reason, error);

    /// <summary>Ends the connection at once.</summary>
    public void Abort(SockhopCloseReason reason, Exception? error = null) => _life.Abort(reason, error);

    void IInputHolder.EndInput(in InputEnd end)
    {
        var error = InputErrors.Of(end);
        _life.Break();
        _events.PostError(error);

        // There are no words for it on the wire, and the memory is wanted now.
        Abort(SockhopCloseReason.ProtocolError, error);
    }

    bool ILifeOwner.IsAllWritten => _writer.IsAllWritten;

    bool ILifeOwner.IsReading => !_reader.HasEnded;

    void ILifeOwner.OnClosing() => _handshake.Switch.KeepOrRelease(hears: !_reader.HasEnded && !_life.IsDeaf);

    void ILifeOwner.WriteRest() => _writer.Flush();

    void ILifeOwner.OnClosed(SockhopException error)
    {
        lock (_gate)
        {
            _handshake.Forget();
            _reader.Messages.IsBinary = false;
            _writer.Fail(error);
        }

        _handshake.Stop();
        _sender.FailAll(error);
        _reader.Resume();
        Owner.OnClosing(this);
        if (_life.MayTellEnd())
        {
            _events.PostEnd();
        }

        _inbox.DrainSoon();
    }

    void ILifeOwner.OnCallbackFailed(AggregateException exception) =>
        Owner.OnError(this, new SockhopException(SockhopErrorCodes.SocketDestroyed, "A callback on the end of the connection failed.", exception));

    void IInboxOwner.OnStalled() => _reader.Replace();

    void IInboxOwner.OnPassEnded() => _writer.Flush();

    void IInboxOwner.OnRoom() => _reader.Resume();

    void IInboxOwner.OnLessWaits() => _reader.SettleInput();

    void IHandshakeOwner.OnSwitched() => _events.PostBinaryMode(receiving: false);

    void IHandshakeOwner.OnSettled(SockhopHandshakeResult result) => _events.PostHandshake(result);

    void IHandshakeOwner.OnToldLate() => _inbox.DrainSoon();

    void IWriterOwner.OnWriteFailed(Exception exception) => Abort(SockhopCloseReason.TransportError, exception);

    void IWriterOwner.OnAllWritten() => _life.Finish();

    void IReaderOwner.OnReadEnded(Exception? error)
    {
        if (IsClosed)
        {
            _life.Release();
        }
        else if (error is null)
        {
            _events.Post(true, static (connection, _) => connection.CloseAsync(SockhopCloseReason.RemoteClosed));
            _inbox.Drain();
        }
        else
        {
            Abort(SockhopCloseReason.TransportError, error);
        }
    }

    private void Announce()
    {
        if (Settings.CompatibilityMode)
        {
            _handshake.Skip();
        }

        // Before anything is written: who hears of the connection from the peer may use it here at once.
        Owner.OnConnected(this);
        if (!Settings.CompatibilityMode)
        {
            _handshake.Begin();
        }
    }
}
