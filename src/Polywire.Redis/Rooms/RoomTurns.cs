namespace Polywire.Redis.Rooms;

/// <summary>
/// The turns of each room: what is asked about it is done in the order of the calls, one kind after the other (cluster.md NO-25). Safe to use concurrently.
/// </summary>
/// <remarks>
/// Joins that follow each other have their turn together, and so have leaves: thousands who join one room at once do not wait for each other's answers. Who
/// comes later than somebody of another kind is never before them. Rooms in which nobody waits cost nothing.
/// </remarks>
internal sealed class RoomTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Group> _last = new(StringComparer.Ordinal);

    /// <summary>What somebody wants a turn for.</summary>
    internal enum Kind
    {
        /// <summary>What nobody else may do meanwhile.</summary>
        Alone,

        /// <summary>A join.</summary>
        Join,

        /// <summary>A leaving.</summary>
        Leave,
    }

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

    /// <summary>Takes a place in the line of a room. To be disposed of, whether or not its turn has come.</summary>
    public Turn Take(string room, Kind kind)
    {
        lock (_gate)
        {
            return new Turn(this, [Enter(room, kind)]);
        }
    }

    /// <summary>Takes a place in the lines of many rooms in one step, so that of two who want the same rooms one is before the other in all of them.</summary>
    public Turn Take(IEnumerable<string> rooms, Kind kind)
    {
        var names = rooms.ToHashSet(StringComparer.Ordinal);
        lock (_gate)
        {
            return new Turn(this, [.. names.Select(room => Enter(room, kind))]);
        }
    }

    private Group Enter(string room, Kind kind)
    {
        var last = _last.GetValueOrDefault(room);
        if (last is null || kind == Kind.Alone || last.Kind != kind)
        {
            last = new Group(room, kind, last?.Left.Task ?? Task.CompletedTask);
            _last[room] = last;
        }

        last.Places++;
        return last;
    }

    private void Leave(Group group)
    {
        lock (_gate)
        {
            group.Places--;
        }

        TryEnd(group);
    }

    // A group whose places were all given up still waits for those before it, and may get new places meanwhile.
    private void TryEnd(Group group)
    {
        lock (_gate)
        {
            if (group.Places > 0 || group.IsEnded)
            {
                return;
            }

            if (!group.Before.IsCompleted)
            {
                group.Before.ContinueWith(_ => TryEnd(group), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                return;
            }

            group.IsEnded = true;
            if (_last.GetValueOrDefault(group.Room) == group)
            {
                _last.Remove(group.Room);
            }
        }

        group.Left.SetResult();
    }

    /// <summary>A place in the line of a room, or of several.</summary>
    internal sealed class Turn(RoomTurns turns, Group[] groups) : IDisposable
    {
        private bool _isDisposed;

        /// <summary>Waits until it is one's turn in all of them.</summary>
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            foreach (var group in groups)
            {
                await group.Before.WaitAsync(cancellationToken);
            }
        }

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isDisposed, true))
            {
                foreach (var group in groups)
                {
                    turns.Leave(group);
                }
            }
        }
    }

    /// <summary>Those who have their turn together.</summary>
    internal sealed class Group(string room, Kind kind, Task before)
    {
        public string Room { get; } = room;

        public Kind Kind { get; } = kind;

        /// <summary>Completes when all before have left.</summary>
        public Task Before { get; } = before;

        /// <summary>Completes when all of these have left.</summary>
        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Under the lock.</summary>
        public int Places { get; set; }

        /// <summary>Under the lock.</summary>
        public bool IsEnded { get; set; }
    }
}
