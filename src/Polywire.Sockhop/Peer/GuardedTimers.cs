namespace Polywire.Sockhop.Peer;

/// <summary>Timers that end no process: behind a timer's thread nobody stands who could catch.</summary>
internal static class GuardedTimers
{
    /// <summary>Makes a timer that fires once.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="work">May call what is the application's: the clock, listeners to meters and activities. What those throw is told to nobody.</param>
    /// <param name="state">Given to <paramref name="work"/>.</param>
    /// <param name="due">When; infinite for not yet.</param>
    public static ITimer CreateGuardedTimer<T>(this TimeProvider time, Action<T> work, T state, TimeSpan due)
        where T : class =>
        time.CreateTimer(
            static pair =>
            {
                var (work, state) = ((Action<T>, T))pair!;
                try
                {
                    work(state);
                }
                catch
                {
                    // Whatever was to end has its state changed before anybody is told.
                }
            },
            (work, state),
            due,
            Timeout.InfiniteTimeSpan);
}
