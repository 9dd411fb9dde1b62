using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Trust;

/// <summary>Functions of a point that do not depend on labels; log-ratios are linear in them.</summary>
internal abstract class FeatureMap
{
    /// <summary>Number of features.</summary>
    public abstract int Count { get; }

    /// <summary>Name in files.</summary>
    public abstract string Name { get; }

    /// <summary>Features of one point.</summary>
    /// <param name="point">d coordinates.</param>
    /// <param name="features">Overwritten.</param>
    public abstract void Apply(ReadOnlySpan<float> point, Span<float> features);

    /// <summary>Its numbers.</summary>
    /// <param name="prefix">Before the names.</param>
    public abstract IEnumerable<SafetensorsTensor> Tensors(string prefix);

    /// <summary>Features of points.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    /// <returns>Row-major <c>[rows, Count]</c>.</returns>
    public float[] Apply(ReadOnlyMemory<float> points, int dimension, ParallelOptions parallel)
    {
        int rows = points.Length / dimension;
        float[] features = new float[checked(rows * Count)];
        Parallel.For(0, rows, parallel, r => Apply(points.Span.Slice(r * dimension, dimension), features.AsSpan(r * Count, Count)));
        return features;
    }
}
