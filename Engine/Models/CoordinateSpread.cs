namespace FlowRatio.Engine.Models;

/// <summary>
/// Centre and scale of one coordinate that a few far values do not decide: mean and standard deviation after far values have been taken as the limit
/// beyond which they are far. The limit is <see cref="FarDeviations"/> deviations of the middle of the data from the median, or where the most
/// extreme rows begin, if that is further: a group of rows, as against a few, always counts as it is. Clean data have no far values.
/// </summary>
public static class CoordinateSpread
{
    /// <summary>Beyond so many deviations a few values are far outside.</summary>
    public const double FarDeviations = 20;

    // So many rows at either end, or one of so many, are a few.
    private const int FewRows = 3;
    private const int OneOf = 200;

    // Enough rows for quantiles that only say where far begins.
    private const int MostSorted = 1 << 16;

    // Deviations below these of the offset are its rounding, in float32 and in float64.
    private const double SingleRounding = 1e-7;
    private const double DoubleRounding = 1e-14;

    // Central shares of the data and the normal deviate at their ends: wider ones where many values are the same.
    private static readonly (double Tail, double Deviate)[] Middles = [(0.25, 0.67449), (0.1, 1.28155), (0.05, 1.64485), (0.01, 2.32635)];

    /// <summary>Centre and scale; a constant has scale 1.</summary>
    /// <param name="values">The values, finite.</param>
    /// <param name="origin">What was taken from them before.</param>
    public static (double Center, double Scale) Of(ReadOnlySpan<double> values, double origin)
    {
        (double low, double high) = Limits(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Clamp(value, low, high);
        }

        double center = sum / values.Length, squares = 0;
        foreach (double value in values)
        {
            double deviation = Math.Clamp(value, low, high) - center;
            squares += deviation * deviation;
        }

        // A constant column's deviation is not zero but its rounding; it must not become a scale.
        double scale = Math.Sqrt(squares / values.Length);
        double rounding = (SingleRounding * Math.Abs(center)) + (DoubleRounding * Math.Abs(origin));
        return (center, scale > rounding && scale > float.Epsilon && double.IsFinite(scale) ? scale : 1);
    }

    /// <summary>Where far begins below and above; infinite where all but a hundredth of the values are the same.</summary>
    private static (double Low, double High) Limits(ReadOnlySpan<double> values)
    {
        int stride = ((values.Length - 1) / MostSorted) + 1;
        double[] sorted = new double[((values.Length - 1) / stride) + 1];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = values[i * stride];
        }

        Array.Sort(sorted);
        int few = Math.Min((sorted.Length - 1) / 2, Math.Max(FewRows, sorted.Length / OneOf));
        double median = sorted[sorted.Length / 2];
        foreach ((double tail, double deviate) in Middles)
        {
            int cut = (int)(tail * (sorted.Length - 1));
            double width = sorted[^(cut + 1)] - sorted[cut];
            if (width > 0)
            {
                double far = FarDeviations * width / (2 * deviate);
                return (Math.Min(median - far, sorted[few]), Math.Max(median + far, sorted[^(few + 1)]));
            }
        }

        return (double.NegativeInfinity, double.PositiveInfinity);
    }
}
