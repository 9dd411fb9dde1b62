namespace FlowRatio.Applications.Statistics;

/// <summary>Spearman's rank correlation.</summary>
public static class RankCorrelation
{
    /// <summary>Pearson correlation of the ranks; tied values share the mean of their ranks. NaN where a value is NaN, or where all of a list are tied.</summary>
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

        if (first.Any(double.IsNaN) || second.Any(double.IsNaN))
        {
            return double.NaN;
        }

        double[] a = Ranks(first), b = Ranks(second);
        double center = 0.5 * (a.Length + 1);
        double product = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (a[i] - center) * (b[i] - center);
            squaresA += (a[i] - center) * (a[i] - center);
            squaresB += (b[i] - center) * (b[i] - center);
        }

        return product / Math.Sqrt(squaresA * squaresB);
    }

    /// <summary>Ranks from 1; tied values share the mean of their ranks, and NaN is below all numbers and tied with NaN.</summary>
    /// <param name="values">The values.</param>
    public static double[] Ranks(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        double[] ranks = new double[values.Count];
        for (int start = 0; start < order.Length;)
        {
            int end = start;
            while (end < order.Length && values[order[end]].Equals(values[order[start]]))
            {
                end++;
            }

            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = 0.5 * (start + 1 + end);
            }

            start = end;
        }

        return ranks;
    }
}
