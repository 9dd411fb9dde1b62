namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>A mean over repetitions with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Over repetitions; of a single one that over its test points; NaN if neither is known.</param>
public readonly record struct MeanError(double Mean, double StandardError)
{
    /// <summary>The mean of some repetitions.</summary>
    /// <param name="values">One per repetition.</param>
    /// <param name="errors">Standard error of each over its test points; used if there is one repetition only.</param>
    public static MeanError Of(IReadOnlyList<double> values, IReadOnlyList<double> errors)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(errors);
        if (values.Count == 1)
        {
            return new MeanError(values[0], errors[0]);
        }

        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new MeanError(mean, Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }
}
