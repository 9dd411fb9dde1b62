using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Fields;

/// <summary>
/// The right-hand side that carries log-densities along a simulating field: dx/dt = b and, for each tracked condition c,
/// d log p_t(x(t) | c) / dt = -div u_c + (b - u_c) . s_c. A log-ratio is the difference of two of them; a log-density is one of
/// them along its own velocity.
/// </summary>
public sealed class LogDensityDynamics : IRowTimeDynamics, IDisposable
{
    // Tangents of an exact divergence per evaluation: bounds the memory, and amortises the primal rows that each chunk repeats.
    private const int ExactTangentsPerChunk = 32;

    private readonly ComputeBackend backend;
    private readonly ConditionalFlow flow;
    private readonly FlowEvaluator evaluator;
    private readonly DivergenceMethod divergence;
    private readonly ProbeSequence sequence;
    private readonly CallerField? callerField;
    private readonly double[] weights;
    private readonly int[] scoreSegments;
    private readonly int[] noScores;
    private readonly IndexBuffer samples;
    private readonly IndexBuffer stages;
    private readonly IndexBuffer slots;
    private readonly int[] sampleNumbers;
    private readonly int[] slotNumbers;
    private readonly double[] rowTimes;
    private int rows;
    private int sharedProbeStage = -1;
    private int firstTangent = -1;

    /// <summary>Prepares the evaluation.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="tracked">Conditions whose log-density is carried.</param>
    /// <param name="field">Conditions whose weighted velocities make b; not used with a caller's field.</param>
    /// <param name="divergence">How divergences are computed.</param>
    /// <param name="seed">Seed of the probes.</param>
    /// <param name="capacity">Largest number of rows.</param>
    /// <param name="timePerRow">Whether rows may be at different times.</param>
    /// <param name="callerField">A simulating field of the caller's own, or null.</param>
    /// <param name="scoreAll">Whether to evaluate also those scores that the field does not need (overlap diagnostic).</param>
    public LogDensityDynamics(
        ConditionalFlow flow,
        IReadOnlyList<Condition> tracked,
        IReadOnlyList<(Condition Condition, double Weight)> field,
        DivergenceMethod divergence,
        ulong seed,
        int capacity,
        bool timePerRow = false,
        CallerField? callerField = null,
        bool scoreAll = false)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(tracked);
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(divergence);
        this.flow = flow;
        this.divergence = divergence;
        this.callerField = callerField;
        backend = flow.Backend;
        sequence = new ProbeSequence(divergence.Distribution, seed);
        Tracked = tracked.Count;
        (List<Condition> conditions, weights) = Merge(tracked, field);

        // Where b is exactly u_c the correction (b - u_c) . s_c vanishes and the score is never computed.
        List<int> scored = [.. Enumerable.Range(0, tracked.Count).Where(c => scoreAll || callerField is not null || weights[c] != 1)];
        scoreSegments = [.. Enumerable.Range(0, tracked.Count).Select(c => scored.IndexOf(c))];
        noScores = [.. Enumerable.Repeat(-1, tracked.Count)];
        int tangents = TangentsPerEvaluation(divergence, flow.Dimension);
        evaluator = flow.CreateEvaluator(
            new EvaluationPlan(conditions, tracked.Count, tangents, scored, capacity) { TimePerRow = timePerRow });
        samples = backend.CreateIndices(capacity);
        stages = backend.CreateIndices(capacity);
        slots = backend.CreateIndices(capacity);
        sampleNumbers = new int[capacity];
        slotNumbers = new int[capacity];
        rowTimes = new double[capacity];
    }

    /// <inheritdoc/>
    public Matrix Points => evaluator.Points;

    /// <summary>Number of tracked conditions.</summary>
    public int Tracked { get; }

    /// <summary>Series per tracked condition: one per probe sequence, or one for an exact divergence.</summary>
    public int Sequences => divergence.IsExact ? 1 : divergence.Probes;

    /// <inheritdoc/>
    public int RateSeries => Tracked * Sequences;

    /// <summary>
    /// Where to keep each sample's largest disagreement between score and velocity (see
    /// <see cref="ComputeBackend.TrackDisagreement"/>); null for nowhere.
    /// </summary>
    public Accumulator? Disagreement { get; set; }

    /// <summary>
    /// How much of the scores is taken from the velocities (see <see cref="ComputeBackend.BlendScore"/>); nothing where the flow's schedule is not
    /// known. The disagreement is that of the scores before.
    /// </summary>
    public ScoreBlend ScoreBlend { get; init; }

    /// <summary>Whether a disagreement can be computed: all scores are evaluated, and the flow's schedule is known.</summary>
    public bool CanTrackDisagreement => Array.TrueForAll(scoreSegments, segment => segment >= 0) && flow.Schedule is not null;

    /// <summary>The series of the rates that carries a condition by a probe sequence.</summary>
    /// <param name="condition">Index among the tracked conditions.</param>
    /// <param name="probe">Probe sequence.</param>
    public int Series(int condition, int probe) => (probe * Tracked) + condition;

    /// <summary>Sets the rows of the next evaluations.</summary>
    /// <param name="numbers">Sample number of each row: chooses its probes.</param>
    /// <param name="destinations">Row of <see cref="Disagreement"/> of each row; empty for the row itself.</param>
    public void SetSamples(ReadOnlySpan<int> numbers, ReadOnlySpan<int> destinations = default)
    {
        numbers.CopyTo(sampleNumbers);
        for (int r = 0; r < numbers.Length; r++)
        {
            slotNumbers[r] = destinations.IsEmpty ? r : destinations[r];
        }

        Resize(numbers.Length);
    }

    /// <inheritdoc/>
    public void Keep(ReadOnlySpan<int> rows)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            sampleNumbers[r] = sampleNumbers[rows[r]];
            slotNumbers[r] = slotNumbers[rows[r]];
        }

        Resize(rows.Length);
    }

    /// <inheritdoc/>
    public void Evaluate(double time, int stage, Matrix derivative, Accumulator rates)
    {
        rowTimes.AsSpan(0, rows).Fill(time);
        if (evaluator.Plan.TimePerRow)
        {
            evaluator.Times.Write<double>(rowTimes.AsSpan(0, rows));
        }
        else
        {
            evaluator.Times.Write<double>([time]);
        }

        int probeStage = divergence.PerStage ? stage : 0;
        if (!divergence.IsExact && probeStage != sharedProbeStage)
        {
            stages.Fill(probeStage);
            backend.FillProbes(sequence, samples, stages, evaluator.Tangents!);
            sharedProbeStage = probeStage;
        }

        EvaluateAll(derivative, rates);
    }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> times, ReadOnlySpan<int> stages, Matrix derivative, Accumulator rates)
    {
        times.CopyTo(rowTimes);
        evaluator.Times.Write(times);
        if (!divergence.IsExact && (divergence.PerStage || sharedProbeStage != 0))
        {
            if (divergence.PerStage)
            {
                this.stages.Write(stages);
            }
            else
            {
                this.stages.Fill(0);
            }

            backend.FillProbes(sequence, samples, this.stages, evaluator.Tangents!);
            sharedProbeStage = divergence.PerStage ? -1 : 0;
        }

        EvaluateAll(derivative, rates);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        evaluator.Dispose();
        samples.Dispose();
        stages.Dispose();
        slots.Dispose();
    }

    /// <summary>Tangents of one evaluation; an exact divergence in high dimension takes several.</summary>
    internal static int TangentsPerEvaluation(DivergenceMethod divergence, int dimension) =>
        divergence.IsExact ? Math.Min(dimension, ExactTangentsPerChunk) : divergence.Probes;

    /// <summary>All conditions once, the tracked ones first, with their weights in b.</summary>
    private static (List<Condition> Conditions, double[] Weights) Merge(
        IReadOnlyList<Condition> tracked, IReadOnlyList<(Condition Condition, double Weight)> field)
    {
        List<Condition> conditions = [.. tracked];
        List<double> weights = [.. tracked.Select(_ => 0.0)];
        foreach ((Condition condition, double weight) in field)
        {
            int index = conditions.IndexOf(condition);
            if (index < 0)
            {
                conditions.Add(condition);
                weights.Add(weight);
            }
            else
            {
                weights[index] += weight;
            }
        }

        return (conditions, [.. weights]);
    }

    private void Resize(int count)
    {
        rows = count;
        samples.Resize(count);
        samples.Write(sampleNumbers.AsSpan(0, count));
        slots.Resize(count);
        slots.Write(slotNumbers.AsSpan(0, count));
        stages.Resize(count);
        evaluator.Resize(count);
        sharedProbeStage = -1;
        firstTangent = -1;
    }

    private void EvaluateAll(Matrix derivative, Accumulator rates)
    {
        if (!divergence.IsExact)
        {
            EvaluateOnce(derivative, DivergenceReduction.PerProbe, GradientMode.Overwrite, rates);
            return;
        }

        int chunk = evaluator.Plan.Tangents;
        for (int first = 0; first < flow.Dimension; first += chunk)
        {
            if (firstTangent != first)
            {
                backend.FillUnitTangents(first, evaluator.Tangents!);
                firstTangent = first;
            }

            GradientMode mode = first == 0 ? GradientMode.Overwrite : GradientMode.Accumulate;
            EvaluateOnce(derivative, DivergenceReduction.Sum, mode, rates);
        }
    }

    private void EvaluateOnce(Matrix derivative, DivergenceReduction reduction, GradientMode mode, Accumulator rates)
    {
        evaluator.Evaluate();
        bool isFirst = mode == GradientMode.Overwrite;
        if (isFirst)
        {
            backend.MixVelocities(evaluator.Velocity, weights, derivative);
            callerField?.Evaluate(evaluator.Points, rowTimes.AsSpan(0, rows), derivative);
            TrackDisagreement();
            BlendScores();
        }

        // Further chunks of an exact divergence add their part of the trace; all else was counted with the first.
        backend.LogDensityRates(
            evaluator.Velocity,
            evaluator.Plan.Stack,
            evaluator.Score,
            isFirst ? scoreSegments : noScores,
            derivative,
            evaluator.Tangents!,
            reduction,
            mode,
            rates,
            isFirst ? evaluator.KnownDivergence : null);
    }

    private void TrackDisagreement()
    {
        if (Disagreement is null || !CanTrackDisagreement)
        {
            return;
        }

        for (int c = 0; c < Tracked; c++)
        {
            backend.TrackDisagreement(flow.Schedule!, Marginal(c), slots, Disagreement);
        }
    }

    private void BlendScores()
    {
        if (ScoreBlend.Share == 0 || flow.Schedule is null)
        {
            return;
        }

        for (int c = 0; c < Tracked; c++)
        {
            if (scoreSegments[c] >= 0)
            {
                backend.BlendScore(flow.Schedule, ScoreBlend, Marginal(c));
            }
        }
    }

    private MarginalFields Marginal(int condition) =>
        new(evaluator.Times, evaluator.Points, evaluator.Velocity, condition, evaluator.Score!, scoreSegments[condition]);
}
