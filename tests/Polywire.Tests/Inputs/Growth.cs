using System.Diagnostics;
using Shouldly;

namespace Polywire.Tests.Inputs;

/// <summary>Compares how long two sizes of one piece of work take.</summary>
internal static class Growth
{
    private const int Attempts = 8;

    /// <summary>
    /// Fails if the large one takes more than <paramref name="factor"/> times as long as the small one. The fastest of several runs counts,
    /// so that what else the machine does plays no part.
    /// </summary>
    public static void ShouldBeLessThan(Action small, Action large, double factor)
    {
        var (quick, slow) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < Attempts; i++)
        {
            for (var j = 0; j < Attempts; j++)
            {
                quick = Least(quick, small);
            }

            slow = Least(slow, large);
            if (i > 0 && slow < quick * factor)
            {
                return;
            }
        }

        (slow / quick).ShouldBeLessThan(factor);
    }

    private static TimeSpan Least(TimeSpan before, Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        var took = Stopwatch.GetElapsedTime(started);
        return took < before ? took : before;
    }
}
