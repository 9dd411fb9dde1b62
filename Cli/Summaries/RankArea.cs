namespace FlowRatio.Cli.Summaries;

/// <summary>Area under the receiver operating characteristic of some scores.</summary>
/// <param name="Area">Probability that a row of the numerator scores above one of the denominator; ties count one half.</param>
/// <param name="StandardError">Its standard error over rows (Hanley and McNeil, Radiology 143, 1982).</param>
/// <param name="Numerator">Rows of the numerator.</param>
/// <param name="Denominator">Rows of the denominator.</param>
internal sealed record RankArea(double Area, double StandardError, int Numerator, int Denominator)
{
    /// <summary>Computes the area by ranks (Mann and Whitney, 1947); null without rows of both classes.</summary>
    /// <param name="scores">Score and class of each row; scores that are not numbers are left out.</param>
    public static RankArea? Of(IEnumerable<(double Score, bool IsNumerator)> scores)
    {
        (double Score, bool IsNumerator)[] sorted = [.. scores.Where(row => !double.IsNaN(row.Score)).OrderBy(row => row.Score)];
        int above = sorted.Count(row => row.IsNumerator), below = sorted.Length - above;
        if (above == 0 || below == 0)
        {
            return null;
        }

        double rankSum = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end].Score.Equals(sorted[start].Score))
            {
                end++;
            }

            // Equal scores share the mean of their ranks start + 1 ... end.
            double rank = 0.5 * (start + 1 + end);
            for (int i = start; i < end; i++)
            {
                rankSum += sorted[i].IsNumerator ? rank : 0;
            }
        }

        double area = (rankSum - (0.5 * above * (above + 1.0))) / ((double)above * below);
        double q1 = area / (2 - area), q2 = 2 * area * area / (1 + area);
        double variance = (area * (1 - area)) + ((above - 1) * (q1 - (area * area))) + ((below - 1) * (q2 - (area * area)));
        return new RankArea(area, Math.Sqrt(Math.Max(variance, 0) / ((double)above * below)), above, below);
    }
}
