using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Solvers;
using MathNet.Numerics.Integration;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// The trajectory by the simulating velocity alone, from node to node; the integrand at the Gauss-Legendre nodes, as many nodes in
/// one tall batch as a chunk has room for.
/// </summary>
internal sealed class QuadratureBatch : TrajectoryBatch
{
    private readonly VelocityDynamics velocity;
    private readonly FixedStepSolver solver;
    private readonly Accumulator totals;
    private readonly Accumulator rates;
    private readonly Accumulator weights;
    private readonly Matrix derivative;
    private readonly Matrix tallPoints;
    private readonly IndexBuffer tallRows;
    private readonly IndexBuffer slots;
    private readonly IndexBuffer failures;
    private readonly (double Time, double Weight)[] nodes;
    private readonly int evaluationRows;
    private readonly int[] failed;
    private readonly double[] times;
    private readonly double[] quadratureWeights;
    private readonly int[] numbers;
    private readonly int[] stages;
    private readonly int[] slotNumbers;

    public QuadratureBatch(
        BoundModel model, TrackedDensities densities, EstimationOptions options, int capacity, int nodeCount, int largestRows)
        : base(model, densities, options, capacity, timePerRow: true, EvaluationRows(largestRows, capacity, nodeCount))
    {
        ComputeBackend backend = model.Flow.Backend;
        int dimension = model.Flow.Dimension;
        evaluationRows = EvaluationRows(largestRows, capacity, nodeCount);
        var rule = new GaussLegendreRule(0, 1, nodeCount);
        nodes = [.. rule.Abscissas.Zip(rule.Weights).OrderByDescending(node => node.First)];
        velocity = new VelocityDynamics(model.Flow, densities.Field, capacity, CallerField);
        solver = new FixedStepSolver(backend, options.Tableau, capacity, dimension, rateSeries: 0);
        totals = backend.CreateAccumulator(capacity, Dynamics.RateSeries);
        rates = backend.CreateAccumulator(evaluationRows, Dynamics.RateSeries);
        weights = backend.CreateAccumulator(evaluationRows);
        derivative = backend.CreateMatrix(evaluationRows, dimension);
        tallPoints = backend.CreateMatrix(evaluationRows, dimension);
        tallRows = backend.CreateIndices(capacity);
        slots = backend.CreateIndices(evaluationRows);
        failures = backend.CreateIndices(capacity);
        failed = new int[capacity];
        times = new double[evaluationRows];
        quadratureWeights = new double[evaluationRows];
        numbers = new int[evaluationRows];
        stages = new int[evaluationRows];
        slotNumbers = new int[evaluationRows];
    }

    protected override Accumulator Totals => totals;

    protected override Matrix EndState => solver.State;

    protected override bool ReachesSource => Densities.NeedsSource;

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (IDisposable item in (IDisposable[])
                 [velocity, solver, totals, rates, weights, derivative, tallPoints, tallRows, slots, failures])
        {
            item.Dispose();
        }

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Integrate(
        ReadOnlySpan<float> start, ReadOnlySpan<int> samples, Span<TrajectoryRecord> records, CancellationToken cancellation)
    {
        int rows = samples.Length;
        solver.Resize(rows);
        velocity.Resize(rows);
        totals.Resize(rows);
        totals.Clear();
        tallRows.Resize(rows);
        failures.Resize(rows);
        failures.Fill(0);
        solver.State.Write(start);
        int velocityEvaluations = 0;
        double time = 1;
        int together = Math.Max(1, evaluationRows / rows);
        for (int first = 0; first < nodes.Length; first += together)
        {
            int count = Math.Min(together, nodes.Length - first);
            tallPoints.Resize(count * rows);
            for (int node = 0; node < count; node++)
            {
                velocityEvaluations += Advance(ref time, nodes[first + node].Time, cancellation);
                for (int r = 0; r < rows; r++)
                {
                    slotNumbers[r] = (node * rows) + r;
                }

                tallRows.Write(slotNumbers.AsSpan(0, rows));
                Model.Flow.Backend.StoreRows(solver.State, tallRows, tallPoints);
                Model.Flow.Backend.MarkNonFinite(solver.State, totals, first + node + 1, failures);
            }

            cancellation.ThrowIfCancellationRequested();
            EvaluateNodes(first, count, samples);
        }

        if (Densities.NeedsSource)
        {
            velocityEvaluations += Advance(ref time, 0, cancellation);
            Model.Flow.Backend.MarkNonFinite(solver.State, totals, nodes.Length + 1, failures);
        }

        failures.Read(failed.AsSpan(0, rows));
        for (int r = 0; r < rows; r++)
        {
            bool converged = failed[r] == 0;
            records[r] = new TrajectoryRecord(
                converged ? SolveStatus.Converged : SolveStatus.NonFinite,
                converged || failed[r] > nodes.Length ? 0 : nodes[failed[r] - 1].Time,
                velocityEvaluations + nodes.Length,
                nodes.Length,
                0);
        }
    }

    private static int EvaluationRows(int largestRows, int capacity, int nodeCount) =>
        (int)Math.Max(capacity, Math.Min(largestRows, (long)capacity * nodeCount));

    private int Advance(ref double time, double target, CancellationToken cancellation)
    {
        int evaluations = solver.Solve(velocity, time, target, Options.Quadrature!.StepsBetweenNodes, cancellation);
        time = target;
        return evaluations;
    }

    private void EvaluateNodes(int first, int count, ReadOnlySpan<int> samples)
    {
        int rows = samples.Length;
        int tall = count * rows;
        for (int i = 0; i < tall; i++)
        {
            int node = first + (i / rows);
            times[i] = nodes[node].Time;
            stages[i] = node;
            numbers[i] = samples[i % rows];
            slotNumbers[i] = i % rows;

            // The solvers' totals run from 1 down to 0; so do these.
            quadratureWeights[i] = -nodes[node].Weight;
        }

        ComputeBackend backend = Model.Flow.Backend;
        rates.Resize(tall);
        weights.Resize(tall);
        derivative.Resize(tall);
        slots.Resize(tall);
        Dynamics.SetSamples(numbers.AsSpan(0, tall), slotNumbers.AsSpan(0, tall));
        backend.Combine(tallPoints, [], [], Dynamics.Points);
        Dynamics.Evaluate(times.AsSpan(0, tall), stages.AsSpan(0, tall), derivative, rates);
        weights.Write(0, quadratureWeights.AsSpan(0, tall));
        slots.Write(slotNumbers.AsSpan(0, tall));
        backend.AddScaledRows(rates, weights, 1, slots, totals);
    }
}
