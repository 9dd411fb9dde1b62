namespace FlowRatio.Applications.Statistics;

/// <summary>Area under the receiver operating characteristic: the probability that a positive scores above a negative.</summary>
public static class RocAuc
{
    /// <summary>Computes the area by ranks (Mann and Whitney); ties count one half.</summary>
    /// <param name="scores">One per row.</param>
    /// <param name="isPositive">One per row.</param>
    /// <exception cref="ArgumentException">A class is missing, or a score is not a number.</exception>
    public static double Of(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(isPositive);
        if (scores.Count != isPositive.Count)
        {
            throw new ArgumentException($"There are {scores.Count} scores and {isPositive.Count} labels.", nameof(isPositive));
        }

        int positives = isPositive.Count(label => label);
        int negatives = isPositive.Count - positives;
        if (positives == 0 || negatives == 0)
        {
            throw new ArgumentException(
                $"There are {positives} positive and {negatives} negative rows; both classes are needed.", nameof(isPositive));
        }

        if (scores.Any(double.IsNaN))
        {
            throw new ArgumentException("A score is not a number.", nameof(scores));
        }

        double[] ranks = RankCorrelation.Ranks(scores);
        double rankSum = 0;
        for (int i = 0; i < ranks.Length; i++)
        {
            rankSum += isPositive[i] ? ranks[i] : 0;
        }

        return (rankSum - (0.5 * positives * (positives + 1.0))) / ((double)positives * negatives);
    }

    /// <summary>Standard error of the area (Hanley and McNeil, Radiology 143, 1982); NaN for 0 and 1, of which it says nothing.</summary>
    /// <param name="area">The area.</param>
    /// <param name="positives">Rows of the positive class.</param>
    /// <param name="negatives">Rows of the negative class.</param>
    public static double StandardError(double area, int positives, int negatives)
    {
        if (area is <= 0 or >= 1)
        {
            return double.NaN;
        }

        double q1 = area / (2 - area);
        double q2 = 2 * area * area / (1 + area);
        double variance = (area * (1 - area))
            + ((positives - 1) * (q1 - (area * area)))
            + ((negatives - 1) * (q2 - (area * area)));
        return Math.Sqrt(Math.Max(variance, 0) / ((double)positives * negatives));
    }

    /// <summary>
    /// The smallest area that is compatible with an observed one of 1, with 95 % confidence: as many pairs without a common row as the smaller class
    /// has rows are independent, and all are in order with at most the probability area^pairs. It is about 1 - 3 / pairs.
    /// </summary>
    /// <param name="positives">Rows of the positive class.</param>
    /// <param name="negatives">Rows of the negative class.</param>
    public static double SeparationBound(int positives, int negatives) => Math.Pow(0.05, 1.0 / Math.Min(positives, negatives));
}
