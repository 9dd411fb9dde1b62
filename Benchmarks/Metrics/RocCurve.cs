namespace FlowRatio.Benchmarks.Metrics;

/// <summary>The receiver operating characteristic: share of the positives above a threshold against that of the negatives.</summary>
public static class RocCurve
{
    /// <summary>The curve from (0, 0) to (1, 1), with one point per distinct score, thinned to about <paramref name="most"/> points.</summary>
    /// <param name="scores">Score and label of every row; both labels must occur.</param>
    /// <param name="most">About how many points to return, at least two.</param>
    /// <exception cref="ArgumentException">A label does not occur.</exception>
    public static IReadOnlyList<(double FalsePositives, double TruePositives)> Of(
        IReadOnlyList<(double Score, bool IsPositive)> scores, int most = 200)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        int positives = scores.Count(row => row.IsPositive), negatives = scores.Count - positives;
        if (positives == 0 || negatives == 0)
        {
            throw new ArgumentException($"There are {positives} positive and {negatives} negative rows; both are needed.", nameof(scores));
        }

        List<(double, double)> curve = [(0, 0)];
        (double, double) last = (0, 0);
        int truePositives = 0, falsePositives = 0;
        foreach (IGrouping<double, (double Score, bool IsPositive)> tied in scores.GroupBy(row => row.Score).OrderByDescending(tied => tied.Key))
        {
            // Rows with one score pass the threshold together.
            truePositives += tied.Count(row => row.IsPositive);
            falsePositives += tied.Count(row => !row.IsPositive);
            last = ((double)falsePositives / negatives, (double)truePositives / positives);
            (double x, double y) = curve[^1];
            if (last.Item1 - x + last.Item2 - y >= 2.0 / most)
            {
                curve.Add(last);
            }
        }

        if (curve[^1] != last)
        {
            curve.Add(last);
        }

        return curve;
    }
}
