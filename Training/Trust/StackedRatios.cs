namespace FlowRatio.Training.Trust;

/// <summary>Log-ratios of a <see cref="RatioStack"/>, in nats.</summary>
/// <param name="Values">log p(x | numerator) - log p(x | denominator), one per point.</param>
/// <param name="Errors">Standard deviation of the error that is to be expected of each.</param>
/// <param name="Seen">Points that were recognised as trained on: they are scored by the fits that did not see them.</param>
public sealed record StackedRatios(double[] Values, double[] Errors, int Seen)
{
    // 90 % of a normal error.
    private const double Half = 1.645;

    /// <summary>Lower ends of 90 % intervals.</summary>
    public double[] Low => [.. Values.Zip(Errors, (value, error) => value - (Half * error))];

    /// <summary>Upper ends of 90 % intervals.</summary>
    public double[] High => [.. Values.Zip(Errors, (value, error) => value + (Half * error))];
}
