using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>
/// Trains a classifier of the categories of one covariate: batch, network, cross-entropy, gradient, Adam, weight average, until the
/// log-loss on held-out rows no longer falls.
/// </summary>
public static class ClassifierTrainer
{
    /// <summary>Trains a model.</summary>
    /// <param name="data">The data; every row needs a category.</param>
    /// <param name="covariate">The covariate whose categories are the classes.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed at the end.</param>
    /// <param name="progress">Told at every look at the held-out rows: share of the largest number of steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">An option is out of range, a row has no category, or a category has fewer than two rows.</exception>
    /// <exception cref="TrainingDivergedException">The held-out log-loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClassifierTrainingResult Train(
        TrainingSet data,
        int covariate = 0,
        ClassifierTrainingOptions? options = null,
        ComputeBackend? backend = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(covariate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(covariate, data.Vocabulary.Covariates.Length);
        options ??= new ClassifierTrainingOptions();
        options.Validate();
        RequireRowsOfEveryClass(data, covariate);
        if (backend is not null)
        {
            return TrainOn(backend, data, covariate, options, progress, cancellation);
        }

        using var own = new CpuBackend();
        return TrainOn(own, data, covariate, options, progress, cancellation);
    }

    private static ClassifierTrainingResult TrainOn(
        ComputeBackend backend,
        TrainingSet data,
        int covariate,
        ClassifierTrainingOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int[] folds = StratifiedFolds.Assign(data.Categories(covariate), Math.Max(2, (int)Math.Round(1 / options.ValidationFraction)), options.Seed, data.Copies);
        TrainingSet kept = data.Select([.. Enumerable.Range(0, data.Rows).Where(r => folds[r] != 0)]);
        TrainingSet heldOut = data.Select([.. Enumerable.Range(0, data.Rows).Where(r => folds[r] == 0)]);
        int classes = data.Vocabulary.Sizes[covariate];
        int[] labels = kept.Categories(covariate).ToArray();
        double[] shares = [.. Enumerable.Range(0, classes).Select(c => labels.Count(label => label == c) / (double)labels.Length)];
        Standardization? map = kept.FitMap(options.Standardize);
        var network = new ClassifierNetwork(new ClassifierShape(data.Dimension, classes) { Hidden = options.Hidden, HiddenLayers = options.HiddenLayers });

        using var objective = new ClassificationObjective(
            backend, network, kept.Transform(map).Points, labels, Math.Min(options.BatchSize, kept.Rows), options.Seed);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(options.Seed, shares));
        using var optimizer = new AdamOptimizer(backend, network.ParameterCount);
        using var average = new WeightAverage(backend, parameters, options.AverageDecay);
        float[] current = new float[network.ParameterCount];
        float[] heldOutPoints = heldOut.Transform(map).Points.ToArray();

        double HeldOutLogLoss(int step)
        {
            average.Parameters.Read<float>(current);
            using var estimator = new ClassifierEstimator(new ClassifierModel(network.Shape, current, null, shares), backend);
            double loss = LogLoss.Mean(estimator.Logits<float>(heldOutPoints, cancellation), heldOut.Categories(covariate));
            return double.IsFinite(loss)
                ? loss
                : throw new TrainingDivergedException(
                    $"The classifier's held-out log-loss is not finite at step {step} ({loss}); lower the learning rate, or look for extreme values in the data.");
        }

        // The untrained network knows the classes' shares and nothing else: training must beat it.
        double best = HeldOutLogLoss(0);
        float[] bestParameters = [.. current];
        int bestStep = 0, done = 0;
        while (done < options.Steps && done - bestStep < options.Patience * options.ValidationInterval)
        {
            cancellation.ThrowIfCancellationRequested();
            objective.Forward(parameters, done);
            objective.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, options.LearningRate.Rate(done, options.Steps));
            average.Update(parameters);
            done++;
            if (done % options.ValidationInterval == 0 || done == options.Steps)
            {
                double loss = HeldOutLogLoss(done);
                if (loss < best)
                {
                    (best, bestStep) = (loss, done);
                    current.CopyTo(bestParameters, 0);
                }

                progress?.Report(done / (double)options.Steps);
            }
        }

        return new ClassifierTrainingResult(new ClassifierModel(network.Shape, bestParameters, map, shares), done, bestStep, best, clock.Elapsed);
    }

    private static void RequireRowsOfEveryClass(TrainingSet data, int covariate)
    {
        int[] counts = new int[data.Vocabulary.Sizes[covariate]];
        for (int r = 0; r < data.Rows; r++)
        {
            int category = data.Categories(covariate)[r];
            if (category == Condition.Dropped)
            {
                throw new ArgumentException($"Row {r} has no category of '{data.Vocabulary.Covariates[covariate].Name}'; a classifier needs one.", nameof(data));
            }

            counts[category]++;
        }

        // Two, so that one can be held out and one trained on.
        int rare = Array.FindIndex(counts, count => count < 2);
        if (rare >= 0 || counts.Length < 2)
        {
            string name = data.Vocabulary.Covariates[covariate].Name;
            throw new ArgumentException(
                counts.Length < 2
                    ? $"'{name}' has {counts.Length} category; a classifier needs two."
                    : $"Category '{data.Vocabulary.Covariates[covariate].Categories[rare]}' of '{name}' has {counts[rare]} rows; a classifier needs two.",
                nameof(data));
        }
    }
}
