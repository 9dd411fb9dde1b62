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

    /// <summary>Standard error of the area (Hanley and McNeil, Radiology 143, 1982).</summary>
    /// <param name="area">The area.</param>
    /// <param name="positives">Rows of the positive class.</param>
    /// <param name="negatives">Rows of the negative class.</param>
    public static double StandardError(double area, int positives, int negatives)
    {
        double q1 = area / (2 - area);
        double q2 = 2 * area * area / (1 + area);
        double variance = (area * (1 - area))
            + ((positives - 1) * (q1 - (area * area)))
            + ((negatives - 1) * (q2 - (area * area)));
        return Math.Sqrt(variance / ((double)positives * negatives));
    }
}
