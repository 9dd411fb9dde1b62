namespace FlowRatio.Engine.Estimation;

/// <summary>A mean over samples with its uncertainty: a Kullback-Leibler divergence or a mutual information from log-ratios.</summary>
/// <param name="Value">The mean, in the units of the values.</param>
/// <param name="StandardError">Standard error of the mean.</param>
/// <param name="Count">Number of values.</param>
/// <remarks>
/// The mean of log p(x|A) - log p(x|B) over samples x of A is an estimate of KL(A || B); with A the joint distribution and B the
/// product of the marginals it is the mutual information.
/// </remarks>
public readonly record struct MeanEstimate(double Value, double StandardError, int Count)
{
    // Two-sided 95% quantile of the normal distribution.
    private const double NormalQuantile = 1.959963984540054;

    /// <summary>Bounds of the 95% confidence interval (normal approximation).</summary>
    public (double Low, double High) ConfidenceInterval =>
        (Value - (NormalQuantile * StandardError), Value + (NormalQuantile * StandardError));

    /// <summary>Mean and standard error of values.</summary>
    /// <param name="values">At least one finite value.</param>
    /// <exception cref="ArgumentException">No values, or one that is not finite.</exception>
    public static MeanEstimate Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        if (all.Length == 0 || !Array.TrueForAll(all, double.IsFinite))
        {
            throw new ArgumentException($"values has {all.Length} elements; finite values are needed for a mean.", nameof(values));
        }

        double mean = all.Average();
        double variance = all.Length > 1 ? all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1) : double.NaN;
        return new MeanEstimate(mean, Math.Sqrt(variance / all.Length), all.Length);
    }
}
