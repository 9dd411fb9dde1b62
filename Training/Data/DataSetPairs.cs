using FlowRatio.Engine.Compute;

namespace FlowRatio.Training.Data;

/// <summary>Pairs from two fixed samples, each in shuffled epochs of its own.</summary>
public sealed class DataSetPairs : IPairSource
{
    // The two samples must not be shuffled alike: pairs would repeat where they are of one size.
    private const ulong TargetSeedOffset = 0x9E3779B97F4A7C15;

    private readonly ComputeBackend backend;
    private readonly ulong seed;
    private readonly Matrix sources;
    private readonly Matrix targets;
    private readonly IndexBuffer rows;

    /// <summary>Copies both samples to the backend.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="sources">Sample of the denominator, row-major <c>[m, d]</c>.</param>
    /// <param name="targets">Sample of the numerator, row-major <c>[k, d]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="largestBatch">Largest number of pairs per batch.</param>
    /// <param name="seed">Seed of the shuffles.</param>
    /// <exception cref="ArgumentException">A sample is empty, has the wrong length or a value that is not finite.</exception>
    public DataSetPairs(
        ComputeBackend backend,
        ReadOnlySpan<float> sources,
        ReadOnlySpan<float> targets,
        int dimension,
        int largestBatch,
        ulong seed)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(largestBatch, 1);
        RequireSample(sources, dimension, nameof(sources));
        RequireSample(targets, dimension, nameof(targets));
        this.backend = backend;
        this.seed = seed;
        Dimension = dimension;
        using var construction = new Construction(backend);
        this.sources = backend.CreateMatrix(sources.Length / dimension, dimension);
        this.sources.Write(sources);
        this.targets = backend.CreateMatrix(targets.Length / dimension, dimension);
        this.targets.Write(targets);
        rows = backend.CreateIndices(largestBatch);
        construction.Complete();
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Select(long step, Matrix source, Matrix target)
    {
        ArgumentNullException.ThrowIfNull(source);
        rows.Resize(source.Rows);
        backend.SelectRows(sources.Rows, seed, step, rows);
        backend.GatherRows(sources, rows, source);
        backend.SelectRows(targets.Rows, seed + TargetSeedOffset, step, rows);
        backend.GatherRows(targets, rows, target);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sources.Dispose();
        targets.Dispose();
        rows.Dispose();
    }

    private static void RequireSample(ReadOnlySpan<float> points, int dimension, string name)
    {
        if (points.IsEmpty || points.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"{name} has {points.Length} values; a positive multiple of the dimension {dimension} is needed.", name);
        }

        foreach (float value in points)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException($"{name} has the value {value}; remove or impute such rows.", name);
            }
        }
    }
}
