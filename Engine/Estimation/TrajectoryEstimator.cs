using System.Numerics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// What estimators share: points go through in chunks of bounded size, each with the workspace of the one before, and results of a
/// point do not depend on the chunk it was in.
/// </summary>
public abstract class TrajectoryEstimator : IDisposable
{
    private readonly BoundModel model;
    private readonly Dictionary<int, TrajectoryBatch> batches = [];

    /// <summary>Checks the options first: binding a model starts threads and allocates.</summary>
    private protected TrajectoryEstimator(EstimationOptions? options, Func<BoundModel> bind)
    {
        Options = options ?? new EstimationOptions();
        Options.Validate();
        model = bind();
    }

    /// <summary>How trajectories are integrated.</summary>
    public EstimationOptions Options { get; }

    /// <summary>The flow that is evaluated.</summary>
    public ConditionalFlow Flow => model.Flow;

    private protected Standardization? Standardization => model.Standardization;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees workspace, parameters and, if it was not given one, the backend.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeBatches();
            model.Dispose();
        }
    }

    /// <summary>Values of one output, by one probe sequence, of the rows of a finished chunk.</summary>
    private protected delegate void ReadValues(TrajectoryBatch batch, int output, int probe, Span<double> values);

    /// <summary>The points in the flow's coordinates, after checking their shape and values.</summary>
    private protected float[] Places<T>(ReadOnlySpan<T> points)
        where T : unmanaged, INumberBase<T> => model.Places(points);

    /// <summary>Numbers points from <paramref name="firstSample"/>.</summary>
    private protected int[] ConsecutiveSamples(float[] places, int firstSample)
    {
        int count = places.Length / model.Flow.Dimension;
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSample, int.MaxValue - count);
        return [.. Enumerable.Range(firstSample, count)];
    }

    /// <summary>Checks the points' numbers.</summary>
    private protected int[] RequireSamples(float[] places, ReadOnlySpan<int> samples)
    {
        int count = places.Length / model.Flow.Dimension;
        if (samples.Length != count)
        {
            throw new ArgumentException($"samples has {samples.Length} numbers for {count} points.", nameof(samples));
        }

        foreach (int sample in samples)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sample, nameof(samples));
        }

        return samples.ToArray();
    }

    /// <summary>Estimates one or several outputs per point, which come in the flow's coordinates.</summary>
    private protected EstimationResult[] Run(
        ReadOnlySpan<float> places,
        TrackedDensities densities,
        int outputs,
        int[] samples,
        ReadValues read,
        IProgress<EstimationProgress>? progress,
        CancellationToken cancellation)
    {
        int count = samples.Length;
        if (Options.Quadrature is not { Tolerance: { } tolerance } quadrature)
        {
            EstimationTable table = RunNodes(places, samples, densities, outputs, Options.Quadrature?.Nodes ?? 0, read, progress, cancellation);
            return table.ToResults(samples);
        }

        // Each point doubles its nodes until two successive values agree, whatever the other points do.
        EstimationTable best = RunNodes(places, samples, densities, outputs, quadrature.Nodes, read, null, cancellation);
        int[] open = [.. Enumerable.Range(0, count)];
        for (int nodes = 2 * quadrature.Nodes; open.Length > 0 && nodes <= quadrature.LargestNodes; nodes *= 2)
        {
            float[] openPlaces = Select(places, open);
            int[] openSamples = [.. open.Select(i => samples[i])];
            EstimationTable finer = RunNodes(openPlaces, openSamples, densities, outputs, nodes, read, null, cancellation);
            open = best.Refine(finer, open, tolerance);
            progress?.Report(new EstimationProgress(count - open.Length, count));
        }

        best.MarkOpen(open);
        return best.ToResults(samples);
    }

    private float[] Select(ReadOnlySpan<float> places, int[] rows)
    {
        int dimension = model.Flow.Dimension;
        float[] selected = new float[rows.Length * dimension];
        for (int r = 0; r < rows.Length; r++)
        {
            places.Slice(rows[r] * dimension, dimension).CopyTo(selected.AsSpan(r * dimension));
        }

        return selected;
    }

    private EstimationTable RunNodes(
        ReadOnlySpan<float> places,
        int[] samples,
        TrackedDensities densities,
        int outputs,
        int nodes,
        ReadValues read,
        IProgress<EstimationProgress>? progress,
        CancellationToken cancellation)
    {
        int count = samples.Length;
        int dimension = model.Flow.Dimension;
        TrajectoryBatch batch = Workspace(densities, nodes, Math.Min(count, RowsWithinBudget(densities)));
        var table = new EstimationTable(outputs, batch.Sequences, count);
        for (int start = 0; start < count; start += batch.Capacity)
        {
            int rows = Math.Min(batch.Capacity, count - start);
            batch.Run(places.Slice(start * dimension, rows * dimension), samples.AsSpan(start, rows), cancellation);
            for (int output = 0; output < outputs; output++)
            {
                for (int k = 0; k < batch.Sequences; k++)
                {
                    read(batch, output, k, table.Values(output, k).AsSpan(start, rows));
                }
            }

            batch.Records.CopyTo(table.Records.AsSpan(start));
            batch.PointIsFinite.CopyTo(table.PointIsFinite.AsSpan(start));
            table.SetDisagreements(start, batch.Disagreement());
            table.SetSourceDeviations(start, batch.SourceDeviation());
            progress?.Report(new EstimationProgress(start + rows, count));
        }

        return table;
    }

    /// <summary>Rows per chunk: as many as the options allow, fewer where many conditions or tangents would need too much memory.</summary>
    private int RowsWithinBudget(TrackedDensities densities)
    {
        int tangents = LogDensityDynamics.TangentsPerEvaluation(Options.Divergence, Flow.Dimension);
        int conditions = densities.Tracked.Concat(densities.Field.Select(term => term.Condition)).Distinct().Count();
        return ChunkSize.Rows(Flow, Options, new StackLayout(conditions, densities.Tracked.Count, tangents));
    }

    private TrajectoryBatch Workspace(TrackedDensities densities, int nodes, int capacity)
    {
        if (batches.TryGetValue(nodes, out TrajectoryBatch? batch))
        {
            if (batch.Densities.IsSameAs(densities) && batch.Capacity >= capacity)
            {
                return batch;
            }

            batch.Dispose();
            batches.Remove(nodes);
        }

        batch = CreateBatch(densities, nodes, capacity);
        batches.Add(nodes, batch);
        return batch;
    }

    private TrajectoryBatch CreateBatch(TrackedDensities densities, int nodes, int capacity)
    {
        using var construction = new Construction(Flow.Backend);
        try
        {
            TrajectoryBatch batch = Options.Adaptive is not null ? new AdaptiveBatch(model, densities, Options, capacity)
                : Options.Quadrature is not null
                    ? new QuadratureBatch(model, densities, Options, capacity, nodes, RowsWithinBudget(densities))
                : new FixedStepBatch(model, densities, Options, capacity);
            construction.Complete();
            return batch;
        }
        catch (DeviceMemoryException error)
        {
            string advice = capacity == 1
                ? "Not even one point fits; free memory, or use another device."
                : $"{capacity} points were to be computed together; set {nameof(EstimationOptions.ChunkRows)} to {Math.Max(1, capacity / 4)} or less.";
            throw new DeviceMemoryException(error, advice);
        }
    }

    private void DisposeBatches()
    {
        foreach (TrajectoryBatch batch in batches.Values)
        {
            batch.Dispose();
        }

        batches.Clear();
    }
}
