using System.Numerics;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Counts durations in buckets that grow by an eighth of a power of two: a value read back is off by 13 % at most.</summary>
/// <remarks>Adding is safe concurrently, and never waits; taking is for one caller at a time.</remarks>
internal sealed class LatencyBuckets
{
    private const int PerPower = 8;

    // Of nanoseconds: more than three days.
    private readonly int[] _counts = new int[48 * PerPower];

    public void Add(double seconds)
    {
        var nanoseconds = (ulong)Math.Clamp(seconds * 1_000_000_000, 1, (1UL << 48) - 1);
        var power = BitOperations.Log2(nanoseconds);
        var eighth = (int)((nanoseconds << 3) >> power) & 7;
        Interlocked.Increment(ref _counts[(power * PerPower) + eighth]);
    }

    /// <summary>Takes what was counted since the last time.</summary>
    /// <returns>How many, and in milliseconds the upper ends of the buckets that hold the median, the 99th of 100 and the longest.</returns>
    public (int Count, double P50, double P99, double Max) Take()
    {
        Span<int> taken = stackalloc int[_counts.Length];
        var total = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            taken[i] = _counts[i] == 0 ? 0 : Interlocked.Exchange(ref _counts[i], 0);
            total += taken[i];
        }

        return total == 0 ? default : (total, At(taken, (total + 1) / 2), At(taken, total - (total / 100)), At(taken, total));
    }

    private static double At(ReadOnlySpan<int> counts, int rank)
    {
        var seen = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= rank)
            {
                return Math.Pow(2, i / PerPower) * (1 + (((i % PerPower) + 1) / (double)PerPower)) / 1_000_000;
            }
        }

        return 0;
    }
}
