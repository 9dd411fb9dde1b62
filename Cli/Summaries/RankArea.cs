using FlowRatio.Applications.Statistics;

namespace FlowRatio.Cli.Summaries;

/// <summary>Area under the receiver operating characteristic of some scores.</summary>
/// <param name="Area">Probability that a row of the numerator scores above one of the denominator; ties count one half.</param>
/// <param name="StandardError">Its standard error over rows; NaN where all pairs of rows are in the same order.</param>
/// <param name="Numerator">Rows of the numerator.</param>
/// <param name="Denominator">Rows of the denominator.</param>
internal sealed record RankArea(double Area, double StandardError, int Numerator, int Denominator)
{
    private const int FewestDecimals = 4;

    /// <summary>Computes the area by ranks; null without rows of both classes.</summary>
    /// <param name="scores">Score and class of each row; scores that are not numbers are left out.</param>
    public static RankArea? Of(IEnumerable<(double Score, bool IsNumerator)> scores)
    {
        (double Score, bool IsNumerator)[] rows = [.. scores.Where(row => !double.IsNaN(row.Score))];
        int above = rows.Count(row => row.IsNumerator), below = rows.Length - above;
        if (above == 0 || below == 0)
        {
            return null;
        }

        double area = RocAuc.Of([.. rows.Select(row => row.Score)], [.. rows.Select(row => row.IsNumerator)]);
        return new RankArea(area, RocAuc.StandardError(area, above, below), above, below);
    }

    /// <summary>The area and its error, with enough decimals that neither looks exact; a bound where all pairs are in the same order.</summary>
    public string Text()
    {
        if (double.IsNaN(StandardError))
        {
            double bound = RocAuc.SeparationBound(Numerator, Denominator);
            return Area > 0.5 ? $"{Area:0.0000}, at least {bound:0.000} with 95 % confidence" : $"{Area:0.0000}, at most {1 - bound:0.000} with 95 % confidence";
        }

        int decimals = Math.Max(FewestDecimals, 1 - (int)Math.Floor(Math.Log10(Math.Max(Math.Min(StandardError, Math.Min(Area, 1 - Area)), 1e-12))));
        decimals = StandardError >= 0.00005 && Math.Min(Area, 1 - Area) >= 0.00005 ? FewestDecimals : decimals;
        string format = "0." + new string('0', decimals);
        return $"{Area.ToString(format)} ± {StandardError.ToString(format)}";
    }
}
