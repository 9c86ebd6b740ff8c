using System.Globalization;

namespace Polywire.Sockhop.Peer;

/// <summary>The requests of one connection that wait for replies, and the one timer that makes them expire.</summary>
/// <remarks>A client that sends requests again hands its table on to the next connection. Safe for any thread.</remarks>
internal sealed class RequestTable : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly int _limit;

    // Made with the first request: most sessions never ask.
    private RequestIds _ids;
    private Dictionary<long, PendingRequest>? _requests;
    private ITimer? _timer;
    private long _last;
    private long _armed = long.MaxValue;

    public RequestTable(TimeProvider time, int limit)
    {
        _time = time;
        _limit = limit;
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _requests?.Count ?? 0;
            }
        }
    }

    public void WriteId(PendingRequest request, Span<byte> id) => _ids.Write(request.Number, id);

    /// <summary>Adds a request and gives it a number.</summary>
    /// <exception cref="SockhopException">There are too many.</exception>
    public void Add(PendingRequest request, TimeSpan? timeout)
    {
        request.Table = this;
        request.Deadline = timeout is { } time ? _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency) : long.MaxValue;
        lock (_gate)
        {
            if (_requests is null)
            {
                _requests = [];
                _ids = RequestIds.Create();
            }
            else if (_requests.Count >= _limit)
            {
                throw new SockhopException(
                    SockhopErrorCodes.TooManyRequests, $"{nameof(SockhopOptions.MaxPendingRequests)} ({_limit}) requests wait for their replies.");
            }

            request.Number = ++_last;
            _requests.Add(_last, request);
            if (request.Deadline < _armed)
            {
                Arm(request.Deadline);
            }
        }
    }

    /// <summary>Takes the request that an id belongs to.</summary>
    public PendingRequest? Take(ReadOnlySpan<byte> id)
    {
        if (!_ids.TryRead(id, out var number))
        {
            return null;
        }

        lock (_gate)
        {
            return _requests!.Remove(number, out var request) ? request : null;
        }
    }

    public bool TryRemove(PendingRequest request)
    {
        lock (_gate)
        {
            return _requests!.Remove(request.Number);
        }
    }

    /// <summary>Everything that waits, in the order it was made; it stays.</summary>
    public PendingRequest[] Snapshot()
    {
        lock (_gate)
        {
            return _requests is null ? [] : [.. _requests.Values.OrderBy(request => request.Number)];
        }
    }

    /// <summary>Takes everything that waits, in the order it was made.</summary>
    public PendingRequest[] TakeAll()
    {
        lock (_gate)
        {
            PendingRequest[] all = _requests is null ? [] : [.. _requests.Values.OrderBy(request => request.Number)];
            _requests?.Clear();
            return all;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            _armed = long.MinValue;
        }
    }

    private void Arm(long deadline)
    {
        _armed = deadline;
        _timer ??= _time.CreateGuardedTimer(static table => table.Expire(), this, Timeout.InfiniteTimeSpan);

        // Rounded up, so that it has come when the timer fires.
        var pause = TimeSpan.FromMilliseconds(Math.Ceiling(_time.GetElapsedTime(_time.GetTimestamp(), deadline).TotalMilliseconds));
        _timer.Change(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Expire()
    {
        List<PendingRequest> expired = [];
        lock (_gate)
        {
            if (_timer is null)
            {
                return;
            }

            var now = _time.GetTimestamp();
            var next = long.MaxValue;
            foreach (var request in _requests!.Values)
            {
                if (request.Deadline <= now)
                {
                    expired.Add(request);
                }
                else
                {
                    next = Math.Min(next, request.Deadline);
                }
            }

            foreach (var request in expired)
            {
                _requests.Remove(request.Number);
            }

            _armed = long.MaxValue;
            if (next != long.MaxValue)
            {
                Arm(next);
            }
        }

        foreach (var request in expired)
        {
            request.SetError(new SockhopException(
                SockhopErrorCodes.ReplyTimeout, string.Create(CultureInfo.InvariantCulture, $"No reply to request {request.Number} in time.")));
            ThreadPool.UnsafeQueueUserWorkItem(static request => request.Run(), request, preferLocal: false);
        }
    }
}
