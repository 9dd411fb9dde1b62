using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Trust;

/// <summary>
/// A network that tells the classes of points on the path x_t = t x + (1 - t) noise; evaluated without noise at a time t* of at most 1, the earlier the
/// smoother.
/// </summary>
/// <param name="Classifier">The network; its input is (t x, features of t).</param>
/// <param name="Time">t*.</param>
internal sealed record RatioHead(ClassifierModel Classifier, double Time)
{
    /// <summary>Sines and cosines of multiples of pi t.</summary>
    public const int TimeFeatures = 8;

    /// <summary>log p(x | c) up to a term of x alone.</summary>
    /// <param name="points">Row-major <c>[rows, d]</c>, standardised.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="cancellation">Looked at before every chunk.</param>
    /// <returns>Row-major <c>[rows, classes]</c>.</returns>
    public double[] Evaluate(ReadOnlySpan<float> points, ComputeBackend backend, CancellationToken cancellation)
    {
        int dimension = Classifier.Network.Shape.Dimension - TimeFeatures;
        using var estimator = new ClassifierEstimator(Classifier, backend);
        double[] values = estimator.Logits(Inputs(points, dimension, Time), cancellation);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= Math.Log(Classifier.ClassShares[i % Classifier.ClassShares.Count]);
        }

        return values;
    }

    /// <summary>Inputs of the network for points without noise.</summary>
    public static float[] Inputs(ReadOnlySpan<float> points, int dimension, double time)
    {
        int rows = points.Length / dimension, width = dimension + TimeFeatures;
        float[] inputs = new float[rows * width];
        for (int r = 0; r < rows; r++)
        {
            Span<float> input = inputs.AsSpan(r * width, width);
            for (int j = 0; j < dimension; j++)
            {
                input[j] = (float)time * points[(r * dimension) + j];
            }

            FillTime(time, input[dimension..]);
        }

        return inputs;
    }

    /// <summary>Features of a time.</summary>
    public static void FillTime(double time, Span<float> features)
    {
        for (int k = 0; k < TimeFeatures / 2; k++)
        {
            (double sine, double cosine) = Math.SinCos(Math.PI * (k + 1) * time);
            (features[k], features[k + (TimeFeatures / 2)]) = ((float)sine, (float)cosine);
        }
    }
}
