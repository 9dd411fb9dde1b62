using FlowRatio.Engine.Compute;

namespace FlowRatio.Tests.Support;

/// <summary>
/// The one error metric of the contract tests. A sum of n rounded products, added in any order, with or without fused
/// multiply-add, is off by at most about n u (sum of |terms|), u being the unit roundoff (Higham, "Accuracy and Stability of
/// Numerical Algorithms", section 3.1). The bound is therefore proportional to the sum of the terms' magnitudes, not to the
/// result, which may be small by cancellation; and it shrinks with the backend's precision, so the reference passes it too.
/// </summary>
/// <remarks>
/// <see cref="Elementwise"/> more roundings are granted for what surrounds the sum: the bias, a constant rounded to float, an
/// exponential good to two or three units, the store. Nothing is fitted to observed errors: those are usually ten times smaller,
/// because roundings partly cancel, while a wrong index or a missing term is off by thousands of times the bound.
/// </remarks>
public static class ErrorBound
{
    /// <summary>Roundings beside those of the sum.</summary>
    public const int Elementwise = 8;

    /// <summary>Unit roundoff of float64, for sums that every backend keeps in double precision.</summary>
    public const double DoubleRoundoff = 1.0 / (1L << 53);

    /// <summary>Bound for one value.</summary>
    /// <param name="roundoff">Unit roundoff u.</param>
    /// <param name="terms">Terms of the sum; 1 where the terms are rounded but added in float64.</param>
    /// <param name="scale">Sum of the terms' magnitudes.</param>
    public static double Of(double roundoff, int terms, double scale) => (terms + Elementwise) * roundoff * scale;

    /// <summary>Bounds for an array of values with the backend's own roundoff.</summary>
    public static double[] Of(ComputeBackend backend, int terms, IEnumerable<double> scales)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return [.. scales.Select(scale => Of(backend.UnitRoundoff, terms, scale))];
    }

    /// <summary>
    /// Bounds for a stack behind SELU: a primal is selu(p), a tangent selu'(p) q. Both errors, of p and of q, pass through slopes
    /// of at most lambda alpha. At p = 0 the slope jumps, so where p is zero within its own bound a tangent may use either slope.
    /// </summary>
    /// <param name="backend">The backend under test.</param>
    /// <param name="stack">Order of the segments.</param>
    /// <param name="terms">Terms of the sums p and q.</param>
    /// <param name="sums">p and q in double precision, segment after segment.</param>
    /// <param name="scales">Sums of the magnitudes of their terms.</param>
    public static double[] OfSelu(ComputeBackend backend, StackLayout stack, int terms, double[] sums, double[] scales)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(scales);
        double Bound(double scale) => Of(backend.UnitRoundoff, terms, scale);

        int length = sums.Length / stack.Segments;
        double[] bounds = new double[sums.Length];
        for (int i = 0; i < bounds.Length; i++)
        {
            int segment = i / length;
            int primal = (stack.PrimalOf(segment) * length) + (i % length);

            // selu and its slope are off by the error of p times a slope, and by roundings of values up to lambda alpha < 2.
            double activationScale = (Selu.ScaleAlpha * scales[primal]) + 2;
            bool atKink = Math.Abs(sums[primal]) <= Bound(scales[primal]);
            bounds[i] = segment < stack.PrimalSegments
                ? Bound(activationScale)
                : Bound((Selu.ScaleAlpha * scales[i]) + (Math.Abs(sums[i]) * activationScale))
                    + (atKink ? Math.Abs(sums[i]) * (Selu.ScaleAlpha - Selu.Scale) : 0);
        }

        return bounds;
    }

    /// <summary>Fails at the worst element whose difference exceeds its bound.</summary>
    /// <param name="what">What is compared.</param>
    /// <param name="expected">Reference values.</param>
    /// <param name="actual">Values under test.</param>
    /// <param name="bounds">Bound of each |difference|.</param>
    public static void Check(string what, double[] expected, double[] actual, double[] bounds)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(bounds);
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        Assert.That(bounds, Has.Length.EqualTo(expected.Length), what);
        int worst = -1;
        double worstExcess = 1;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(expected[i] - actual[i]);
            double excess = difference == 0 ? 0 : difference / bounds[i];
            if (!(excess <= worstExcess))
            {
                worst = i;
                worstExcess = double.IsNaN(excess) ? double.PositiveInfinity : excess;
            }
        }

        if (worst >= 0)
        {
            Assert.Fail(
                $"{what}: element {worst} of {expected.Length}: expected {expected[worst]:R}, actual {actual[worst]:R}, "
                + $"difference {expected[worst] - actual[worst]:R}, bound {bounds[worst]:R}.");
        }
    }

    /// <summary>Fails at the first element whose bits differ.</summary>
    public static void CheckBits(string what, double[] expected, double[] actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(actual[i]))
            {
                Assert.Fail($"{what}: element {i} of {expected.Length}: expected {expected[i]:R}, actual {actual[i]:R}.");
            }
        }
    }
}
