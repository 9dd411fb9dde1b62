using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Randomness;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Fields;

/// <summary>
/// The right-hand side that carries log-densities along a simulating field: dx/dt = b and, for each tracked condition c,
/// d log p_t(x(t) | c) / dt = -div u_c + (b - u_c) . s_c. A log-ratio is the difference of two of them; a log-density is one of
/// them along its own velocity.
/// </summary>
public sealed class LogDensityDynamics : ITrajectoryDynamics, IDisposable
{
    // Tangents of an exact divergence per evaluation: bounds the memory, and amortises the primal rows that each chunk repeats.
    private const int ExactTangentsPerChunk = 32;

    private readonly ComputeBackend backend;
    private readonly FlowEvaluator evaluator;
    private readonly DivergenceMethod divergence;
    private readonly ProbeSequence sequence;
    private readonly double[] weights;
    private readonly int[] scoreSegments;
    private readonly int[] noScores;
    private readonly IndexBuffer samples;
    private readonly int dimension;
    private int probeStage = -1;
    private int firstTangent = -1;

    /// <summary>Prepares the evaluation.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="tracked">Conditions whose log-density is carried.</param>
    /// <param name="field">Conditions whose weighted velocities make b.</param>
    /// <param name="divergence">How divergences are computed.</param>
    /// <param name="seed">Seed of the probes.</param>
    /// <param name="rows">Largest number of points.</param>
    public LogDensityDynamics(
        ConditionalFlow flow,
        IReadOnlyList<Condition> tracked,
        IReadOnlyList<(Condition Condition, double Weight)> field,
        DivergenceMethod divergence,
        ulong seed,
        int rows)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(tracked);
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(divergence);
        backend = flow.Backend;
        dimension = flow.Dimension;
        this.divergence = divergence;
        sequence = new ProbeSequence(divergence.Distribution, seed);
        Tracked = tracked.Count;

        List<Condition> conditions = [.. tracked];
        List<double> mixture = [.. tracked.Select(_ => 0.0)];
        foreach ((Condition condition, double weight) in field)
        {
            int index = conditions.IndexOf(condition);
            if (index < 0)
            {
                conditions.Add(condition);
                mixture.Add(weight);
            }
            else
            {
                mixture[index] += weight;
            }
        }

        weights = [.. mixture];

        // Where b is exactly u_c the correction (b - u_c) . s_c vanishes and the score is never computed.
        List<int> scored = [.. Enumerable.Range(0, tracked.Count).Where(c => weights[c] != 1)];
        scoreSegments = [.. Enumerable.Range(0, tracked.Count).Select(c => scored.IndexOf(c))];
        noScores = [.. Enumerable.Repeat(-1, tracked.Count)];
        int tangents = divergence.IsExact ? Math.Min(dimension, ExactTangentsPerChunk) : divergence.Probes;
        evaluator = flow.CreateEvaluator(new EvaluationPlan(conditions, tracked.Count, tangents, scored, rows));
        samples = backend.CreateIndices(rows);
    }

    /// <inheritdoc/>
    public Matrix Points => evaluator.Points;

    /// <summary>Number of tracked conditions.</summary>
    public int Tracked { get; }

    /// <summary>Series per tracked condition: one per probe sequence, or one for an exact divergence.</summary>
    public int Sequences => divergence.IsExact ? 1 : divergence.Probes;

    /// <inheritdoc/>
    public int RateSeries => Tracked * Sequences;

    /// <summary>The series of the rates that carries a condition by a probe sequence.</summary>
    /// <param name="condition">Index among the tracked conditions.</param>
    /// <param name="probe">Probe sequence.</param>
    public int Series(int condition, int probe) => (probe * Tracked) + condition;

    /// <summary>Sets the samples of the next solve; their numbers choose their probes.</summary>
    /// <param name="sampleNumbers">One number per row.</param>
    public void SetSamples(ReadOnlySpan<int> sampleNumbers)
    {
        samples.Resize(sampleNumbers.Length);
        samples.Write(sampleNumbers);
        evaluator.Resize(sampleNumbers.Length);
        probeStage = -1;
        firstTangent = -1;
    }

    /// <inheritdoc/>
    public void Evaluate(double time, int stage, Matrix derivative, Accumulator rates)
    {
        evaluator.Times.Write<double>([time]);
        if (!divergence.IsExact)
        {
            FillProbes(divergence.PerStage ? stage : 0);
            EvaluateOnce(derivative, DivergenceReduction.PerProbe, GradientMode.Overwrite, rates);
            return;
        }

        int chunk = evaluator.Plan.Tangents;
        for (int first = 0; first < dimension; first += chunk)
        {
            if (firstTangent != first)
            {
                backend.FillUnitTangents(first, evaluator.Tangents!);
                firstTangent = first;
            }

            EvaluateOnce(
                derivative,
                DivergenceReduction.Sum,
                first == 0 ? GradientMode.Overwrite : GradientMode.Accumulate,
                rates);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        evaluator.Dispose();
        samples.Dispose();
    }

    private void FillProbes(int stage)
    {
        if (stage != probeStage)
        {
            backend.FillProbes(sequence, samples, stage, evaluator.Tangents!);
            probeStage = stage;
        }
    }

    private void EvaluateOnce(Matrix derivative, DivergenceReduction reduction, GradientMode mode, Accumulator rates)
    {
        evaluator.Evaluate();
        backend.MixVelocities(evaluator.Velocity, weights, derivative);

        // Further chunks of an exact divergence add their part of the trace; the score terms were counted with the first.
        backend.LogDensityRates(
            evaluator.Velocity,
            evaluator.Plan.Stack,
            evaluator.Score,
            mode == GradientMode.Overwrite ? scoreSegments : noScores,
            derivative,
            evaluator.Tangents!,
            reduction,
            mode,
            rates);
    }
}
