using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Polywire.Load.Measuring;

/// <summary>Monotonic time in nanoseconds, and a sleep finer than a timer of the thread pool.</summary>
internal static class Clock
{
    public const long Second = 1_000_000_000;
    public const long Millisecond = 1_000_000;

    private const int SetTimerSlack = 29;
    private static readonly long NanosPerTick = Second / Stopwatch.Frequency;

    public static long Now => Stopwatch.GetTimestamp() * NanosPerTick;

    public static long From(TimeSpan span) => span.Ticks * 100;

    /// <summary>Asks the kernel to wake this thread on time; by default it may be 50 us late. Linux only, else nothing.</summary>
    public static void SharpenThisThread()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = prctl(SetTimerSlack, 1, 0, 0, 0);
        }
    }

    /// <summary>Blocks the calling thread, which must be one of its own, for about that many nanoseconds.</summary>
    public static void Sleep(long nanoseconds)
    {
        if (nanoseconds <= 0)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Thread.Yield();
            return;
        }

        var time = new TimeSpec { Seconds = (nint)(nanoseconds / Second), Nanoseconds = (nint)(nanoseconds % Second) };
        _ = nanosleep(in time, 0);
    }

    [DllImport("libc")]
    private static extern int nanosleep(in TimeSpec time, nint rest);

    [DllImport("libc")]
    private static extern int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
