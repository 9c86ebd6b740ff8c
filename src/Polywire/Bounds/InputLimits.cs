#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>The settings of an <see cref="InputBudget"/>.</summary>
/// <param name="MaxBytes">Bytes that all holders may hold together.</param>
/// <param name="MessageTimeout">How long a begun message may go without progress; zero for ever.</param>
/// <param name="MinMessageRate">What counts as progress, in bytes a second over that time; zero takes any byte.</param>
#if POLYWIRE_SOCKHOP
internal sealed record InputLimits(long MaxBytes, TimeSpan MessageTimeout, int MinMessageRate)
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public sealed record InputLimits(long MaxBytes, TimeSpan MessageTimeout, int MinMessageRate)
#endif
{
    /// <summary>Least default of <see cref="MaxBytes"/>: one longest line of the socket server, 64 MiB.</summary>
    private const long LeastBytes = 64 << 20;

    /// <summary>A quarter of the memory that the process may use, containers considered.</summary>
    public static long DefaultMaxBytes { get; } = Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, LeastBytes);

    /// <summary>Bytes that a message has to grow by within <see cref="MessageTimeout"/>.</summary>
    public long LeastProgress { get; } = Math.Max(1, (long)(MinMessageRate * MessageTimeout.TotalSeconds));
}
