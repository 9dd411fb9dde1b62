namespace FlowRatio.Applications.Statistics;

/// <summary>A mean over repetitions and its standard error.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Error">Standard deviation (n - 1) over root n; NaN for a single value.</param>
/// <param name="Count">n.</param>
public readonly record struct MeanAndError(double Mean, double Error, int Count)
{
    /// <summary>Of a list of values.</summary>
    /// <param name="values">At least one value.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static MeanAndError Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new MeanAndError(mean, values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1) / values.Count) : double.NaN, values.Count);
    }
}
