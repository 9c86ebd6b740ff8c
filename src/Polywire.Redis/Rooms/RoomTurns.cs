namespace Polywire.Redis.Rooms;

/// <summary>One turn for each room: what is asked about it is done in the order of the calls, one after the other (cluster.md NO-25). Safe to use concurrently.</summary>
/// <remarks>Rooms in which nobody waits cost nothing.</remarks>
internal sealed class RoomTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Place> _last = new(StringComparer.Ordinal);

    /// <summary>How many rooms have somebody whose turn it is, or who waits for it.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _last.Count;
            }
        }
    }

    /// <summary>Takes a place in the line of a room, behind all who have one. To be disposed of, whether or not its turn has come.</summary>
    public Turn Take(string room)
    {
        lock (_gate)
        {
            return new Turn(this, [Enter(room)]);
        }
    }

    /// <summary>Takes a place in the lines of many rooms in one step, so that of two who want the same rooms one is before the other in all of them.</summary>
    public Turn Take(IEnumerable<string> rooms)
    {
        var names = rooms.ToHashSet(StringComparer.Ordinal);
        lock (_gate)
        {
            return new Turn(this, [.. names.Select(Enter)]);
        }
    }

    private Place Enter(string room)
    {
        var place = new Place(room, _last.TryGetValue(room, out var last) ? last.Left.Task : Task.CompletedTask);
        _last[room] = place;
        return place;
    }

    private void Leave(Place place)
    {
        lock (_gate)
        {
            if (_last.TryGetValue(place.Room, out var last) && last == place)
            {
                _last.Remove(place.Room);
            }
        }

        place.Left.SetResult();
    }

    /// <summary>A place in the line of a room, or of several.</summary>
    internal sealed class Turn(RoomTurns turns, Place[] places) : IDisposable
    {
        private bool _isDisposed;

        /// <summary>Waits until it is one's turn in all of them.</summary>
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            foreach (var place in places)
            {
                await place.Before.WaitAsync(cancellationToken);
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, true))
            {
                return;
            }

            foreach (var place in places)
            {
                if (place.Before.IsCompleted)
                {
                    turns.Leave(place);
                }
                else
                {
                    // Gave up: whoever is behind still waits for those who are before.
                    place.Before.ContinueWith(_ => turns.Leave(place), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }
            }
        }
    }

    internal sealed class Place(string room, Task before)
    {
        public string Room { get; } = room;

        /// <summary>Completes when the one before has left.</summary>
        public Task Before { get; } = before;

        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
