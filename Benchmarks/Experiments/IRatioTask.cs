namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Two distributions that can be sampled and whose log-ratio is known.</summary>
public interface IRatioTask
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>Draws points of one of the two distributions.</summary>
    /// <param name="count">Number of points.</param>
    /// <param name="fromNumerator">Which distribution.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="set">Number of the data set (training, test), so that sets do not share points.</param>
    /// <returns>Row-major <c>[count, d]</c>.</returns>
    float[] Sample(int count, bool fromNumerator, ulong seed, uint set);

    /// <summary>The exact log-ratio of every point, in nats.</summary>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    double[] LogRatio(ReadOnlySpan<float> points);
}
