using System.Numerics;

namespace Polywire.Load.Measuring;

/// <summary>Counts latencies in buckets that widen with the value, so that a quantile is at most 0.8 % off.</summary>
/// <remarks>
/// Below 256 ns every value has its own bucket; above, each power of two has 128. Values are nanoseconds; what is longer
/// than 2^42 ns (73 minutes) counts as that. Adding is safe from any thread; reading is exact once the adding has ended.
/// </remarks>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int MaxBits = 42;
    private const int Buckets = ((MaxBits - SubBits - 1) << SubBits) + (2 << SubBits);
    private const long MaxValue = (1L << MaxBits) - 1;

    private readonly long[] _counts = new long[Buckets];
    private long _max;
    private long _total;

    public long Count => Volatile.Read(ref _total);

    /// <summary>The largest value added, exactly; 0 where there is none.</summary>
    public long Max => Volatile.Read(ref _max);

    public void Add(long nanoseconds)
    {
        var value = Math.Clamp(nanoseconds, 0, MaxValue);
        Interlocked.Increment(ref _counts[BucketOf(value)]);
        Interlocked.Increment(ref _total);
        for (var seen = Max; value > seen;)
        {
            seen = Interlocked.CompareExchange(ref _max, value, seen);
        }
    }

    /// <summary>The value that the share <paramref name="quantile"/> (0 to 1) of all values does not exceed; 0 where there is none.</summary>
    public long Quantile(double quantile)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        long seen = 0;
        for (var i = 0; i < Buckets; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return Math.Min(LastOf(i), Max);
            }
        }

        return Max;
    }

    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBits);
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static long LastOf(int bucket)
    {
        var shift = Math.Max(0, (bucket >> SubBits) - 1);
        var sub = (long)(bucket - (shift << SubBits));
        return ((sub + 1) << shift) - 1;
    }
}
