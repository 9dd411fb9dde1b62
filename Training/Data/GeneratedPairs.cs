using FlowRatio.Engine.Compute;

namespace FlowRatio.Training.Data;

/// <summary>Pairs that a simulator draws anew for every batch: infinite data.</summary>
/// <param name="dimension">d.</param>
/// <param name="sampleSource">Points x_0 ~ p, row-major, for a number of pairs and a batch.</param>
/// <param name="sampleTarget">Points x_1 ~ q.</param>
public sealed class GeneratedPairs(
    int dimension, Func<int, long, float[]> sampleSource, Func<int, long, float[]> sampleTarget) : IPairSource
{
    /// <inheritdoc/>
    public int Dimension => dimension;

    /// <inheritdoc/>
    public void Select(long step, Matrix source, Matrix target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        source.Write<float>(sampleSource(source.Rows, step));
        target.Write<float>(sampleTarget(target.Rows, step));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
