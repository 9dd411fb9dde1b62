namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// The mutual-information pair: the numerator is N(0, S) with 2 x 2 blocks of correlation rho, the denominator N(0, I). The mean
/// log-ratio over the numerator is the mutual information -(d/4) ln(1 - rho^2).
/// </summary>
/// <param name="Dimension">d, even.</param>
/// <param name="Correlation">rho in (-1, 1).</param>
public sealed record BlockCorrelationTask(int Dimension, double Correlation) : IRatioTask
{
    /// <summary>The mutual information in nats.</summary>
    public double MutualInformation => -0.25 * Dimension * Math.Log(1 - (Correlation * Correlation));

    /// <inheritdoc/>
    public float[] Sample(int count, bool fromNumerator, ulong seed, uint set)
    {
        float[] points = new GaussianTask(Dimension, 0).Sample(count, fromNumerator, seed, set);
        double rest = Math.Sqrt(1 - (Correlation * Correlation));
        for (int i = 0; fromNumerator && i < points.Length; i += 2)
        {
            points[i + 1] = (float)((Correlation * points[i]) + (rest * points[i + 1]));
        }

        return points;
    }

    /// <inheritdoc/>
    public double[] LogRatio(ReadOnlySpan<float> points)
    {
        double variance = 1 - (Correlation * Correlation);
        double[] ratios = new double[points.Length / Dimension];
        for (int r = 0; r < ratios.Length; r++)
        {
            ReadOnlySpan<float> x = points.Slice(r * Dimension, Dimension);
            double sum = 0;
            for (int j = 0; j < Dimension; j += 2)
            {
                double a = x[j], b = x[j + 1];
                double correlated = ((a * a) - (2 * Correlation * a * b) + (b * b)) / variance;
                sum += -0.5 * (Math.Log(variance) + correlated - (a * a) - (b * b));
            }

            ratios[r] = sum;
        }

        return ratios;
    }
}
