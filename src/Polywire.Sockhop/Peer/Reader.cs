using System.Runtime.CompilerServices;
using Polywire.Sockhop.Bounds;
using Polywire.Sockhop.Protocol;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop.Peer;

/// <summary>Receives, has what came parsed and run, and receives again: one thread at a time, between two receives.</summary>
/// <remarks>
/// The thread that received runs the inbox before it reads on; where that takes too long, another becomes the reader (<see cref="Replace"/>).
/// While more waits for handlers than may, nothing is received.
/// </remarks>
internal sealed class Reader : IThreadPoolWorkItem, IBodyOwner
{
    private const int ReceivesPerTurn = 16;

    private readonly Lock _gate;
    private readonly Wire _wire;
    private readonly Life _life;
    private readonly Inbox _inbox;
    private readonly ConnectionSettings _settings;
    private readonly IReaderOwner _owner;
    private readonly IMessageSink _sink;
    private readonly ReceiveBuffer _buffer = new();
    private readonly Action _onReceived;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receiving;
    private int _carried = -1;
    private FirstLine _firstLine;
    private bool _looksAtFirstLine;
    private bool _paused;
    private int _runs;
    private volatile bool _hasEnded;
    private long _unread;
    private IInputAccount? _account;
    private uint _awaitedAfter;

    public Reader(Lock gate, Wire wire, Life life, Inbox inbox, ConnectionSettings settings, bool isServer, IReaderOwner owner, IMessageSink sink)
    {
        _gate = gate;
        _wire = wire;
        _life = life;
        _inbox = inbox;
        _settings = settings;
        _owner = owner;
        _sink = sink;
        _looksAtFirstLine = isServer;
        _onReceived = OnReceived;
        Messages = new MessageReader(_buffer, settings, life, sink);
    }

    /// <summary>What makes messages of the bytes; for the reader's thread.</summary>
    public MessageReader Messages { get; }

    /// <summary>Whether nothing more is received.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Whether reading waits for handlers.</summary>
    public bool IsPaused => Volatile.Read(ref _paused);

    /// <summary>What waits for handlers, in bytes; any thread.</summary>
    public long WaitingBytes => _inbox.Cost + Math.Max(0, Volatile.Read(ref _unread));

    private bool IsFull => _inbox.IsFull || Volatile.Read(ref _unread) > _settings.ReceiveQueueLimit;

    /// <summary>What comes after the message that is looked at is binary; by the reader's thread.</summary>
    /// <returns>Whether it was text before.</returns>
    public bool TrySwitchToBinary()
    {
        lock (_gate)
        {
            return !Messages.IsBinary && !_life.IsClosed && (Messages.IsBinary = true);
        }
    }

    /// <summary>Begins to read, or goes on, on a thread of the pool.</summary>
    public void ReadSoon() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Has another thread read on, if the reader still runs what it received.</summary>
    public void Replace()
    {
        if (Interlocked.Exchange(ref _runs, 0) == 1)
        {
            ReadSoon();
        }
    }

    /// <summary>Called when there is room again for what was received.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (!_paused)
            {
                return;
            }

            _paused = false;
        }

        ReadSoon();
    }

    /// <summary>Counts again what waits for handlers; any thread.</summary>
    public void SettleInput() => Volatile.Read(ref _account)?.Settle();

    void IBodyOwner.CountUnread(long bytes)
    {
        var unread = Interlocked.Add(ref _unread, bytes);
        if (bytes < 0)
        {
            SettleInput();
        }

        if (unread <= _settings.ReceiveQueueLimit && unread - bytes > _settings.ReceiveQueueLimit)
        {
            Resume();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        var carried = _carried;
        _carried = -1;
        Read(carried);
    }

    private void OnReceived()
    {
        int received;
        try
        {
            received = _receiving.GetResult();
        }
        catch (Exception exception)
        {
            End(exception);
            return;
        }

        Read(received);
    }

    /// <param name="received">How many bytes were received; -1 where none were asked for.</param>
    private void Read(int received)
    {
        try
        {
            for (var turn = 0; ; turn++)
            {
                if (received == 0)
                {
                    End(null);
                    return;
                }

                if (received > 0)
                {
                    Take(received);
                }

                if (!RunReceived() || Pause())
                {
                    return;
                }

                if (_life.IsDeaf)
                {
                    _buffer.Clear();
                }

                var room = _buffer.Room();
                AwaitInput();
                var receiving = _wire.ReceiveAsync(room);
                if (!receiving.IsCompletedSuccessfully)
                {
                    // From here on the reader may be another thread.
                    _receiving = receiving.ConfigureAwait(false).GetAwaiter();
                    _receiving.UnsafeOnCompleted(_onReceived);
                    return;
                }

                received = receiving.GetAwaiter().GetResult();
                if (turn == ReceivesPerTurn)
                {
                    // A peer that sends without pause would keep this thread from everybody else.
                    _carried = received;
                    ReadSoon();
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    private void Take(int received)
    {
        var bytes = _buffer.Add(received);
        _account?.Resume();
        if (_looksAtFirstLine && !_life.IsDeaf)
        {
            LookAtFirstLine(bytes);
        }

        Messages.Parse();
    }

    // Before any line is read: what a web page has a browser send ends here.
    private void LookAtFirstLine(ReadOnlySpan<byte> received)
    {
        var kind = _firstLine.Look(received);
        _looksAtFirstLine = !_firstLine.IsOver;
        if (kind == FirstLineKind.Http)
        {
            _sink.OnBroken(SockhopErrorCodes.HttpRequest, "An HTTP request came to a server that speaks Sockhop.");
        }
        else if (kind == FirstLineKind.Tls)
        {
            _sink.OnBroken(SockhopErrorCodes.TlsNotEnabled, $"A client began with TLS, which this server does not speak: {nameof(SockhopServerOptions.Tls)} is not set.");
        }
    }

    /// <summary>Runs what was parsed: what comes meanwhile is then read in one piece, and answered in one.</summary>
    /// <returns>Whether this thread still is the reader; else it took so long that another has become it.</returns>
    private bool RunReceived()
    {
        if (!_inbox.HasWork)
        {
            return true;
        }

        Volatile.Write(ref _runs, 1);
        _inbox.Drain();
        return Interlocked.Exchange(ref _runs, 0) == 1;
    }

    private bool Pause()
    {
        if (!IsFull)
        {
            return false;
        }

        lock (_gate)
        {
            // At the end, what comes is thrown away.
            return _paused = IsFull && !_life.IsDeaf;
        }
    }

    // Before more is received into the block.
    private void AwaitInput()
    {
        if (_settings.Budget is not { } budget)
        {
            return;
        }

        var isWithinBody = Messages.IsWithinBody;
        var account = _account;
        if (account is null)
        {
            if (_buffer.Length == 0 && !isWithinBody && _buffer.Size <= InputBudget.FreeBytes && WaitingBytes == 0)
            {
                return;
            }

            account = budget.Open(_owner);
            Volatile.Write(ref _account, account);
        }

        account.Report(_buffer.Size);

        // What is left of a body that is read as a stream; of anything else, what has come.
        account.Await(isWithinBody ? long.MaxValue - Messages.MissingOfBody : _buffer.Length, Messages.Taken != _awaitedAfter);
        _awaitedAfter = Messages.Taken;
    }

    private void End(Exception? error)
    {
        _hasEnded = true;
        var isWithinBody = Messages.IsWithinBody;
        Messages.EndBody(_life.Error);
        if (error is null && !_life.IsDeaf && (_buffer.Length > 0 || isWithinBody))
        {
            _sink.OnBadMessage(
                Messages.IsBinary ? SockhopErrorCodes.DeserializeFailed : SockhopErrorCodes.BadBufferData,
                isWithinBody ? "The connection ended within a buffer." : $"The connection ended within a message, after {_buffer.Length} bytes of it.");
        }

        _owner.OnReadEnded(error);
        _buffer.Release();
        _account?.Close();
    }
}
