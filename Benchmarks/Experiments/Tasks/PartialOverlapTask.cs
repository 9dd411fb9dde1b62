using MathNet.Numerics;

namespace FlowRatio.Benchmarks.Experiments.Tasks;

/// <summary>
/// Two boxes that overlap in part: each coordinate is uniform on [-1.5, 1.5] plus Gaussian noise of standard deviation 0.3, and in the first two
/// coordinates the numerator's interval lies 0.75 further right. The noise makes both densities positive everywhere, so the log-ratio is
/// finite; a quarter of each interval is where the other distribution has only its tail.
/// </summary>
/// <param name="dimension">d.</param>
public sealed class PartialOverlapTask(int dimension) : DensityTask(dimension)
{
    private const double HalfWidth = 1.5;
    private const double Noise = 0.3;
    private const double Shift = 0.75;
    private const int ShiftedCoordinates = 2;

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> point, bool ofNumerator)
    {
        double sum = 0;
        for (int j = 0; j < Dimension; j++)
        {
            sum += LogBox(point[j] - Centre(j, ofNumerator));
        }

        return sum;
    }

    /// <inheritdoc/>
    protected override void Draw(Span<double> point, bool fromNumerator, ref DeviateSource deviates)
    {
        for (int j = 0; j < Dimension; j++)
        {
            point[j] = Centre(j, fromNumerator) + (HalfWidth * ((2 * deviates.Uniform()) - 1)) + (Noise * deviates.Normal());
        }
    }

    private static double Centre(int axis, bool ofNumerator) => ofNumerator && axis < ShiftedCoordinates ? Shift : 0;

    // [Phi((a - |x|) / s) - Phi((-a - |x|) / s)] / (2 a): with |x| both arguments fall off together, and far out nothing cancels.
    private static double LogBox(double x)
    {
        double distance = Math.Abs(x), scale = Noise * Math.Sqrt(2);
        double difference = SpecialFunctions.Erfc((distance - HalfWidth) / scale) - SpecialFunctions.Erfc((distance + HalfWidth) / scale);
        return Math.Log(0.5 * difference / (2 * HalfWidth));
    }
}
