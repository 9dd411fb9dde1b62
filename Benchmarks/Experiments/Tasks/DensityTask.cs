namespace FlowRatio.Benchmarks.Experiments.Tasks;

/// <summary>Two distributions with closed-form densities, so that the log-ratio is their difference.</summary>
public abstract class DensityTask : IRatioTask
{
    /// <summary>Sets the dimension.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="least">Smallest dimension that makes sense.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below that.</exception>
    protected DensityTask(int dimension, int least = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, least);
        Dimension = dimension;
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public float[] Sample(int count, bool fromNumerator, ulong seed, uint set)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        float[] points = new float[count * Dimension];
        double[] point = new double[Dimension];
        for (int r = 0; r < count; r++)
        {
            var deviates = new DeviateSource(seed, (set << 1) | (fromNumerator ? 1u : 0u), (uint)r);
            Draw(point, fromNumerator, ref deviates);
            for (int j = 0; j < Dimension; j++)
            {
                points[(r * Dimension) + j] = (float)point[j];
            }
        }

        return points;
    }

    /// <inheritdoc/>
    public double[] LogRatio(ReadOnlySpan<float> points)
    {
        double[] ratios = new double[points.Length / Dimension];
        double[] point = new double[Dimension];
        for (int r = 0; r < ratios.Length; r++)
        {
            for (int j = 0; j < Dimension; j++)
            {
                point[j] = points[(r * Dimension) + j];
            }

            ratios[r] = LogRatio(point);
        }

        return ratios;
    }

    /// <summary>The exact log-density of a point, in nats.</summary>
    /// <param name="point">d coordinates.</param>
    /// <param name="ofNumerator">Which distribution.</param>
    public abstract double LogDensity(ReadOnlySpan<double> point, bool ofNumerator);

    /// <summary>The exact log-ratio of one point.</summary>
    /// <param name="point">d coordinates.</param>
    protected virtual double LogRatio(ReadOnlySpan<double> point) => LogDensity(point, true) - LogDensity(point, false);

    /// <summary>Draws a point.</summary>
    /// <param name="point">d coordinates, overwritten.</param>
    /// <param name="fromNumerator">Which distribution.</param>
    /// <param name="deviates">The point's random numbers.</param>
    protected abstract void Draw(Span<double> point, bool fromNumerator, ref DeviateSource deviates);
}
