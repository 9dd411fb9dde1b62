namespace FlowRatio.Cli.Summaries;

/// <summary>
/// When a trajectory does not end in noise: then the row lies outside of what the training saw, and its value is extrapolation. The deviation is
/// that of |x|^2, which has a chi-square distribution for noise.
/// </summary>
internal static class NoiseDeviation
{
    /// <summary>Share of noise that lies above the limit.</summary>
    public const double Chance = 1e-4;

    // The normal quantile of that share.
    private const double Quantile = 3.719;

    /// <summary>The limit of the deviation | |x|^2 - d | / sqrt(2 d), by the cube root of a chi-square (Wilson and Hilferty, 1931).</summary>
    /// <param name="dimension">d.</param>
    public static double Limit(int dimension)
    {
        double spread = 2 / (9.0 * dimension), root = 1 - spread + (Quantile * Math.Sqrt(spread));
        return ((dimension * root * root * root) - dimension) / Math.Sqrt(2.0 * dimension);
    }

    /// <summary>Whether so many rows above the limit are more than chance.</summary>
    /// <param name="outside">Rows above the limit.</param>
    /// <param name="rows">All rows.</param>
    public static bool IsMany(long outside, long rows)
    {
        double expected = Chance * rows;
        return outside > expected + (3 * Math.Sqrt(expected));
    }
}
