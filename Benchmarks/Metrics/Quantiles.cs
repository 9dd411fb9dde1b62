namespace FlowRatio.Benchmarks.Metrics;

/// <summary>Median and the tenths of a set of measurements that lie below and above.</summary>
/// <param name="Median">Half of the values are below.</param>
/// <param name="P10">One tenth of the values is below.</param>
/// <param name="P90">Nine tenths are below.</param>
public readonly record struct Quantiles(double Median, double P10, double P90)
{
    /// <summary>Quantiles of a set, interpolated between neighbours.</summary>
    /// <param name="values">At least one value; the order does not matter.</param>
    public static Quantiles Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        double[] sorted = [.. values.Order()];
        return new Quantiles(At(sorted, 0.5), At(sorted, 0.1), At(sorted, 0.9));
    }

    private static double At(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
