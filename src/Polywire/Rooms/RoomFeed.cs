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
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _epoch;
    private long _cursor;
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
            if (_epoch == position.Epoch && position.Offset <= _cursor)
            {
                return default;
            }

            if (_epoch is not null && _epoch != position.Epoch)
            {
                // Of another history: that of the log counts, and will be read.
                _stale = true;
            }
            else if (!_waiting.TryAdd(position.Offset, item))
            {
                return new ValueTask(_waiting[position.Offset].Done.Task);
            }

            if (_runs || _epoch is null)
            {
                return _epoch is null ? default : new ValueTask(_stale ? Task.CompletedTask : item.Done.Task);
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

        try
        {
            if (next is null)
            {
                await FillAsync();
            }
            else
            {
                await next.Hand();
            }
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, LogText.OneLine(room, LogText.NameLength));
            GiveUp();
        }

        next?.Done.TrySetResult();
        return true;
    }

    /// <summary>Reads a page behind the cursor and delivers it; begins at what is kept where the log has another history.</summary>
    private async ValueTask FillAsync()
    {
        long after;
        string? epoch;
        lock (_gate)
        {
            (after, epoch, _stale) = (_cursor, _epoch, false);
        }

        var page = await log.ReadAsync(room, after, PageMessages, bounds, CancellationToken.None);
        if (page is not null && page.State.Top.Epoch != epoch)
        {
            page = await log.ReadAsync(room, 0, PageMessages, bounds, CancellationToken.None);
        }

        if (page is null)
        {
            // Destroyed: who is still here is taken out by those who heard of it.
            GiveUp();
            return;
        }

        lock (_gate)
        {
            _cursor = Math.Max(page.State.Top.Epoch == _epoch ? _cursor : 0, page.State.First - 1);
            _epoch = page.State.Top.Epoch;
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
            if (page.Entries.Count == 0)
            {
                Drop();
            }
        }
    }

    // Nobody is to wait for what will not come now; the next message finds the hole.
    private void GiveUp()
    {
        lock (_gate)
        {
            _stale = false;
            Drop();
        }
    }

    private void Drop()
    {
        foreach (var item in _waiting.Values)
        {
            item.Done.TrySetResult();
        }

        _waiting.Clear();
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.RoomLogFailed, LogLevel.Warning, "The history of {Room} could not be read or delivered; the next message tries again")]
        public static partial void Failed(ILogger logger, Exception exception, string room);
    }

    private sealed class Item(Func<ValueTask> hand)
    {
        public Func<ValueTask> Hand { get; } = hand;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
