using MathNet.Numerics;

namespace FlowRatio.Benchmarks.Experiments.Tasks;

/// <summary>
/// A heavy-tailed numerator: the multivariate Student t distribution with ten degrees of freedom and unit scale, centred at distance 1 from the
/// origin; the denominator is the Gaussian at the origin with the same covariance, 10/8 I. Far out the log-ratio grows like |x|^2.
/// </summary>
/// <param name="dimension">d.</param>
public sealed class HeavyTailTask(int dimension) : DensityTask(dimension)
{
    private const int DegreesOfFreedom = 10;
    private const double Distance = 1;
    private const double Variance = DegreesOfFreedom / (DegreesOfFreedom - 2.0);

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> point, bool ofNumerator)
    {
        double centre = Centre(ofNumerator), squares = 0;
        foreach (double value in point)
        {
            squares += (value - centre) * (value - centre);
        }

        if (!ofNumerator)
        {
            return -0.5 * ((squares / Variance) + (Dimension * Math.Log(2 * Math.PI * Variance)));
        }

        double half = 0.5 * (DegreesOfFreedom + Dimension);
        return SpecialFunctions.GammaLn(half) - SpecialFunctions.GammaLn(0.5 * DegreesOfFreedom)
            - (0.5 * Dimension * Math.Log(Math.PI * DegreesOfFreedom))
            - (half * Math.Log(1 + (squares / DegreesOfFreedom)));
    }

    /// <inheritdoc/>
    protected override void Draw(Span<double> point, bool fromNumerator, ref DeviateSource deviates)
    {
        double scale = Math.Sqrt(Variance);
        if (fromNumerator)
        {
            double chiSquare = 0;
            for (int i = 0; i < DegreesOfFreedom; i++)
            {
                double normal = deviates.Normal();
                chiSquare += normal * normal;
            }

            scale = Math.Sqrt(DegreesOfFreedom / chiSquare);
        }

        foreach (ref double value in point)
        {
            value = Centre(fromNumerator) + (scale * deviates.Normal());
        }
    }

    private double Centre(bool ofNumerator) => ofNumerator ? Distance / Math.Sqrt(Dimension) : 0;
}
