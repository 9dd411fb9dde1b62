using FlowRatio.Engine.Randomness;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// The Gaussian experiment: p0 = N(0, I) is the denominator, p1 = N(shift 1, I) the numerator, and
/// log p1(x) - log p0(x) = shift sum_j x_j - d shift^2 / 2.
/// </summary>
/// <param name="Dimension">d.</param>
/// <param name="Shift">Distance of the means in every coordinate.</param>
public sealed record GaussianTask(int Dimension, double Shift) : IRatioTask
{
    /// <inheritdoc/>
    public float[] Sample(int count, bool fromNumerator, ulong seed, uint set)
    {
        float[] points = new float[count * Dimension];
        uint stream = (set << 1) | (fromNumerator ? 1u : 0u);
        for (int i = 0; i < points.Length; i++)
        {
            double noise = Philox.Block(seed, RandomStream.Data, (uint)(i >> 2), stream).Normal(i & 3);
            points[i] = (float)(noise + (fromNumerator ? Shift : 0));
        }

        return points;
    }

    /// <inheritdoc/>
    public double[] LogRatio(ReadOnlySpan<float> points)
    {
        double[] ratios = new double[points.Length / Dimension];
        for (int r = 0; r < ratios.Length; r++)
        {
            double sum = 0;
            foreach (float x in points.Slice(r * Dimension, Dimension))
            {
                sum += x;
            }

            ratios[r] = (Shift * sum) - (0.5 * Dimension * Shift * Shift);
        }

        return ratios;
    }
}
