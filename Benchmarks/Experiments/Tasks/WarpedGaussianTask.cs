namespace FlowRatio.Benchmarks.Experiments.Tasks;

/// <summary>
/// Two Gaussians, N(0, I) and N(m, diag v) with |m| = 1.5 and v = (2, 1/2, 1, 1, ...), pushed through one invertible map, under which the ratio
/// does not change: three times a random rotation, then in every coordinate y = sinh(delta asinh(x) + epsilon) with delta
/// between 0.8 and 1.2 and epsilon between -0.4 and 0.4 (Jones and Pewsey, "Sinh-arcsinh distributions", 2009). Its inverse is a closed form.
/// </summary>
public sealed class WarpedGaussianTask : DensityTask
{
    private const int Layers = 3;
    private const double Distance = 1.5;
    private readonly OrthogonalMatrix[] rotations;

    /// <summary>Makes the pair.</summary>
    /// <param name="dimension">d, at least 2.</param>
    public WarpedGaussianTask(int dimension)
        : base(dimension, 2)
    {
        rotations = [.. Enumerable.Range(0, Layers).Select(k => new OrthogonalMatrix(dimension, (uint)(100 + k)))];
    }

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> point, bool ofNumerator)
    {
        double[] latent = new double[Dimension];
        double logSlope = Invert(point, latent);
        return LatentLogDensity(latent, ofNumerator) - logSlope;
    }

    /// <summary>The map from latent to data space.</summary>
    /// <param name="latent">d coordinates.</param>
    /// <param name="point">d coordinates, overwritten.</param>
    public void Map(ReadOnlySpan<double> latent, Span<double> point)
    {
        double[] rotated = new double[Dimension];
        latent.CopyTo(point);
        for (int layer = 0; layer < Layers; layer++)
        {
            rotations[layer].Apply(point, rotated);
            for (int j = 0; j < Dimension; j++)
            {
                point[j] = Math.Sinh((Stretch(layer, j) * Math.Asinh(rotated[j])) + Skew(layer, j));
            }
        }
    }

    /// <summary>The inverse map.</summary>
    /// <param name="point">d coordinates.</param>
    /// <param name="latent">d coordinates, overwritten.</param>
    /// <returns>Logarithm of the determinant of the map's Jacobian at the latent point.</returns>
    public double Invert(ReadOnlySpan<double> point, Span<double> latent)
    {
        double[] warped = point.ToArray();
        double logSlope = 0;
        for (int layer = Layers - 1; layer >= 0; layer--)
        {
            for (int j = 0; j < Dimension; j++)
            {
                double y = warped[j];
                double x = Math.Sinh((Math.Asinh(y) - Skew(layer, j)) / Stretch(layer, j));

                // dy/dx = delta cosh(delta asinh(x) + epsilon) / sqrt(1 + x^2), and the cosh is sqrt(1 + y^2).
                logSlope += Math.Log(Stretch(layer, j)) + (0.5 * Math.Log((1 + (y * y)) / (1 + (x * x))));
                warped[j] = x;
            }

            rotations[layer].ApplyInverse(warped, latent);
            latent.CopyTo(warped);
        }

        return logSlope;
    }

    /// <inheritdoc/>
    protected override double LogRatio(ReadOnlySpan<double> point)
    {
        // Without the Jacobian, which both densities share.
        double[] latent = new double[Dimension];
        Invert(point, latent);
        return LatentLogDensity(latent, true) - LatentLogDensity(latent, false);
    }

    /// <inheritdoc/>
    protected override void Draw(Span<double> point, bool fromNumerator, ref DeviateSource deviates)
    {
        double[] latent = new double[Dimension];
        for (int j = 0; j < Dimension; j++)
        {
            latent[j] = (Math.Sqrt(Variance(j, fromNumerator)) * deviates.Normal()) + Mean(fromNumerator);
        }

        Map(latent, point);
    }

    private double LatentLogDensity(ReadOnlySpan<double> latent, bool ofNumerator)
    {
        double sum = 0;
        for (int j = 0; j < Dimension; j++)
        {
            double variance = Variance(j, ofNumerator);
            double centred = latent[j] - Mean(ofNumerator);
            sum -= 0.5 * ((centred * centred / variance) + Math.Log(2 * Math.PI * variance));
        }

        return sum;
    }

    private double Mean(bool ofNumerator) => ofNumerator ? Distance / Math.Sqrt(Dimension) : 0;

    private static double Variance(int axis, bool ofNumerator) => (ofNumerator, axis) switch
    {
        (true, 0) => 2,
        (true, 1) => 0.5,
        _ => 1,
    };

    // Different in every layer and coordinate, and the same in every run: multiples of the golden ratio fill [0, 1) evenly.
    private static double Stretch(int layer, int axis) => 0.8 + (0.4 * Fraction(1 + (2 * ((7 * layer) + axis))));

    private static double Skew(int layer, int axis) => -0.4 + (0.8 * Fraction(2 + (2 * ((7 * layer) + axis))));

    private static double Fraction(int number) => 0.6180339887498949 * number % 1;
}
