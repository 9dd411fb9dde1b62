using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Dopri5 with a step size per trajectory.</summary>
internal sealed class AdaptiveBatch : TrajectoryBatch
{
    // What rounding was seen to make of log-ratios of networks, in nats per unit roundoff: 3e-5 in single precision.
    private const double RoundingFactor = 500;
    private const double PointShare = 0.1;

    private readonly AdaptiveSolver solver;

    public AdaptiveBatch(BoundModel model, TrackedDensities densities, EstimationOptions options, int capacity)
        : base(model, densities, options, capacity, timePerRow: true, capacity) =>
        solver = new AdaptiveSolver(
            model.Flow.Backend,
            ButcherTableau.DormandPrince5,
            ForPoints(options),
            capacity,
            model.Flow.Dimension,
            Dynamics.RateSeries,
            Control(model.Flow.Backend, densities, options));

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

    /// <summary>
    /// Where the value is held to the tolerance its point must be better than that: log-ratios are steep, and x is smooth, so that it costs
    /// little.
    /// </summary>
    private static AdaptiveOptions ForPoints(EstimationOptions options)
    {
        AdaptiveOptions adaptive = options.Adaptive!;
        return !options.Divergence.IsExact ? adaptive : adaptive with
        {
            RelativeTolerance = PointShare * adaptive.RelativeTolerance, AbsoluteTolerance = PointShare * adaptive.AbsoluteTolerance,
        };
    }

    /// <summary>
    /// With exact divergences the reported values are held to the tolerance as the points are; the noise of probes must not steer the steps.
    /// </summary>
    private static RateControl? Control(ComputeBackend backend, TrackedDensities densities, EstimationOptions options)
    {
        if (!options.Divergence.IsExact)
        {
            return null;
        }

        int series = densities.Tracked.Count;
        double[] Series(int minus) => [.. Enumerable.Range(0, series).Select(s => s == 0 ? 1.0 : s == minus ? -1 : 0)];
        return new RateControl(
            densities.NeedsSource ? [Series(0)] : [.. Enumerable.Range(1, series - 1).Select(Series)],
            options.Adaptive!.AbsoluteTolerance,
            RoundingFactor * backend.UnitRoundoff);
    }
}
