namespace FlowRatio.Applications.Statistics;

/// <summary>The curve of precision against recall as a threshold falls.</summary>
public static class PrecisionRecall
{
    /// <summary>
    /// Area under the curve by the trapezoid rule over all distinct thresholds, from (recall 0, precision 1), as the published evaluation
    /// computes it (not average precision). Rows with equal scores pass together.
    /// </summary>
    /// <param name="scores">Score of each row.</param>
    /// <param name="isPositive">Label of each row; there must be a positive one.</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is not a number, or no row is positive.</exception>
    public static double Area(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(isPositive);
        if (scores.Count != isPositive.Count)
        {
            throw new ArgumentException($"There are {scores.Count} scores and {isPositive.Count} labels.", nameof(isPositive));
        }

        if (scores.Any(double.IsNaN))
        {
            throw new ArgumentException("A score is not a number.", nameof(scores));
        }

        int positives = isPositive.Count(label => label);
        if (positives == 0)
        {
            throw new ArgumentException("No row is positive.", nameof(isPositive));
        }

        int[] order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i])];
        double area = 0, lastRecall = 0, lastPrecision = 1;
        int found = 0;
        for (int i = 0; i < order.Length; i++)
        {
            found += isPositive[order[i]] ? 1 : 0;
            if (i + 1 < order.Length && scores[order[i + 1]] == scores[order[i]])
            {
                continue;
            }

            double recall = (double)found / positives, precision = found / (i + 1.0);
            area += 0.5 * (recall - lastRecall) * (precision + lastPrecision);
            (lastRecall, lastPrecision) = (recall, precision);
        }

        return area;
    }
}
