using System.Diagnostics;
using System.Globalization;
using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>
/// A training in progress: batch, path sample, network, loss gradient, Adam, weight average, step after step. Its state can be taken
/// after any step, and another instance with the same data, options and backend goes on from it to the same bits.
/// </summary>
public sealed class FlowTraining : IDisposable
{
    private const int StepsPerReport = 50;
    private const int FewestValidationSamples = 4096;
    private const int LargestValidationBatches = 40;
    private const int GateBatches = 200;

    // Inputs are observed at every tenth step, and whitened by what was seen since the last renewal: first soon, because weights change most at first.
    private const int StepsPerObservation = 10;
    private const int FirstRenewal = 50;
    private const int StepsPerRenewal = 200;

    // The initial network answers almost zero; a mean loss a hundred times its is no longer noise of a batch.
    private const double LargestGrowth = 100;

    /// <summary>Each goes on with half the rate: after so many it is a thirtieth, and what still jumps is not the steps' fault.</summary>
    public const int MostRestarts = 5;

    // Validation uses the same kind of random path samples as training, but never the same ones.
    private const ulong ValidationSeedOffset = 0x5851F42D4C957F2D;

    private readonly TrainingOptions options;
    private readonly TrainingSet data;
    private readonly Standardization? map;
    private readonly VelocityScoreNetwork network;
    private readonly BaseFlow? baseFlow;
    private readonly BaseSelection? selection;
    private readonly ComputeBackend backend;
    private readonly FlowMatchingObjective objective;
    private readonly FlowMatchingObjective? validation;
    private readonly int validationBatches;
    private readonly ParameterBuffer parameters;
    private readonly ParameterBuffer gradients;
    private readonly AdamOptimizer optimizer;
    private readonly WeightAverage average;
    private readonly RepeatedWork repeatedStep;
    private readonly RowSplit split;
    private readonly LossHistory recentLosses;
    private readonly List<LearningCurvePoint> curve = [];
    private readonly LossMean sinceReport = new();
    private readonly LossMean sinceCurve = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan elapsedBefore;
    private FlowMatchingLoss? firstLoss;
    private FlowMatchingLoss lastReport;
    private readonly List<TrainingRestart> restarts = [];
    private readonly float[] initial;
    private float[]? best;

    /// <summary>Prepares a training: data on the backend, initial weights.</summary>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">How to train.</param>
    /// <param name="pilots">Told every few steps of the pilot trainings that choose a base, where one is to be chosen.</param>
    /// <param name="cancellation">Stops the preparation of a base, which may take pilot trainings.</param>
    /// <exception cref="ArgumentException">An option is out of range, or too few rows remain for training.</exception>
    public FlowTraining(
        ComputeBackend backend,
        TrainingSet data,
        TrainingOptions options,
        IProgress<TrainingProgress>? pilots = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Identity = TrainingIdentity.Of(backend, data, options);
        this.data = data;
        this.backend = backend;
        split = RowSplit.Create(data, options.ValidationFraction, options.Seed);
        if (options.Patience is not null && split.HeldOut.Count == 0)
        {
            throw new ArgumentException(
                $"Patience needs held-out rows; {data.Rows} rows with a ValidationFraction of {options.ValidationFraction} leave none.");
        }

        TrainingSet trainingRows = data.Select(split.Kept);
        this.options = options = options with { Whitening = options.WhiteningFor(trainingRows.Rows) };
        RequireRows(trainingRows);
        map = trainingRows.FitMap(options.Standardize);
        network = new VelocityScoreNetwork(options.ShapeFor(data));
        IReadOnlyList<double> drops = options.DropProbabilities(network.Shape.Covariates.Count);

        BaseChoice choice = options.Base;
        if (choice.Kind == BaseKind.Auto)
        {
            (choice, selection) = BaseSelector.Choose(backend, data, options, pilots, cancellation);
        }

        baseFlow = choice.Kind == BaseKind.None
            ? null
            : BaseFitter.Fit(trainingRows.Transform(map), choice, drops, options.Seed, backend.HostThreads, selection?.Blocks ?? options.Blocks, cancellation);

        if (baseFlow is not null)
        {
            // What is left beside a base is mostly noise, and steps along directions of little signal let the networks grow by it.
            this.options = options = options with { Whitening = null };
        }

        // Held-out losses keep plain targets and independent noise, so that they can be compared whatever the training averages over.
        FlowMatchingObjective Objective(TrainingSet set, ulong seed, int references = 0, bool mirrored = false, double? whitening = null) => new(
            backend, network, set.Transform(map), options.SampledSchedule, drops, Math.Min(options.BatchSize, set.Rows), seed, baseFlow, references, mirrored, whitening);

        using var construction = new Construction(backend);
        objective = Objective(trainingRows, options.Seed, options.TargetReferences, options.MirroredNoise, options.Whitening);
        if (split.HeldOut.Count > 0)
        {
            validation = Objective(data.Select(split.HeldOut), options.Seed + ValidationSeedOffset);
            int batch = Math.Min(options.BatchSize, split.HeldOut.Count);
            int samples = Math.Max(split.HeldOut.Count, FewestValidationSamples);
            validationBatches = Math.Clamp(samples / batch, 1, LargestValidationBatches);
        }

        parameters = backend.CreateParameters(network.ParameterCount);
        gradients = backend.CreateParameters(network.ParameterCount);
        initial = network.Initialize(options.Seed, options.ConditionScale, options.HiddenGain);
        if (baseFlow is not null)
        {
            ResidualGate.Close(network, initial);
        }

        for (int i = 0; i < drops.Count; i++)
        {
            // A covariate that training never shows has no code; its initial one would be noise when it is named later.
            LinearLayer last = network.ConditionEncoders[i][^1];
            initial.AsSpan(last.Offset, drops[i] >= 1 ? last.Length : 0).Clear();
        }

        parameters.Write<float>(initial);
        optimizer = new AdamOptimizer(backend, network.ParameterCount, options.LargestGradientRatio ?? 0);
        average = new WeightAverage(backend, parameters, options.AverageDecay);
        repeatedStep = backend.CreateRepeatedWork();
        recentLosses = new LossHistory(backend, StepsPerReport);
        construction.Complete();
    }

    /// <summary>Data and options that decide the result, bit by bit.</summary>
    public TrainingIdentity Identity { get; }

    /// <summary>Base under the networks, or null for none.</summary>
    public BaseFlow? Base => baseFlow;

    /// <summary>The map into the network's coordinates, or null for none.</summary>
    internal Standardization? Standardization => map;

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Whether the last step is done, the validation loss has not improved for long enough, or the loss jumps whatever the rate.</summary>
    public bool IsComplete => Step >= options.Steps || IsOutOfPatience || restarts.Count > MostRestarts;

    /// <summary>Whether this step ends with a report.</summary>
    public bool HasReport => Step > 0 && (Step % StepsPerReport == 0 || IsComplete);

    /// <summary>Wall-clock time, that of interrupted parts included.</summary>
    public TimeSpan Elapsed => elapsedBefore + clock.Elapsed;

    /// <summary>How far the training is; the loss is the mean since the report before.</summary>
    public TrainingProgress Progress => new(
        Step, options.Steps, lastReport, curve.Count == 0 ? null : curve[^1].Validation, Elapsed)
    {
        Restart = restarts.Count == 0 ? null : restarts[^1],
        StepsBefore = selection?.Candidates.Sum(candidate => candidate.Steps) ?? 0,
    };

    /// <summary>Steps since the moments and the average began.</summary>
    private int StepsSinceRestart => Step - (restarts.Count == 0 ? 0 : restarts[^1].Step);

    private bool IsOutOfPatience => options.Patience is { } patience && curve.Count >= BestPoint() + patience;

    /// <summary>Does one step.</summary>
    /// <exception cref="TrainingDivergedException">The loss is not finite, or has exploded.</exception>
    /// <exception cref="InvalidOperationException">The training is complete.</exception>
    public void Advance()
    {
        if (IsComplete)
        {
            throw new InvalidOperationException($"The training is complete after step {Step}.");
        }

        repeatedStep.Begin();
        objective.Forward(parameters, Step);
        objective.Backward(parameters, gradients);
        optimizer.Step(parameters, gradients, options.LearningRate.Rate(Step, options.Steps) * Math.Pow(0.5, restarts.Count), average);
        recentLosses.Add(objective);
        repeatedStep.End();
        Step++;
        if (options.Whitening is not null)
        {
            Whiten();
        }

        bool hasCurvePoint = Step % options.ValidationInterval == 0 || Step == options.Steps;
        if ((hasCurvePoint || HasReport || recentLosses.IsFull) && !TakeLosses())
        {
            return;
        }

        if (hasCurvePoint)
        {
            AddCurvePoint();
        }

        if (HasReport && sinceReport.Count > 0)
        {
            bool hasExploded = HasExploded(sinceReport);
            lastReport = sinceReport.Take();
            if (hasExploded)
            {
                GoBack(Step, lastReport.Total);
            }
        }
    }

    /// <summary>Whether the last step left finite weights; where it did not, the next step goes back, and there is nothing worth keeping.</summary>
    internal bool IsFinite()
    {
        TakeLosses();
        float[] values = new float[network.ParameterCount], squares = new float[network.ParameterCount];
        parameters.Read<float>(values);
        optimizer.Read(new float[network.ParameterCount], squares);
        return Array.TrueForAll(values, float.IsFinite) && Array.TrueForAll(squares, float.IsFinite);
    }

    /// <summary>The whole state.</summary>
    /// <remarks>Where a step's loss is no longer finite the training goes back first, as it would have a few steps later.</remarks>
    /// <exception cref="TrainingDivergedException">Weights are not finite after the last step, or the loss never was.</exception>
    public TrainingState Capture()
    {
        TakeLosses();
        var state = new TrainingState
        {
            Step = Step,
            Parameters = new float[network.ParameterCount],
            FirstMoment = new float[network.ParameterCount],
            SecondMoment = new float[network.ParameterCount],
            Average = new float[network.ParameterCount],
            Whitening = new float[objective.Pass.WhiteningLength],
            Best = (float[]?)best?.Clone(),
            Curve = [.. curve],
            SinceReport = (sinceReport.Sum, sinceReport.Count),
            SinceCurve = (sinceCurve.Sum, sinceCurve.Count),
            FirstLoss = firstLoss,
            Restarts = [.. restarts],
            Elapsed = Elapsed,
        };
        parameters.Read<float>(state.Parameters);
        optimizer.Read(state.FirstMoment, state.SecondMoment);
        average.Parameters.Read<float>(state.Average);
        objective.Pass.ReadWhitening(state.Whitening);
        return Array.TrueForAll(state.Parameters, float.IsFinite) && Array.TrueForAll(state.SecondMoment, float.IsFinite)
            ? state
            : throw new TrainingDivergedException($"Weights are not finite after step {Step}.");
    }

    /// <summary>Continues from a state.</summary>
    /// <param name="state">The state of a training with the same <see cref="Identity"/>.</param>
    /// <exception cref="ArgumentException">The state is that of another network.</exception>
    public void Restore(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (float[] values in (float[][])[state.Parameters, state.FirstMoment, state.SecondMoment, state.Average, state.Best ?? state.Average])
        {
            if (values.Length != network.ParameterCount)
            {
                throw new ArgumentException(
                    $"state has {values.Length} parameters; the network has {network.ParameterCount}.", nameof(state));
            }
        }

        if (state.Whitening.Length != objective.Pass.WhiteningLength)
        {
            throw new ArgumentException(
                $"state has {state.Whitening.Length} values of whitening; the training has {objective.Pass.WhiteningLength}.", nameof(state));
        }

        objective.Pass.RestoreWhitening(state.Whitening);
        parameters.Write<float>(state.Parameters);
        Step = state.Step;
        restarts.Clear();
        restarts.AddRange(state.Restarts);
        optimizer.Restore(state.FirstMoment, state.SecondMoment, StepsSinceRestart);
        average.Restore(state.Average, StepsSinceRestart);
        best = (float[]?)state.Best?.Clone();
        curve.Clear();
        curve.AddRange(state.Curve);
        sinceReport.Restore(state.SinceReport.Sum, state.SinceReport.Count);
        sinceCurve.Restore(state.SinceCurve.Sum, state.SinceCurve.Count);
        firstLoss = state.FirstLoss;
        recentLosses.Clear();
        elapsedBefore = state.Elapsed;
        clock.Restart();
    }

    /// <summary>
    /// The model and its record so far: the averaged weights, with <see cref="TrainingOptions.Patience"/>, or where the loss jumped whatever the rate, those
    /// of the best validation loss.
    /// </summary>
    public TrainingResult Result()
    {
        bool takesBest = best is not null && (options.Patience is not null || restarts.Count > MostRestarts);
        float[] trained = new float[network.ParameterCount];
        if (takesBest)
        {
            best!.CopyTo(trained, 0);
        }
        else
        {
            average.Parameters.Read<float>(trained);
        }

        (ResidualGate? gate, FlowMatchingLoss? gated) = Gate(trained);
        var model = new FlowModel(network.Shape, trained, options.Schedule, data.Vocabulary, map, baseFlow);
        return new TrainingResult(model, [.. curve], Elapsed)
        {
            Split = split,
            ModelStep = takesBest ? curve[BestPoint() - 1].Step : StepsSinceRestart > 0 || Step == 0 ? Step : restarts[^1].BackTo,
            Restarts = [.. restarts],
            Whitening = options.Whitening,
            Gate = gate,
            GatedValidation = gated,
            BaseSelection = selection,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        objective.Dispose();
        validation?.Dispose();
        parameters.Dispose();
        gradients.Dispose();
        optimizer.Dispose();
        average.Dispose();
        repeatedStep.Dispose();
        recentLosses.Dispose();
    }

    /// <summary>Between steps, where a step that is submitted as one is not disturbed.</summary>
    private void Whiten()
    {
        if (Step % StepsPerObservation == 0)
        {
            objective.Pass.ObserveInputs();
        }

        if (Step == FirstRenewal || Step % StepsPerRenewal == 0)
        {
            objective.Pass.RenewWhitening();
        }
    }

    /// <summary>
    /// Reads the losses of the last steps, which waits for the backend; so not at every step. Goes back, to the same step whenever it is noticed, where one
    /// is not finite; false then.
    /// </summary>
    private bool TakeLosses()
    {
        ReadOnlySpan<FlowMatchingLoss> losses = recentLosses.Take();
        for (int i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i].Total))
            {
                GoBack(Step - losses.Length + i + 1, losses[i].Total);
                return false;
            }

            firstLoss ??= losses[i];
            sinceReport.Add(losses[i]);
            sinceCurve.Add(losses[i]);
        }

        return true;
    }

    private bool HasExploded(LossMean losses) => losses.Sum.Total / losses.Count > LargestGrowth * firstLoss!.Value.Total;

    private void AddCurvePoint()
    {
        if (best is null && (HasExploded(sinceCurve) || HasExploded(sinceReport)))
        {
            // Later points are compared with the best; the first would be it.
            GoBack(Step, sinceCurve.Take().Total);
            return;
        }

        FlowMatchingLoss? held = validation is null ? null : MeanLoss(validation, average.Parameters, validationBatches);
        FlowMatchingLoss training = sinceCurve.Take();
        double judged = (held ?? training).Total;
        if (!double.IsFinite(judged))
        {
            GoBack(Step, judged);
            return;
        }

        curve.Add(new LearningCurvePoint(Step, training, held));
        if (LossJump.IsLast([.. curve.Where(point => !restarts.Exists(restart => restart.Step == point.Step)).Select(Judged)]))
        {
            GoBack(Step, judged);
        }
        else if (BestPoint() == curve.Count)
        {
            best ??= new float[network.ParameterCount];
            average.Parameters.Read<float>(best);
        }
    }

    /// <summary>Takes the best weights so far again, with half the rate from then on: a step was too large, which says nothing about the data.</summary>
    /// <param name="step">The step after which the loss had jumped; the training goes on behind it.</param>
    /// <param name="loss">The loss then.</param>
    private void GoBack(int step, double loss)
    {
        int backTo = best is null ? 0 : curve[BestPoint() - 1].Step;
        restarts.Add(new TrainingRestart(step, loss, backTo));
        if (best is null && (restarts.Count > MostRestarts || step >= options.Steps))
        {
            double largest = 0;
            foreach (float value in map is null ? data.Points : data.Transform(map).Points)
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            throw new TrainingDivergedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The training loss is not finite, or explodes, at step {step}, before the first point of the learning curve, at a learning rate of {options.LearningRate.Peak:G3} as at {options.LearningRate.Peak * Math.Pow(0.5, restarts.Count - 1):G3}; the largest coordinate that the network sees is {largest:G3}{(map is null ? ", not standardised" : string.Empty)}."));
        }

        Step = step;
        float[] zeros = new float[network.ParameterCount];
        parameters.Write<float>(best ?? initial);
        optimizer.Restore(zeros, zeros, 0);
        average.Restore(best ?? initial, 0);
        objective.Pass.RestoreWhitening(new float[objective.Pass.WhiteningLength]);
        recentLosses.Clear();
        sinceReport.Restore(default, 0);
        sinceCurve.Restore(default, 0);
    }

    /// <summary>Keeps as much of what the networks learned beside the base as held-out samples support; the loss is the curve's, with that.</summary>
    private (ResidualGate? Gate, FlowMatchingLoss? Loss) Gate(float[] trained)
    {
        if (!options.GateResidual || baseFlow is null || validation is null)
        {
            return default;
        }

        // The gradients are free between steps, and as large as the parameters.
        gradients.Write<float>(trained);
        ResidualGate gate = ResidualGate.Measure(validation, gradients, validationBatches, GateBatches);
        gate.Apply(network, trained);
        gradients.Write<float>(trained);
        return (gate, MeanLoss(validation, gradients, validationBatches));
    }

    /// <summary>The loss by which a point of the curve is judged: the validation's, the training's without held-out rows.</summary>
    private static double Judged(LearningCurvePoint point) => (point.Validation ?? point.Training).Total;

    /// <summary>Number of the point of the curve with the lowest loss, from 1; 0 without points.</summary>
    private int BestPoint()
    {
        int found = 0;
        for (int i = 0; i < curve.Count; i++)
        {
            if (found == 0 || Judged(curve[i]) < Judged(curve[found - 1]))
            {
                found = i + 1;
            }
        }

        return found;
    }

    private static FlowMatchingLoss MeanLoss(FlowMatchingObjective objective, ParameterBuffer parameters, int batches)
    {
        var mean = new LossMean();
        for (int batch = 0; batch < batches; batch++)
        {
            objective.Forward(parameters, batch);
            mean.Add(objective.Loss);
        }

        return mean.Take();
    }

    private void RequireRows(TrainingSet rows)
    {
        for (int i = 0; i < rows.Vocabulary.Covariates.Length; i++)
        {
            CovariateVocabulary covariate = rows.Vocabulary.Covariates[i];
            int[] counts = new int[covariate.Categories.Length];
            foreach (int category in rows.Categories(i))
            {
                if (category >= 0)
                {
                    counts[category]++;
                }
            }

            int few = Array.FindIndex(counts, count => count < options.FewestRowsPerCategory);
            if (few >= 0)
            {
                throw new ArgumentException(
                    $"'{covariate.Name}={covariate.Categories[few]}' has {counts[few]} rows for training; "
                    + $"at least {options.FewestRowsPerCategory} are needed: leave its rows out, or merge it with another category.");
            }
        }
    }
}
