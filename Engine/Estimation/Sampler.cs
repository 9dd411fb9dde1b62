using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Randomness;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Generates points of a condition: noise at t = 0, carried by the condition's velocity to t = 1.</summary>
public sealed class Sampler : IDisposable
{
    private readonly BoundModel model;
    private readonly EstimationOptions options;

    /// <summary>Prepares a trained model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Method, steps, seed and chunk size; null for the defaults.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed with the sampler.</param>
    public Sampler(FlowModel model, EstimationOptions? options = null, ComputeBackend? backend = null)
        : this(options, () => new BoundModel(model, backend))
    {
    }

    /// <summary>Prepares any conditional flow.</summary>
    /// <param name="flow">The flow; the caller keeps ownership.</param>
    /// <param name="options">Method, steps, seed and chunk size; null for the defaults.</param>
    public Sampler(ConditionalFlow flow, EstimationOptions? options = null)
        : this(options, () => new BoundModel(flow))
    {
    }

    private Sampler(EstimationOptions? options, Func<BoundModel> bind)
    {
        this.options = options ?? new EstimationOptions();
        this.options.Validate();
        if (this.options.Adaptive is not null || this.options.Quadrature is not null)
        {
            throw new ArgumentException("Samples are integrated with equal steps; Adaptive and Quadrature do not apply.", nameof(options));
        }

        model = bind();
    }

    /// <summary>Generates points; each is a function of the seed and its number alone.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="firstSample">Number of the first point.</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <returns>Row-major <c>[count, d]</c>, in the units of the training data.</returns>
    /// <exception cref="ArgumentException">Unknown condition, a count below 1, or more points than an array holds.</exception>
    /// <exception cref="InvalidOperationException">A point became infinite or not a number; the message names it and the time.</exception>
    public float[] Sample(
        Condition condition,
        int count,
        int firstSample = 0,
        IProgress<EstimationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        condition.RequireFits(model.Flow.Covariates, nameof(condition));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        int dimension = model.Flow.Dimension;
        if ((long)count * dimension > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"count is {count}; an array holds at most {Array.MaxLength / dimension} points of {dimension} coordinates.");
        }

        int capacity = Math.Min(count, ChunkSize.Rows(model.Flow, options, StackLayout.Primal(1)));
        float[] points = new float[count * dimension];
        using var dynamics = new VelocityDynamics(model.Flow, [(condition, 1)], capacity);
        using var solver = new FixedStepSolver(model.Flow.Backend, options.Tableau, capacity, dimension, rateSeries: 0);
        for (int start = 0; start < count; start += capacity)
        {
            int rows = Math.Min(capacity, count - start);
            Span<float> chunk = points.AsSpan(start * dimension, rows * dimension);
            FillSource(chunk, firstSample + start);
            solver.Resize(rows);
            dynamics.Resize(rows);
            solver.State.Write<float>(chunk);
            solver.Solve(dynamics, start: 0, end: 1, options.Steps, cancellation);
            RequireFinite(solver, firstSample + start);
            solver.State.Read(chunk);
            model.Standardization?.Invert(chunk, chunk);
            progress?.Report(new EstimationProgress(start + rows, count));
        }

        return points;
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private void RequireFinite(FixedStepSolver solver, int firstSample)
    {
        int[] failures = new int[solver.FirstFailure.Length];
        solver.FirstFailure.Read(failures);
        int failed = Array.FindIndex(failures, step => step != 0);
        if (failed >= 0)
        {
            throw new InvalidOperationException(
                $"The point of sample {firstSample + failed} is not finite at time {(double)failures[failed] / options.Steps}.");
        }
    }

    private void FillSource(Span<float> chunk, int firstSample)
    {
        int dimension = model.Flow.Dimension;
        for (int i = 0; i < chunk.Length; i++)
        {
            int j = i % dimension;
            uint sample = (uint)(firstSample + (i / dimension));
            chunk[i] = (float)Philox.Block(options.Seed, RandomStream.Source, sample, (uint)(j >> 2)).Normal(j & 3);
        }
    }
}
