using Polywire.Load.Measuring;

namespace Polywire.Load.Wire;

/// <summary>A connection that sends requests and times their answers, in a closed loop or on a schedule.</summary>
/// <remarks>
/// At most <c>depth</c> requests are in flight. In the closed loop (<see cref="Run"/>) an answer makes the next request.
/// On a schedule (<see cref="Due"/>) a request that finds all slots taken waits here with its clock running: its latency
/// counts from when it was due, so a stalled server can not hide the requests it kept from being sent.
/// </remarks>
internal sealed class RequestConnection : IAsyncDisposable
{
    /// <summary>Due requests kept back for one connection; beyond it they count as lost.</summary>
    private const int MaxBacklog = 1 << 16;

    private readonly Lock _gate = new();
    private readonly ClientConnection _connection;
    private readonly MessageSender _sender;
    private readonly RequestTemplate _template;
    private readonly InFlightTable _inFlight;
    private readonly Queue<long> _backlog = new();
    private readonly Recorder _recorder;
    private readonly Tally _tally;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _receiving;
    private bool _looping;
    private bool _stopped;
    private bool _closing;
    private bool _ended;

    public RequestConnection(ClientConnection connection, RequestTemplate template, int depth, Recorder recorder, Tally tally)
    {
        _connection = connection;
        _sender = new MessageSender(connection);
        _template = template;
        _inFlight = new InFlightTable(depth);
        _recorder = recorder;
        _tally = tally;
        _receiving = ReceiveAsync();
    }

    public long BytesIn => _connection.BytesIn;

    public long BytesOut => _connection.BytesOut;

    /// <summary>Opens <paramref name="count"/> connections, a bounded number at a time. Failures are tallied, not thrown.</summary>
    public static async Task<List<RequestConnection>> OpenManyAsync(
        int count, LoadOptions options, Target target, Recorder recorder, Tally tally, CancellationToken deadline)
    {
        var template = options.Request(target);
        var lines = await ConnectionOpener.OpenAsync(count, target, options, tally, 4096, 0, deadline);
        return [.. lines.Select(line => new RequestConnection(line, template, options.Depth, recorder, tally))];
    }

    /// <summary>Starts the closed loop.</summary>
    public void Run()
    {
        lock (_gate)
        {
            _looping = true;
            Refill(Clock.Now);
        }

        _sender.Flush();
    }

    /// <summary>Sends a request that is due at <paramref name="intended"/>, or keeps it until a slot is free.</summary>
    public void Due(long intended)
    {
        lock (_gate)
        {
            if (_ended || _backlog.Count >= MaxBacklog)
            {
                _tally.Lose(1, _ended ? "a request was due on an ended connection" : "a connection fell too far behind its schedule");
                return;
            }

            if (_backlog.Count > 0 || !Start(intended))
            {
                _backlog.Enqueue(intended);
                return;
            }
        }

        _sender.Flush();
    }

    /// <summary>Sends nothing new and waits for what is in flight or due; what does not come in time is lost.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        lock (_gate)
        {
            _stopped = true;
            SignalIfDrained();
        }

        await Task.WhenAny(_drained.Task, Task.Delay(timeout));
        lock (_gate)
        {
            _closing = true;
            _tally.Lose(_inFlight.Count + _backlog.Count, "an answer had not come within the time-out");
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
        }

        _connection.Dispose();
        await _receiving;
        await _sender.FinishAsync();
    }

    private async Task ReceiveAsync()
    {
        // What ended the connection; stays as it is when the server closed in order.
        var reason = "the server ended a connection";
        try
        {
            while (await _connection.ReceiveAsync())
            {
                TakeLines();
            }
        }
        catch (Exception e) when (ClientConnection.IsEnd(e) || e is InvalidDataException)
        {
            reason = e.Message;
        }

        lock (_gate)
        {
            _ended = true;
            if (!_closing)
            {
                _tally.Close(reason);
            }
        }

        _drained.TrySetResult();
    }

    private void TakeLines()
    {
        var now = Clock.Now;
        lock (_gate)
        {
            while (_connection.TryReadMessage(out var line))
            {
                TakeLine(line, now);
            }

            Refill(now);
            SignalIfDrained();
        }

        _sender.Flush();
    }

    private void TakeLine(ReadOnlySpan<byte> line, long now)
    {
        if (!MessageScanner.TryReadId(line, out var id) || !_inFlight.TryFinish(id, out var startedAt))
        {
            if (!MessageScanner.IsBroadcast(line) && !MessageScanner.IsWelcome(line))
            {
                _tally.Surprise("answers nothing that was asked: " + MessageScanner.Show(line));
            }

            return;
        }

        if (!MessageScanner.IsError(line))
        {
            _recorder.Answer(startedAt, now);
        }
        else if (MessageScanner.IsRefusal(line))
        {
            _tally.Refuse();
        }
        else
        {
            _tally.Error(MessageScanner.Show(line));
        }
    }

    private void Refill(long now)
    {
        while (_backlog.TryPeek(out var intended) && Start(intended))
        {
            _backlog.Dequeue();
        }

        while (_looping && !_stopped && Start(now))
        {
            // Until no slot is free.
        }
    }

    private bool Start(long startedAt)
    {
        if (!_inFlight.TryStart(startedAt, out var id))
        {
            return false;
        }

        _sender.Append(_template, id);
        return true;
    }

    private void SignalIfDrained()
    {
        if (_stopped && _inFlight.Count == 0 && _backlog.Count == 0)
        {
            _drained.TrySetResult();
        }
    }
}
