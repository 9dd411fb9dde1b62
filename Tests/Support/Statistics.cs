namespace FlowRatio.Tests.Support;

/// <summary>
/// Statistics for tests of random numbers. Seeds are fixed, so a test passes or fails once and for all; a limit of five standard
/// errors (probability 6e-7 per comparison) says that a failure means a fault and not bad luck with the seed.
/// </summary>
public static class Statistics
{
    /// <summary>Standard errors granted.</summary>
    public const double Limit = 5;

    /// <summary>Pearson's statistic of counts against equal expectations, as standard deviations above its mean.</summary>
    /// <remarks>Chi-square with k - 1 degrees of freedom has mean k - 1 and variance 2 (k - 1).</remarks>
    public static double ChiSquareExcess(IReadOnlyCollection<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        double expected = (double)counts.Sum() / counts.Count;
        double statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double freedom = counts.Count - 1;
        return (statistic - freedom) / Math.Sqrt(2 * freedom);
    }

    /// <summary>Mean, variance and standard error of the mean.</summary>
    public static (double Mean, double Variance, double Error) Moments(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double mean = values.Average();
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return (mean, variance, Math.Sqrt(variance / values.Count));
    }

    /// <summary>Pearson's correlation.</summary>
    public static double Correlation(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double a = first.Average(), b = second.Average();
        double covariance = first.Zip(second, (x, y) => (x - a) * (y - b)).Sum();
        return covariance / Math.Sqrt(first.Sum(x => (x - a) * (x - a)) * second.Sum(y => (y - b) * (y - b)));
    }

    /// <summary>Kolmogorov and Smirnov's distance between a sample and a distribution function.</summary>
    public static double KolmogorovDistance(IEnumerable<double> values, Func<double, double> distribution)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        double[] sorted = [.. values.Order()];
        double n = sorted.Length;
        return sorted.Select((value, i) => (Value: distribution(value), i))
            .Max(point => Math.Max(((point.i + 1) / n) - point.Value, point.Value - (point.i / n)));
    }
}
