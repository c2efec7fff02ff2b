namespace SignalStreams.Benchmarks;

internal static class Quantile
{
    /// <param name="sorted">In ascending order.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Of(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
