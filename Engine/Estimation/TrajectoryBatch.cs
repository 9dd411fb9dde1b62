using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Workspace for the trajectories of one chunk of points: allocated once, used for chunk after chunk.</summary>
internal sealed class TrajectoryBatch : IDisposable
{
    private readonly EstimationOptions options;
    private readonly float[] standardized;
    private readonly double[] totals;
    private readonly int[] marks;
    private readonly float[] endPoints;

    public TrajectoryBatch(
        BoundModel model,
        IReadOnlyList<Condition> tracked,
        IReadOnlyList<(Condition Condition, double Weight)> field,
        EstimationOptions options,
        int capacity)
    {
        this.options = options;
        Model = model;
        Tracked = tracked;
        Capacity = capacity;
        int dimension = model.Flow.Dimension;
        Dynamics = new LogDensityDynamics(model.Flow, tracked, field, options.Divergence, options.Seed, capacity);
        Solver = new FixedStepSolver(model.Flow.Backend, options.Tableau, capacity, dimension, Dynamics.RateSeries);
        SourceLogDensity = model.Flow.Backend.CreateAccumulator(capacity);
        standardized = new float[capacity * dimension];
        endPoints = new float[capacity * dimension];
        totals = new double[capacity];
        marks = new int[capacity];
    }

    public BoundModel Model { get; }

    public IReadOnlyList<Condition> Tracked { get; }

    public int Capacity { get; }

    public LogDensityDynamics Dynamics { get; }

    public FixedStepSolver Solver { get; }

    public Accumulator SourceLogDensity { get; }

    /// <summary>Integrates one chunk from the data to the noise.</summary>
    /// <returns>Evaluations per point.</returns>
    public int Run(ReadOnlySpan<float> points, ReadOnlySpan<int> samples, CancellationToken cancellation)
    {
        Solver.Resize(samples.Length);
        SourceLogDensity.Resize(samples.Length);
        Dynamics.SetSamples(samples);
        if (Model.Standardization is { } map)
        {
            map.Apply(points, standardized);
            Solver.State.Write<float>(standardized.AsSpan(0, points.Length));
        }
        else
        {
            Solver.State.Write(points);
        }

        return Solver.Solve(Dynamics, start: 1, end: 0, options.Steps, cancellation);
    }

    /// <summary>Integral over [0, 1] of a tracked condition's log-density rate, by one probe sequence (the solve ran backwards).</summary>
    public ReadOnlySpan<double> Integral(int condition, int probe)
    {
        Span<double> values = totals.AsSpan(0, Solver.Totals.Rows);
        Solver.Totals.Read(Dynamics.Series(condition, probe), values);
        foreach (ref double value in values)
        {
            value = -value;
        }

        return values;
    }

    /// <summary>Appends the failures of the chunk and marks their statuses.</summary>
    public void CollectFailures(ReadOnlySpan<int> samples, Span<SolveStatus> statuses, List<TrajectoryFailure> failures)
    {
        Span<int> steps = marks.AsSpan(0, samples.Length);
        Solver.FirstFailure.Read(steps);
        if (!steps.ContainsAnyExcept(0))
        {
            return;
        }

        int dimension = Model.Flow.Dimension;
        Span<float> ends = endPoints.AsSpan(0, samples.Length * dimension);
        Solver.State.Read(ends);
        for (int r = 0; r < steps.Length; r++)
        {
            if (steps[r] == 0)
            {
                continue;
            }

            statuses[r] = SolveStatus.NonFinite;
            bool pointIsFinite = true;
            foreach (float value in ends.Slice(r * dimension, dimension))
            {
                pointIsFinite &= float.IsFinite(value);
            }

            double time = 1 - ((double)steps[r] / options.Steps);
            failures.Add(new TrajectoryFailure(samples[r], time, pointIsFinite ? "log-density" : "point"));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dynamics.Dispose();
        Solver.Dispose();
        SourceLogDensity.Dispose();
    }
}
