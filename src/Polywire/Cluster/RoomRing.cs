using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Polywire.Cluster;

/// <summary>The history of one room in memory. Safe to use concurrently; one lock, held for a few steps.</summary>
internal sealed class RoomRing(TimeProvider time)
{
    private const string EpochLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private readonly Lock _gate = new();
    private readonly Queue<Kept> _kept = new();
    private readonly Dictionary<(string? User, string Id), Known> _ids = [];
    private readonly Queue<(string? User, string Id)> _idsByAge = new();
    private ImmutableArray<SerialQueue<RoomLogEvent>> _listeners = [];
    private string? _epoch;
    private long _top;
    private bool _destroyed;

    /// <summary>Whether nothing would be lost but the knowledge that the room was destroyed.</summary>
    public bool IsForgettable
    {
        get
        {
            lock (_gate)
            {
                return _destroyed && _listeners.IsEmpty;
            }
        }
    }

    public AppendOutcome Append(RoomLogMessage message, RoomLogBounds bounds)
    {
        lock (_gate)
        {
            ForgetIds();
            if (message.Id is { } id && Look(id) is { } known)
            {
                return known;
            }

            if (_destroyed)
            {
                return new AppendOutcome { Result = AppendResult.NoRoom };
            }

            var position = default(RoomPosition);
            if (bounds.Count > 0)
            {
                position = new RoomPosition(Epoch(), ++_top);
                var entry = new RoomLogEntry { Offset = _top, Body = message.Body, Id = message.Id?.Value };
                _kept.Enqueue(new Kept(entry, time.GetTimestamp()));
                Trim(bounds);

                // Under the lock, so that the order of the queues is that of the offsets; nothing of anybody else's runs here.
                foreach (var listener in _listeners)
                {
                    listener.Add(new RoomLogEvent { Epoch = position.Epoch!, Entry = entry });
                }
            }

            if (message.Id is { } own)
            {
                var key = (own.User, own.Value);
                _ids[key] = new Known(position, own.Fingerprint, time.GetTimestamp(), bounds.DedupeWindow);
                _idsByAge.Enqueue(key);
            }

            return new AppendOutcome { Result = AppendResult.Appended, Position = position };
        }
    }

    public AppendOutcome? Find(RoomLogId id)
    {
        lock (_gate)
        {
            return Look(id);
        }
    }

    public RoomLogState? State(RoomLogBounds bounds)
    {
        lock (_gate)
        {
            return _destroyed ? null : StateNow(bounds);
        }
    }

    public RoomLogPage? Read(long after, int limit, RoomLogBounds bounds)
    {
        lock (_gate)
        {
            if (_destroyed)
            {
                return null;
            }

            var state = StateNow(bounds);
            var entries = new List<RoomLogEntry>();
            foreach (var kept in _kept)
            {
                if (entries.Count == limit)
                {
                    break;
                }

                if (kept.Entry.Offset > after)
                {
                    entries.Add(kept.Entry);
                }
            }

            return new RoomLogPage { State = state, Entries = entries };
        }
    }

    /// <summary>Ends the history.</summary>
    /// <returns>False where it was ended.</returns>
    public bool Destroy()
    {
        lock (_gate)
        {
            if (_destroyed)
            {
                return false;
            }

            _destroyed = true;
            foreach (var listener in _listeners)
            {
                listener.Add(new RoomLogEvent { Epoch = Epoch(), Entry = default });
            }

            (_epoch, _top) = (null, 0);
            _kept.Clear();
            _ids.Clear();
            _idsByAge.Clear();
            return true;
        }
    }

    public void Begin()
    {
        lock (_gate)
        {
            _destroyed = false;
        }
    }

    public void Add(SerialQueue<RoomLogEvent> listener)
    {
        lock (_gate)
        {
            _listeners = _listeners.Add(listener);
        }
    }

    public void Remove(SerialQueue<RoomLogEvent> listener)
    {
        lock (_gate)
        {
            _listeners = _listeners.Remove(listener);
        }
    }

    private string Epoch() => _epoch ??= RandomNumberGenerator.GetString(EpochLetters, 16);

    private RoomLogState StateNow(RoomLogBounds bounds)
    {
        Trim(bounds);
        return new RoomLogState
        {
            Top = bounds.Count > 0 ? new RoomPosition(Epoch(), _top) : default,
            First = _kept.TryPeek(out var oldest) ? oldest.Entry.Offset : _top + 1,
        };
    }

    private void Trim(RoomLogBounds bounds)
    {
        while (_kept.TryPeek(out var oldest) && (_kept.Count > bounds.Count || time.GetElapsedTime(oldest.Since) > bounds.Age))
        {
            _kept.Dequeue();
        }
    }

    private void ForgetIds()
    {
        while (_idsByAge.TryPeek(out var oldest) && (!_ids.TryGetValue(oldest, out var known) || IsOver(known)))
        {
            _idsByAge.Dequeue();
            _ids.Remove(oldest);
        }
    }

    private bool IsOver(Known known) => time.GetElapsedTime(known.Since) > known.Window;

    private AppendOutcome? Look(RoomLogId id)
    {
        if (!_ids.TryGetValue((id.User, id.Value), out var known) || IsOver(known))
        {
            return null;
        }

        return known.Fingerprint == id.Fingerprint
            ? new AppendOutcome { Result = AppendResult.Duplicate, Position = known.Position }
            : new AppendOutcome { Result = AppendResult.IdInUse };
    }

    private readonly record struct Kept(RoomLogEntry Entry, long Since);

    private readonly record struct Known(RoomPosition Position, string Fingerprint, long Since, TimeSpan Window);
}
