using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// Workspace for the trajectories of one chunk of points from the data (t = 1) to the noise (t = 0): allocated once, used for
/// chunk after chunk. One subclass per way of integration.
/// </summary>
internal abstract class TrajectoryBatch : IDisposable
{
    private readonly float[] ends;
    private readonly double[] values;
    private readonly double[] disagreementValues;
    private readonly Accumulator sourceLogDensity;
    private readonly TrajectoryRecord[] records;
    private readonly bool[] pointIsFinite;

    protected TrajectoryBatch(
        BoundModel model,
        TrackedDensities densities,
        EstimationOptions options,
        int capacity,
        bool timePerRow,
        int evaluationRows)
    {
        Model = model;
        Densities = densities;
        Options = options;
        Capacity = capacity;
        CallerField = options.Field.Velocity is { } velocity && densities.UsesOptionsField
            ? new CallerField(velocity, model.Standardization)
            : null;
        Dynamics = new LogDensityDynamics(
            model.Flow,
            densities.Tracked,
            densities.Field,
            options.Divergence,
            options.Seed,
            evaluationRows,
            timePerRow,
            CallerField,
            scoreAll: densities.UsesOptionsField && options.Overlap == OverlapDiagnostic.Always)
        {
            ScoreBlend = new ScoreBlend(options.ImpliedScore ?? model.Flow.ImpliedScore),
        };
        ComputeBackend backend = model.Flow.Backend;
        sourceLogDensity = backend.CreateAccumulator(capacity);
        if (options.Overlap != OverlapDiagnostic.Off && Dynamics.CanTrackDisagreement)
        {
            Dynamics.Disagreement = backend.CreateAccumulator(capacity);
        }

        ends = new float[capacity * model.Flow.Dimension];
        values = new double[capacity];
        disagreementValues = new double[capacity];
        records = new TrajectoryRecord[capacity];
        pointIsFinite = new bool[capacity];
    }

    public BoundModel Model { get; }

    public TrackedDensities Densities { get; }

    public int Capacity { get; }

    public int Sequences => Dynamics.Sequences;

    /// <summary>Per row what happened; a non-finite result is marked here whatever the solver noticed.</summary>
    public ReadOnlySpan<TrajectoryRecord> Records => records.AsSpan(0, Rows);

    /// <summary>Per row whether the point itself is finite at the end (where the log-density terms may not be).</summary>
    public ReadOnlySpan<bool> PointIsFinite => pointIsFinite.AsSpan(0, Rows);

    protected EstimationOptions Options { get; }

    protected LogDensityDynamics Dynamics { get; }

    protected CallerField? CallerField { get; }

    protected int Rows { get; private set; }

    /// <summary>Integrals of the rates over t from 1 down to 0 (so with a minus sign).</summary>
    protected abstract Accumulator Totals { get; }

    /// <summary>x at t = 0.</summary>
    protected abstract Matrix EndState { get; }

    /// <summary>Whether trajectories are followed to t = 0.</summary>
    protected virtual bool ReachesSource => true;

    /// <summary>Whether the solver refuses a step to a point that is not finite, so that its end state is the last finite one.</summary>
    protected virtual bool StopsBeforeNonFinitePoints => false;

    /// <summary>Integrates one chunk.</summary>
    /// <param name="places">Points in the flow's coordinates.</param>
    /// <param name="samples">Sample numbers.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Run(ReadOnlySpan<float> places, ReadOnlySpan<int> samples, CancellationToken cancellation)
    {
        Rows = samples.Length;
        sourceLogDensity.Resize(Rows);
        Dynamics.Disagreement?.Resize(Rows);
        Dynamics.Disagreement?.Clear();
        Integrate(places, samples, records.AsSpan(0, Rows), cancellation);
        ExaminePoints();
        MarkNonFiniteTotals();
    }

    /// <summary>Integral over [0, 1] of a tracked condition's log-density rate, by one probe sequence.</summary>
    public ReadOnlySpan<double> Integral(int condition, int probe)
    {
        Span<double> integral = values.AsSpan(0, Rows);
        Totals.Read(Dynamics.Series(condition, probe), integral);
        foreach (ref double value in integral)
        {
            value = -value;
        }

        return integral;
    }

    /// <summary>log N(x(0); 0, I) of every row.</summary>
    public ReadOnlySpan<double> SourceLogDensity()
    {
        Model.Flow.Backend.StandardNormalLogDensity(EndState, sourceLogDensity);
        Span<double> density = values.AsSpan(0, Rows);
        sourceLogDensity.Read(0, density);
        return density;
    }

    /// <summary>
    /// How far every row's end point is from what noise looks like: | |x(0)|^2 - d | / sqrt(2 d), about 0.8 in the mean for exact
    /// flows; empty where the trajectory was not followed to t = 0.
    /// </summary>
    public ReadOnlySpan<double> SourceDeviation()
    {
        if (!ReachesSource)
        {
            return [];
        }

        int dimension = Model.Flow.Dimension;
        Span<double> density = disagreementValues.AsSpan(0, Rows);
        Model.Flow.Backend.StandardNormalLogDensity(EndState, sourceLogDensity);
        sourceLogDensity.Read(0, density);
        foreach (ref double value in density)
        {
            double squaredNorm = (-2 * value) - (dimension * Math.Log(2 * Math.PI));
            value = Math.Abs(squaredNorm - dimension) / Math.Sqrt(2.0 * dimension);
        }

        return density;
    }

    /// <summary>Largest disagreement of every row; empty when it is not tracked.</summary>
    public ReadOnlySpan<double> Disagreement()
    {
        if (Dynamics.Disagreement is null)
        {
            return [];
        }

        Dynamics.Disagreement.Read(0, disagreementValues.AsSpan(0, Rows));
        return disagreementValues.AsSpan(0, Rows);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Dynamics.Disagreement?.Dispose();
        Dynamics.Dispose();
        sourceLogDensity.Dispose();
    }

    /// <summary>Integrates from t = 1 to t = 0 and fills the records.</summary>
    /// <param name="start">Points in the flow's coordinates.</param>
    /// <param name="samples">Sample numbers.</param>
    /// <param name="records">One per row, to be written.</param>
    /// <param name="cancellation">Stops the work.</param>
    protected abstract void Integrate(
        ReadOnlySpan<float> start, ReadOnlySpan<int> samples, Span<TrajectoryRecord> records, CancellationToken cancellation);

    private void ExaminePoints()
    {
        pointIsFinite.AsSpan(0, Rows).Fill(true);
        bool anyFailed = false;
        foreach (TrajectoryRecord record in Records)
        {
            anyFailed |= record.Status == SolveStatus.NonFinite;
        }

        if (!anyFailed)
        {
            return;
        }

        int dimension = Model.Flow.Dimension;
        EndState.Read(ends.AsSpan(0, Rows * dimension));
        for (int i = 0; i < Rows * dimension; i++)
        {
            pointIsFinite[i / dimension] &= float.IsFinite(ends[i]);
        }

        for (int r = 0; StopsBeforeNonFinitePoints && r < Rows; r++)
        {
            pointIsFinite[r] &= records[r].Status != SolveStatus.NonFinite;
        }
    }

    private void MarkNonFiniteTotals()
    {
        for (int series = 0; series < Dynamics.RateSeries; series++)
        {
            Totals.Read(series, values.AsSpan(0, Rows));
            for (int r = 0; r < Rows; r++)
            {
                if (!double.IsFinite(values[r]) && records[r].Status <= SolveStatus.ToleranceNotReached)
                {
                    records[r] = records[r] with { Status = SolveStatus.NonFinite };
                }
            }
        }
    }
}
