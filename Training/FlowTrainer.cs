using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>Trains a conditional flow: batch, path sample, network, loss gradient, Adam, weight average, step after step.</summary>
public static class FlowTrainer
{
    private const int StepsPerReport = 50;
    private const int LargestValidationBatches = 40;

    // Validation uses the same kind of random path samples as training, but never the same ones.
    private const ulong ValidationSeedOffset = 0x5851F42D4C957F2D;

    /// <summary>Trains a model.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed at the end.</param>
    /// <param name="progress">Told every few steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">An option is out of range, or too few rows remain for training.</exception>
    /// <exception cref="TrainingDivergedException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Train(
        TrainingSet data,
        TrainingOptions? options = null,
        ComputeBackend? backend = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainingOptions();
        options.Validate();
        if (backend is not null)
        {
            return TrainOn(backend, data, options, progress, cancellation);
        }

        using var own = new CpuBackend();
        return TrainOn(own, data, options, progress, cancellation);
    }

    private static TrainingResult TrainOn(
        ComputeBackend backend,
        TrainingSet data,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        RowSplit split = RowSplit.Create(data.Rows, options.ValidationFraction, options.Seed);
        TrainingSet trainingRows = data.Select(split.Kept);
        Standardization? map = options.Standardize ? Standardization.Fit(trainingRows.Points, data.Dimension) : null;
        NetworkShape shape = options.Network with { Dimension = data.Dimension, Covariates = data.Vocabulary.Sizes };
        var network = new VelocityScoreNetwork(shape);
        IReadOnlyList<double> drops = options.DropProbabilities(shape.Covariates.Count);

        FlowMatchingObjective Objective(TrainingSet set, ulong seed) => new(
            backend, network, Transform(set, map), options.Schedule, drops, Math.Min(options.BatchSize, set.Rows), seed);

        using FlowMatchingObjective objective = Objective(trainingRows, options.Seed);
        using FlowMatchingObjective? validation = split.HeldOut.Count == 0
            ? null
            : Objective(data.Select(split.HeldOut), options.Seed + ValidationSeedOffset);
        int validationBatches = Math.Clamp(split.HeldOut.Count / options.BatchSize, 1, LargestValidationBatches);

        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(options.Seed));
        using var optimizer = new AdamOptimizer(backend, network.ParameterCount);
        using var average = new WeightAverage(backend, parameters, options.AverageDecay);
        List<LearningCurvePoint> curve = [];
        var recent = new LossMean();
        var sinceCurve = new LossMean();
        FlowMatchingLoss? latestValidation = null;
        for (int step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            objective.Forward(parameters, step);
            objective.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, options.LearningRate.Rate(step, options.Steps));
            average.Update(parameters);
            recent.Add(objective.Loss);
            sinceCurve.Add(objective.Loss);
            int done = step + 1;
            if (done % options.ValidationInterval == 0 || done == options.Steps)
            {
                latestValidation = validation is null ? null : MeanLoss(validation, average.Parameters, validationBatches);
                curve.Add(new LearningCurvePoint(done, sinceCurve.Take(), latestValidation));
            }

            if (done % StepsPerReport == 0 || done == options.Steps)
            {
                FlowMatchingLoss loss = recent.Take();
                RequireFinite(loss, done);
                progress?.Report(new TrainingProgress(done, options.Steps, loss, latestValidation, clock.Elapsed));
            }
        }

        float[] trained = new float[network.ParameterCount];
        average.Parameters.Read<float>(trained);
        var model = new FlowModel(shape, trained, options.Schedule, data.Vocabulary, map);
        return new TrainingResult(model, curve, clock.Elapsed);
    }

    private static TrainingSet Transform(TrainingSet set, Standardization? map)
    {
        if (map is null)
        {
            return set;
        }

        float[] points = new float[set.Points.Length];
        map.Apply(set.Points, points);
        int covariates = set.Vocabulary.Covariates.Length;
        return new TrainingSet(
            points, set.Dimension, set.Vocabulary, [.. Enumerable.Range(0, covariates).Select(i => set.Categories(i).ToArray())]);
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

    private static void RequireFinite(FlowMatchingLoss loss, int step)
    {
        if (!double.IsFinite(loss.Total))
        {
            throw new TrainingDivergedException(
                $"The training loss is not finite at step {step} (velocity {loss.Velocity}, score {loss.Score}); "
                + "lower the learning rate, or look for extreme values in the data.");
        }
    }
}
