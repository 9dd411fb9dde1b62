using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Data;

/// <summary>
/// Values so far outside of the others that they are an error of the data or must not decide a training: beyond <see cref="Limit"/> deviations a value
/// counts as <see cref="Limit"/> in training. Estimates are made where points are.
/// </summary>
public static class FarValues
{
    private const double SqueezedShare = 0.01;

    /// <summary>Largest value that a network is trained on, in standard deviations.</summary>
    public const float Limit = (float)CoordinateSpread.FarDeviations;

    /// <summary>Finds far values.</summary>
    /// <param name="set">The rows.</param>
    /// <returns>Row, coordinate, value in the data's units and distance from the mean in deviations of each, in order of the rows.</returns>
    public static IReadOnlyList<(int Row, int Coordinate, double Value, double Deviations)> Of(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Standardization map = set.FitMap(true)!;
        List<(int, int, double, double)> found = [];
        for (int i = 0; i < set.Points.Length; i++)
        {
            int j = i % set.Dimension;
            double value = set.Origin[j] + set.Points[i], deviations = Math.Abs(value - map.Mean[j]) / map.Scale[j];
            if (deviations > Limit)
            {
                found.Add((i / set.Dimension, j, value, deviations));
            }
        }

        return found;
    }

    /// <summary>
    /// Coordinates whose scale is that of a minority: half of all rows lie within a hundredth of it. A code for missing values among numbers does that.
    /// </summary>
    /// <param name="set">The rows.</param>
    /// <returns>Coordinate, range of the middle half of the rows, and row and value furthest from it.</returns>
    public static IReadOnlyList<(int Coordinate, double Low, double High, int Row, double Value)> Squeezed(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Standardization map = set.FitMap(true)!;
        List<(int, double, double, int, double)> found = [];
        float[] column = new float[set.Rows];
        for (int j = 0; j < set.Dimension; j++)
        {
            for (int r = 0; r < column.Length; r++)
            {
                column[r] = set.Points[(r * set.Dimension) + j];
            }

            float[] sorted = [.. column.Order()];
            float low = sorted[column.Length / 4], high = sorted[^((column.Length / 4) + 1)];
            if (high > low && high - low < SqueezedShare * map.Scale[j])
            {
                float furthest = high - sorted[0] > sorted[^1] - low ? sorted[0] : sorted[^1];
                found.Add((j, set.Origin[j] + low, set.Origin[j] + high, Array.IndexOf(column, furthest), set.Origin[j] + furthest));
            }
        }

        return found;
    }

    /// <summary>Limits standardised coordinates in place.</summary>
    internal static float[] Limited(float[] standardized)
    {
        foreach (ref float value in standardized.AsSpan())
        {
            value = Math.Clamp(value, -Limit, Limit);
        }

        return standardized;
    }
}
