using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Equal steps, everything evaluated at every stage.</summary>
internal sealed class FixedStepBatch : TrajectoryBatch
{
    private readonly FixedStepSolver solver;
    private readonly int[] failures;

    public FixedStepBatch(BoundModel model, TrackedDensities densities, EstimationOptions options, int capacity)
        : base(model, densities, options, capacity, timePerRow: false, capacity)
    {
        solver = new FixedStepSolver(model.Flow.Backend, options.Tableau, capacity, model.Flow.Dimension, Dynamics.RateSeries);
        failures = new int[capacity];
    }

    protected override Accumulator Totals => solver.Totals;

    protected override Matrix EndState => solver.State;

    /// <inheritdoc/>
    public override void Dispose()
    {
        solver.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Integrate(
        ReadOnlySpan<float> start, ReadOnlySpan<int> samples, Span<TrajectoryRecord> records, CancellationToken cancellation)
    {
        solver.Resize(samples.Length);
        Dynamics.SetSamples(samples);
        solver.State.Write(start);
        int evaluations = solver.Solve(Dynamics, start: 1, end: 0, Options.Steps, cancellation);
        Span<int> failed = failures.AsSpan(0, samples.Length);
        solver.FirstFailure.Read(failed);
        for (int r = 0; r < records.Length; r++)
        {
            double end = failed[r] == 0 ? 0 : 1 - ((double)failed[r] / Options.Steps);
            records[r] = new TrajectoryRecord(
                failed[r] == 0 ? SolveStatus.Converged : SolveStatus.NonFinite,
                end,
                evaluations,
                failed[r] == 0 ? Options.Steps : failed[r],
                0);
        }
    }
}
