namespace FlowRatio.Applications.Statistics;

/// <summary>Pearson's correlation.</summary>
public static class LinearCorrelation
{
    /// <summary>Correlation of two lists; NaN where one of them is constant.</summary>
    /// <param name="first">Values, at least two.</param>
    /// <param name="second">As many values.</param>
    /// <exception cref="ArgumentException">Fewer than two values, or lists of different lengths.</exception>
    public static double Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count || first.Count < 2)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} values; two lists of at least two are needed.", nameof(second));
        }

        double a = first.Average(), b = second.Average();
        double product = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < first.Count; i++)
        {
            product += (first[i] - a) * (second[i] - b);
            squaresA += (first[i] - a) * (first[i] - a);
            squaresB += (second[i] - b) * (second[i] - b);
        }

        return product / Math.Sqrt(squaresA * squaresB);
    }
}
