using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Dopri5 with a step size per trajectory.</summary>
internal sealed class AdaptiveBatch : TrajectoryBatch
{
    private readonly AdaptiveSolver solver;

    public AdaptiveBatch(BoundModel model, TrackedDensities densities, EstimationOptions options, int capacity)
        : base(model, densities, options, capacity, timePerRow: true, capacity) =>
        solver = new AdaptiveSolver(
            model.Flow.Backend,
            ButcherTableau.DormandPrince5,
            options.Adaptive!,
            capacity,
            model.Flow.Dimension,
            Dynamics.RateSeries);

    protected override Accumulator Totals => solver.Totals;

    protected override Matrix EndState => solver.EndState;

    protected override bool StopsBeforeNonFinitePoints => true;

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
        Dynamics.SetSamples(samples);
        solver.Solve(Dynamics, start, start: 1, end: 0, cancellation);
        solver.Records.AsSpan(0, records.Length).CopyTo(records);
    }
}
