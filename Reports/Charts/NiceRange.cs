using System.Globalization;

namespace FlowRatio.Reports.Charts;

/// <summary>Ranges and ticks at round numbers: a short number times a power of ten.</summary>
internal static class NiceRange
{
    private const double Rounding = 1e-9;
    private static readonly double[] Factors = [1, 2, 5, 10];
    private static readonly double[] FineFactors = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

    /// <summary>The shortest range between round numbers that holds two values.</summary>
    /// <param name="low">Smaller value.</param>
    /// <param name="high">Larger value.</param>
    /// <param name="parts">About how many steps the range has.</param>
    public static (double Low, double High) Linear(double low, double high, int parts)
    {
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        if (high - low <= Rounding * size)
        {
            // One value: a range around it.
            double reach = size > 0 ? size / 2 : 1;
            (low, high) = (low - reach, high + reach);
        }

        double rough = (high - low) / parts;
        int power = (int)Math.Floor(Math.Log10(rough));
        double step = Number(Factors.First(factor => Number(factor, power) >= rough * (1 - Rounding)), power);
        (double below, double above) = (Math.Floor((low / step) + Rounding), Math.Ceiling((high / step) - Rounding));
        return (Tidy(below * step), Tidy(Math.Max(above, below + 1) * step));
    }

    /// <summary>The same where ratios count.</summary>
    /// <param name="low">Smaller value, positive.</param>
    /// <param name="high">Larger value.</param>
    public static (double Low, double High) Logarithmic(double low, double high)
    {
        int lowPower = Power(low), highPower = Power(high);
        double below = Number(FineFactors.Last(factor => Number(factor, lowPower) <= low * (1 + Rounding)), lowPower);
        double above = Number(FineFactors.First(factor => Number(factor, highPower) >= high * (1 - Rounding)), highPower);
        return (below, above > below ? above : 2 * below);
    }

    /// <summary>Ticks on a logarithmic range: at 1, 2, 5 over short ranges, at powers of ten over long ones.</summary>
    /// <param name="low">Start, positive.</param>
    /// <param name="high">End.</param>
    /// <param name="most">About how many ticks there may be.</param>
    public static IReadOnlyList<double> LogarithmicTicks(double low, double high, int most)
    {
        double decades = Math.Log10(high / low);
        double[] factors = decades <= 1.7 ? [1, 2, 5] : decades <= 2.7 ? [1, 3] : [1];
        int every = Math.Max(1, (int)Math.Ceiling(decades / most));
        List<double> ticks = [];
        for (int power = Power(low); power <= Power(high); power++)
        {
            if (power % every == 0)
            {
                ticks.AddRange(factors
                    .Select(factor => Number(factor, power))
                    .Where(tick => tick >= low * (1 - Rounding) && tick <= high * (1 + Rounding)));
            }
        }

        return ticks;
    }

    private static int Power(double value) => (int)Math.Floor(Math.Log10(value) + Rounding);

    // Through text, so that 3 tenths are 0.3 and not 0.30000000000000004.
    private static double Number(double factor, int power) =>
        double.Parse($"{factor}e{power}", NumberStyles.Float, CultureInfo.InvariantCulture);

    private static double Tidy(double value) =>
        double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
