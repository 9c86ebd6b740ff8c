namespace Polywire.Testing;

public sealed partial class ManualTimeProvider
{
    /// <summary>One timer; what it knows of its schedule is written under the clock's lock only.</summary>
    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        /// <summary>Earliest first; of one instant, the one set first.</summary>
        public static readonly IComparer<ManualTimer> ByDueTime = Comparer<ManualTimer>.Create(static (left, right) =>
            left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Sequence.CompareTo(right.Sequence));

        // The longest time the system's timers take.
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        /// <summary>Ticks of the UTC clock at which it fires next.</summary>
        public long Due { get; set; }

        public long Sequence { get; set; }

        /// <summary>Ticks between calls; zero or less for a single call.</summary>
        public long Period { get; set; }

        public bool Disposed { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Check(dueTime, nameof(dueTime));
            Check(period, nameof(period));
            return clock.Schedule(this, dueTime, period);
        }

        public void Dispose() =>
            clock.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, dispose: true);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        public void Fire()
        {
            if (_context is null)
            {
                callback(state);
                return;
            }

            ExecutionContext.Run(_context, static timer => ((ManualTimer)timer!).Call(), this);
        }

        private static void Check(TimeSpan value, string name)
        {
            if (value == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest, name);
        }

        private void Call() => callback(state);
    }
}
