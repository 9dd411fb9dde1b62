namespace FlowRatio.Benchmarks.Metrics;

/// <summary>How estimated log-ratios differ from the truth, in nats.</summary>
/// <param name="MeanSquared">Mean of (estimate - truth)^2.</param>
/// <param name="MeanAbsolute">Mean of |estimate - truth|.</param>
/// <param name="Bias">Mean of estimate - truth.</param>
/// <param name="StandardError">Standard error of <paramref name="MeanSquared"/> over the test points.</param>
/// <param name="NonFinite">Points without a value; they are left out of the means.</param>
public sealed record ErrorSummary(double MeanSquared, double MeanAbsolute, double Bias, double StandardError, int NonFinite)
{
    /// <summary>Compares estimates with the truth.</summary>
    /// <param name="estimates">One per point; NaN where a trajectory failed.</param>
    /// <param name="truth">One per point.</param>
    public static ErrorSummary Of(IReadOnlyList<double> estimates, IReadOnlyList<double> truth)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(truth);
        if (estimates.Count != truth.Count)
        {
            throw new ArgumentException($"There are {estimates.Count} estimates and {truth.Count} true values.", nameof(truth));
        }

        double[] errors = [.. estimates.Zip(truth, (estimate, exact) => estimate - exact).Where(double.IsFinite)];
        int nonFinite = estimates.Count - errors.Length;
        if (errors.Length == 0)
        {
            return new ErrorSummary(double.NaN, double.NaN, double.NaN, double.NaN, nonFinite);
        }

        double meanSquared = errors.Average(error => error * error);
        double spread = errors.Sum(error => Math.Pow((error * error) - meanSquared, 2));
        double standardError = errors.Length > 1 ? Math.Sqrt(spread / (errors.Length - 1) / errors.Length) : double.NaN;
        return new ErrorSummary(meanSquared, errors.Average(Math.Abs), errors.Average(), standardError, nonFinite);
    }
}
