namespace FlowRatio.Cli.Summaries;

/// <summary>Quantiles of values, by the nearest rank.</summary>
internal static class Quantiles
{
    /// <summary>A quantile of values in ascending order; NaN without any.</summary>
    public static double Of(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)Math.Round(share * (sorted.Count - 1))];
}
