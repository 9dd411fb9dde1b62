using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// What estimators share: points go through in chunks of bounded size, each with the workspace of the one before, and results of a
/// point do not depend on the chunk it was in.
/// </summary>
public abstract class TrajectoryEstimator : IDisposable
{
    private readonly BoundModel model;
    private TrajectoryBatch? batch;

    private protected TrajectoryEstimator(BoundModel model, EstimationOptions? options)
    {
        this.model = model;
        Options = options ?? new EstimationOptions();
        Options.Validate();
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
            batch?.Dispose();
            batch = null;
            model.Dispose();
        }
    }

    /// <summary>One value of a row by one probe sequence, from the finished chunk.</summary>
    private protected delegate void ReadValues(TrajectoryBatch batch, int probe, Span<double> values);

    private protected EstimationResult Run(
        ReadOnlySpan<float> points,
        IReadOnlyList<Condition> tracked,
        IReadOnlyList<(Condition Condition, double Weight)> field,
        int firstSample,
        ReadValues read,
        IProgress<EstimationProgress>? progress,
        CancellationToken cancellation)
    {
        int count = model.RequirePoints(points);
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        TrajectoryBatch workspace = Workspace(tracked, field, Math.Min(count, Options.ChunkRows));
        int dimension = model.Flow.Dimension;
        int sequences = workspace.Dynamics.Sequences;
        double[] values = new double[count];
        double[]? errors = sequences > 1 ? new double[count] : null;
        double[][] perSequence = [.. Enumerable.Range(0, sequences).Select(_ => new double[workspace.Capacity])];
        var statuses = new SolveStatus[count];
        List<TrajectoryFailure> failures = [];
        int[] samples = new int[workspace.Capacity];
        int evaluations = 0;
        for (int start = 0; start < count; start += workspace.Capacity)
        {
            int rows = Math.Min(workspace.Capacity, count - start);
            for (int r = 0; r < rows; r++)
            {
                samples[r] = firstSample + start + r;
            }

            ReadOnlySpan<int> numbers = samples.AsSpan(0, rows);
            evaluations = workspace.Run(points.Slice(start * dimension, rows * dimension), numbers, cancellation);
            for (int k = 0; k < sequences; k++)
            {
                read(workspace, k, perSequence[k].AsSpan(0, rows));
            }

            workspace.CollectFailures(numbers, statuses.AsSpan(start, rows), failures);
            for (int r = 0; r < rows; r++)
            {
                (double mean, double error) = MeanAndStandardError(perSequence, r);
                bool converged = statuses[start + r] == SolveStatus.Converged;
                values[start + r] = converged ? mean : double.NaN;
                if (errors is not null)
                {
                    errors[start + r] = converged ? error : double.NaN;
                }
            }

            progress?.Report(new EstimationProgress(start + rows, count));
        }

        return new EstimationResult(values, errors, statuses, failures, evaluations);
    }

    private static (double Mean, double StandardError) MeanAndStandardError(double[][] perSequence, int row)
    {
        int count = perSequence.Length;
        double mean = 0;
        foreach (double[] sequence in perSequence)
        {
            mean += sequence[row] / count;
        }

        double squares = 0;
        foreach (double[] sequence in perSequence)
        {
            squares += (sequence[row] - mean) * (sequence[row] - mean);
        }

        return (mean, count > 1 ? Math.Sqrt(squares / (count - 1) / count) : 0);
    }

    private TrajectoryBatch Workspace(
        IReadOnlyList<Condition> tracked, IReadOnlyList<(Condition Condition, double Weight)> field, int capacity)
    {
        if (batch is null || batch.Capacity != capacity || !batch.Tracked.SequenceEqual(tracked))
        {
            batch?.Dispose();
            batch = new TrajectoryBatch(model, tracked, field, Options, capacity);
        }

        return batch;
    }
}
