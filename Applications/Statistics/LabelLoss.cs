namespace FlowRatio.Applications.Statistics;

/// <summary>
/// Mean of -log P(label | x) in nats, with P from log-ratios and the labels' frequencies: a proper score. Of two estimates of one log-ratio the one
/// with the lower loss on cells that neither has seen is closer to the truth, in size as well as in order.
/// </summary>
public static class LabelLoss
{
    /// <summary>The loss.</summary>
    /// <param name="logRatios">log p(x | numerator) - log p(x | denominator) of each cell.</param>
    /// <param name="isNumerator">Label of each cell; both must occur.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a label does not occur.</exception>
    public static double Of(IReadOnlyList<double> logRatios, IReadOnlyList<bool> isNumerator)
    {
        ArgumentNullException.ThrowIfNull(logRatios);
        ArgumentNullException.ThrowIfNull(isNumerator);
        int above = isNumerator.Count(label => label);
        if (logRatios.Count != isNumerator.Count || above == 0 || above == isNumerator.Count)
        {
            throw new ArgumentException(
                $"There are {logRatios.Count} log-ratios and {isNumerator.Count} labels, {above} of the numerator; both labels are needed.", nameof(isNumerator));
        }

        double prior = Math.Log((double)above / (isNumerator.Count - above));
        return Enumerable.Range(0, logRatios.Count).Average(i => SoftPlus(isNumerator[i] ? -logRatios[i] - prior : logRatios[i] + prior));
    }

    private static double SoftPlus(double value) => Math.Max(value, 0) + Math.Log(1 + Math.Exp(-Math.Abs(value)));
}
