namespace FlowRatio.Benchmarks.Experiments.Tasks;

/// <summary>
/// Two mixtures of three Gaussians that differ in weights, means and covariances. The centres of the components are <see cref="Spread"/> times a
/// random unit vector each; those of the numerator lie 0.8 further along other random directions. The covariance of component k is
/// Q_k diag(v_k) Q_k^T with standard deviations between 0.6 and 1.2; in the numerator four of the variances are halved or doubled.
/// </summary>
public sealed class MixtureTask : DensityTask
{
    private const double Spread = 3;
    private const double NumeratorShift = 0.8;
    private const int ChangedVariances = 4;
    private static readonly double[] NumeratorWeights = [0.5, 0.3, 0.2];
    private static readonly double[] DenominatorWeights = [0.2, 0.3, 0.5];
    private readonly OrthogonalMatrix[] axes;
    private readonly double[][] numeratorMeans;
    private readonly double[][] denominatorMeans;

    /// <summary>Makes the pair.</summary>
    /// <param name="dimension">d, at least 2.</param>
    public MixtureTask(int dimension)
        : base(dimension, 2)
    {
        axes = [.. Enumerable.Range(0, NumeratorWeights.Length).Select(k => new OrthogonalMatrix(dimension, (uint)k))];

        // First rows of further random rotations are random unit vectors.
        double[] Direction(int number)
        {
            double[] first = new double[dimension], direction = new double[dimension];
            first[0] = 1;
            new OrthogonalMatrix(dimension, (uint)(10 + number)).ApplyInverse(first, direction);
            return direction;
        }

        denominatorMeans = [.. axes.Select((_, k) => Direction(k).Select(value => Spread * value).ToArray())];
        numeratorMeans =
        [
            .. axes.Select((_, k) => Direction(axes.Length + k).Zip(denominatorMeans[k], (value, mean) => mean + (NumeratorShift * value)).ToArray()),
        ];
    }

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> point, bool ofNumerator)
    {
        Span<double> terms = stackalloc double[axes.Length];
        double[] centred = new double[Dimension], along = new double[Dimension];
        for (int k = 0; k < axes.Length; k++)
        {
            double[] mean = (ofNumerator ? numeratorMeans : denominatorMeans)[k];
            for (int j = 0; j < Dimension; j++)
            {
                centred[j] = point[j] - mean[j];
            }

            axes[k].Apply(centred, along);
            double sum = Math.Log((ofNumerator ? NumeratorWeights : DenominatorWeights)[k]);
            for (int j = 0; j < Dimension; j++)
            {
                double variance = Variance(k, j, ofNumerator);
                sum -= 0.5 * ((along[j] * along[j] / variance) + Math.Log(2 * Math.PI * variance));
            }

            terms[k] = sum;
        }

        double largest = double.NegativeInfinity;
        foreach (double term in terms)
        {
            largest = Math.Max(largest, term);
        }

        double total = 0;
        foreach (double term in terms)
        {
            total += Math.Exp(term - largest);
        }

        return largest + Math.Log(total);
    }

    /// <inheritdoc/>
    protected override void Draw(Span<double> point, bool fromNumerator, ref DeviateSource deviates)
    {
        double[] weights = fromNumerator ? NumeratorWeights : DenominatorWeights;
        double uniform = deviates.Uniform();
        int k = uniform < weights[0] ? 0 : uniform < weights[0] + weights[1] ? 1 : 2;
        double[] along = new double[Dimension];
        for (int j = 0; j < Dimension; j++)
        {
            along[j] = Math.Sqrt(Variance(k, j, fromNumerator)) * deviates.Normal();
        }

        axes[k].ApplyInverse(along, point);
        double[] mean = (fromNumerator ? numeratorMeans : denominatorMeans)[k];
        for (int j = 0; j < Dimension; j++)
        {
            point[j] += mean[j];
        }
    }

    // Standard deviations 0.6 to 1.2, in another order for each component.
    private double Variance(int component, int axis, bool inNumerator)
    {
        double place = (axis + component) % Dimension / Math.Max(1.0, Dimension - 1);
        double deviation = 0.6 * Math.Pow(2, place);
        double change = !inNumerator || axis >= ChangedVariances ? 1 : (axis + component) % 2 == 0 ? 2 : 0.5;
        return deviation * deviation * change;
    }
}
