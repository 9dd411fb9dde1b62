namespace FlowRatio.Training.Data;

/// <summary>
/// Points as float32 numbers and, per coordinate, an origin in double precision that was taken from them: zero unless the coordinate lies so far from zero,
/// compared with its spread, that float32 would lose digits (times in seconds since 1970, positions on a chromosome).
/// </summary>
/// <param name="Values">Row-major <c>[rows, d]</c>: the points without the origin.</param>
/// <param name="Dimension">d.</param>
/// <param name="Origin">What was taken from each coordinate <c>[d]</c>.</param>
public sealed record CenteredPoints(float[] Values, int Dimension, double[] Origin)
{
    // A median of so many spreads costs ten of the 24 binary digits.
    private const double LargestOffset = 1 << 10;

    /// <summary>Takes the origin from points.</summary>
    /// <param name="points">Row-major <c>[rows, d]</c>, finite.</param>
    /// <param name="dimension">d.</param>
    public static CenteredPoints Of(ReadOnlySpan<double> points, int dimension)
    {
        double[] origin = OriginOf(points, dimension);
        return new CenteredPoints(Without(origin, points), dimension, origin);
    }

    /// <summary>The origin that points call for; a part of the rows has to do where all are not at hand.</summary>
    /// <param name="points">Row-major <c>[rows, d]</c>, finite.</param>
    /// <param name="dimension">d.</param>
    internal static double[] OriginOf(ReadOnlySpan<double> points, int dimension)
    {
        double[] origin = new double[dimension], column = new double[points.Length / dimension];
        for (int j = 0; j < dimension && column.Length > 0; j++)
        {
            for (int r = 0; r < column.Length; r++)
            {
                column[r] = points[(r * dimension) + j];
            }

            Array.Sort(column);
            double median = column[column.Length / 2], spread = column[^((column.Length / 4) + 1)] - column[column.Length / 4];
            origin[j] = Math.Abs(median) > LargestOffset * spread && (spread > 0 || (float)median != median) ? median : 0;
        }

        return origin;
    }

    /// <summary>Points without an origin.</summary>
    internal static float[] Without(double[] origin, ReadOnlySpan<double> points)
    {
        float[] values = new float[points.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)Math.Clamp(points[i] - origin[i % origin.Length], -float.MaxValue, float.MaxValue);
        }

        return values;
    }
}
