namespace FlowRatio.Reports.Charts;

/// <summary>
/// Density of a sample: Gaussian kernels with Silverman's bandwidth 0.9 min(sd, IQR / 1.34) n^(-1/5) (Density Estimation for Statistics and
/// Data Analysis, 1986, eq. 3.31).
/// </summary>
internal static class KernelDensity
{
    // Kernels are cut here; what is left out is less than a pixel.
    private const double Reach = 5;

    /// <summary>The bandwidth; a positive number also for samples without spread.</summary>
    /// <param name="sorted">The sample, increasing.</param>
    public static double Bandwidth(ReadOnlySpan<double> sorted)
    {
        double mean = 0;
        foreach (double value in sorted)
        {
            mean += value / sorted.Length;
        }

        double squares = 0;
        foreach (double value in sorted)
        {
            squares += (value - mean) * (value - mean);
        }

        double deviation = Math.Sqrt(squares / Math.Max(1, sorted.Length - 1));
        double quartiles = (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / 1.34;
        double spread = quartiles > 0 ? Math.Min(deviation, quartiles) : deviation;
        return spread > 0 ? 0.9 * spread * Math.Pow(sorted.Length, -0.2) : 1e-3 * Math.Max(1, Math.Abs(mean));
    }

    /// <summary>The density at equally spaced places.</summary>
    /// <param name="sorted">The sample, increasing, not empty.</param>
    /// <param name="low">First place.</param>
    /// <param name="high">Last place.</param>
    /// <param name="count">Number of places, at least two.</param>
    public static (double X, double Density)[] At(double[] sorted, double low, double high, int count)
    {
        double bandwidth = Bandwidth(sorted);
        double norm = 1 / (sorted.Length * bandwidth * Math.Sqrt(2 * Math.PI));
        var curve = new (double, double)[count];
        int first = 0;
        for (int i = 0; i < count; i++)
        {
            double x = low + ((high - low) * i / (count - 1));
            while (first < sorted.Length && sorted[first] < x - (Reach * bandwidth))
            {
                first++;
            }

            double sum = 0;
            for (int j = first; j < sorted.Length && sorted[j] <= x + (Reach * bandwidth); j++)
            {
                double distance = (sorted[j] - x) / bandwidth;
                sum += Math.Exp(-0.5 * distance * distance);
            }

            curve[i] = (x, norm * sum);
        }

        return curve;
    }

    /// <summary>A quantile by linear interpolation between order statistics.</summary>
    /// <param name="sorted">The sample, increasing, not empty.</param>
    /// <param name="share">In [0, 1].</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
