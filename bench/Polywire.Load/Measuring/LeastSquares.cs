namespace Polywire.Load.Measuring;

/// <summary>Straight lines through samples.</summary>
internal static class LeastSquares
{
    /// <summary>The slope of the least-squares line; 0 with fewer than two different x.</summary>
    public static double Slope(IReadOnlyList<(double X, double Y)> samples)
    {
        if (samples.Count < 2)
        {
            return 0;
        }

        var meanX = samples.Average(s => s.X);
        var meanY = samples.Average(s => s.Y);
        var spread = samples.Sum(s => (s.X - meanX) * (s.X - meanX));
        return spread == 0 ? 0 : samples.Sum(s => (s.X - meanX) * (s.Y - meanY)) / spread;
    }
}
