using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Data;

/// <summary>
/// The different values of a continuous covariate and, per row, the number of its value: rows then look codes up as those of a category do.
/// With more different values than <see cref="MostLevels"/> they are rounded to as many steps of their range, far finer than any network.
/// </summary>
/// <param name="Values">Levels, standardised, ascending.</param>
/// <param name="Codes">Per row the number of its level; <see cref="Condition.Dropped"/> where the value is unknown.</param>
internal sealed record ContinuousLevels(float[] Values, int[] Codes)
{
    public const int MostLevels = 4096;

    /// <summary>The levels of a column.</summary>
    /// <param name="covariate">The covariate.</param>
    /// <param name="column">Values in its units; NaN where unknown.</param>
    public static ContinuousLevels Of(ContinuousCovariate covariate, double[] column)
    {
        double[] known = [.. column.Where(value => !double.IsNaN(value))];
        double[] distinct = [.. known.Distinct().Order()];
        if (distinct.Length > MostLevels)
        {
            double step = (distinct[^1] - distinct[0]) / (MostLevels - 1), origin = distinct[0];
            double Round(double value) => origin + (step * Math.Round((value - origin) / step));
            column = [.. column.Select(Round)];
            distinct = [.. known.Select(Round).Distinct().Order()];
        }

        // Without any known value one level remains, which no row uses.
        float[] values = distinct.Length == 0 ? [0] : [.. distinct.Select(value => (float)covariate.Standardize(value))];
        return new ContinuousLevels(
            values, [.. column.Select(value => double.IsNaN(value) ? Condition.Dropped : Array.BinarySearch(distinct, value))]);
    }
}
