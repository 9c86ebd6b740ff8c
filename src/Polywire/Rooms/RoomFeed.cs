using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Rooms;

/// <summary>What one node delivers of a room with history: the log from some point on, in its order, each message once.</summary>
/// <remarks>
/// Messages come from those who speak here, as soon as they are appended, and from the log's listener, in whatever order, with holes and twice. What is behind
/// the cursor is dropped, what is the next is delivered, and a hole is filled from the log; nothing overtakes. One runs at a time: who comes while another delivers leaves its
/// message and waits for it. Source: cluster.md DL-11, DL-86.
/// </remarks>
internal sealed partial class RoomFeed(
    string room, RoomLogBounds bounds, IRoomLog log, Func<RoomLogEntry, ValueTask> deliver, ILogger logger)
{
    private const int PageMessages = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Item> _waiting = [];
    private readonly List<(RoomPosition Position, Item Item)> _others = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _epoch;
    private long _cursor;
    private long _reads;
    private bool _runs;
    private bool _stale;

    /// <summary>Completes when the log has told that the history ended, behind everything that was said.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins at the newest message; called once, when the log is listened to.</summary>
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        var state = (await log.PositionsAsync([new(room, bounds)], cancellationToken))[0];
        lock (_gate)
        {
            (_epoch, _cursor) = state is null ? ("", 0) : (state.Top.Epoch, state.Top.Offset);
            Adopt();
            _stale |= _others.Count > 0;
        }

        await DrainAsync(null);
    }

    /// <summary>Hears what the log tells.</summary>
    public ValueTask HearAsync(RoomLogEvent told)
    {
        if (told.IsEnd)
        {
            _ended.TrySetResult();
            return default;
        }

        var entry = told.Entry;
        return OfferAsync(new RoomPosition(told.Epoch, entry.Offset), () => deliver(entry));
    }

    /// <summary>Looks whether the log is further than what was delivered; for when messages may have been missed.</summary>
    public ValueTask CatchUpAsync()
    {
        lock (_gate)
        {
            _stale = true;
        }

        return DrainAsync(null);
    }

    /// <summary>Takes a message that is in the log.</summary>
    /// <param name="position">Where it is in the log.</param>
    /// <param name="hand">Delivers it; called at most once, when it is the next.</param>
    /// <returns>Completes when it has been delivered, by whomever.</returns>
    public ValueTask OfferAsync(RoomPosition position, Func<ValueTask> hand)
    {
        var item = new Item(hand);
        lock (_gate)
        {
            if (_epoch != position.Epoch)
            {
                // Of another history, or nobody knows yet: that of the log counts, and will be read.
                _others.Add((position, item));
                _stale = true;
            }
            else if (position.Offset <= _cursor)
            {
                return default;
            }
            else if (!_waiting.TryAdd(position.Offset, item))
            {
                item = _waiting[position.Offset];
            }

            item.Read = _reads;
            if (_epoch is null)
            {
                return default;
            }

            if (_runs)
            {
                return new ValueTask(item.Done.Task);
            }
        }

        return DrainAsync(item);
    }

    private async ValueTask DrainAsync(Item? own)
    {
        lock (_gate)
        {
            if (_runs || _epoch is null)
            {
                return;
            }

            _runs = true;
        }

        while (await StepAsync())
        {
            if (own is { Done.Task.IsCompleted: true })
            {
                // Who speaks does not work for all who spoke meanwhile.
                _ = Task.Run(async () =>
                {
                    while (await StepAsync())
                    {
                    }
                });
                return;
            }
        }
    }

    /// <summary>Does the next thing there is to do.</summary>
    /// <returns>False where there was none, so that nobody runs any more.</returns>
    private async ValueTask<bool> StepAsync()
    {
        Item? next = null;
        lock (_gate)
        {
            while (_waiting.Count > 0 && _waiting.First() is { } first && first.Key <= _cursor)
            {
                _waiting.Remove(first.Key);
                first.Value.Done.TrySetResult();
            }

            if (!_stale && _waiting.Remove(_cursor + 1, out next))
            {
                _cursor++;
            }
            else if (!_stale && _waiting.Count == 0)
            {
                _runs = false;
                return false;
            }
        }

        if (next is null)
        {
            await TryFillAsync();
        }
        else
        {
            await HandAsync(next);
        }

        return true;
    }

    private async ValueTask HandAsync(Item item)
    {
        try
        {
            await item.Hand();
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, LogText.OneLine(room, LogText.NameLength));
        }

        item.Done.TrySetResult();
    }

    private async ValueTask TryFillAsync()
    {
        try
        {
            await FillAsync();
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, LogText.OneLine(room, LogText.NameLength));
            Drop();
        }
    }

    /// <summary>Reads a page behind the cursor and delivers it; begins at what is kept where the log has another history.</summary>
    private async ValueTask FillAsync()
    {
        long after;
        string? epoch;
        lock (_gate)
        {
            (after, epoch, _stale) = (_cursor, _epoch, false);
            _reads++;
        }

        var page = await log.ReadAsync(room, after, PageMessages, bounds, CancellationToken.None);
        if (page is not null && page.State.Top.Epoch != epoch)
        {
            page = await log.ReadAsync(room, 0, PageMessages, bounds, CancellationToken.None);
        }

        if (page is null)
        {
            // Destroyed: who is still here is taken out by those who heard of it.
            Drop();
            return;
        }

        lock (_gate)
        {
            Turn(page.State.Top.Epoch);
        }

        // What the log keeps no more, or never did, but is here.
        while (TryTakeBelow(page.State.First, out var item))
        {
            await HandAsync(item);
        }

        foreach (var entry in page.Entries)
        {
            lock (_gate)
            {
                if (entry.Offset <= _cursor)
                {
                    continue;
                }

                _cursor = entry.Offset;
            }

            await deliver(entry);
        }

        lock (_gate)
        {
            // More behind the page; or a message that was told of and is not in the log, which is nothing.
            _stale |= page.Entries.Count == PageMessages;
        }

        if (page.Entries.Count == 0)
        {
            Drop();
        }
    }

    private bool TryTakeBelow(long first, [NotNullWhen(true)] out Item? item)
    {
        lock (_gate)
        {
            foreach (var (offset, waiting) in _waiting)
            {
                if (offset > _cursor && offset < first)
                {
                    (_cursor, item) = (offset, waiting);
                    return _waiting.Remove(offset);
                }
            }

            (_cursor, item) = (Math.Max(_cursor, first - 1), null);
            return false;
        }
    }

    /// <summary>Begins another history where the log has one. What waits of the old one is good no more, and what came of the new one now has its place.</summary>
    private void Turn(string? epoch)
    {
        if (_epoch != epoch)
        {
            foreach (var item in _waiting.Values)
            {
                item.Done.TrySetResult();
            }

            _waiting.Clear();
            (_epoch, _cursor) = (epoch, 0);
        }

        Adopt();
        DropOthers();
    }

    private void Adopt() => _others.RemoveAll(other =>
    {
        if (other.Position.Epoch != _epoch)
        {
            return false;
        }

        if (other.Position.Offset <= _cursor || !_waiting.TryAdd(other.Position.Offset, other.Item))
        {
            other.Item.Done.TrySetResult();
        }

        return true;
    });

    // Nobody is to wait for what will not come now; the next message finds the hole. What came while the log was read may be there, and is for the next read.
    private void Drop()
    {
        lock (_gate)
        {
            foreach (var (offset, item) in _waiting.Where(waiting => waiting.Value.Read < _reads).ToArray())
            {
                _waiting.Remove(offset);
                item.Done.TrySetResult();
            }

            DropOthers();
        }
    }

    private void DropOthers() => _others.RemoveAll(other => other.Item.Read < _reads && other.Item.Done.TrySetResult());

    private static partial class Log
    {
        [LoggerMessage(EventIds.RoomLogFailed, LogLevel.Warning, "The history of {Room} could not be read or delivered; the next message tries again")]
        public static partial void Failed(ILogger logger, Exception exception, string room);
    }

    private sealed class Item(Func<ValueTask> hand)
    {
        public Func<ValueTask> Hand { get; } = hand;

        /// <summary>The number of the read that had begun when it was offered: a later one would have found it.</summary>
        public long Read { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
