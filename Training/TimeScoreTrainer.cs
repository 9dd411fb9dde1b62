using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>Trains a time score: pairs, path sample, network, loss gradient, Adam, step after step.</summary>
public static class TimeScoreTrainer
{
    private const int StepsPerReport = 200;

    /// <summary>Trains a model.</summary>
    /// <param name="pairs">Training pairs; the caller keeps ownership.</param>
    /// <param name="options">How to train.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="progress">Told every few steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TimeScoreTrainingResult Train(
        IPairSource pairs,
        TimeScoreTrainingOptions options,
        ComputeBackend backend,
        IProgress<TimeScoreProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        options.Validate();
        var clock = Stopwatch.StartNew();
        var shape = new TimeScoreShape(pairs.Dimension)
        {
            Hidden = options.Hidden,
            HiddenLayers = options.HiddenLayers,
            PerCoordinate = options.Loss == TimeScoreLoss.ConditionalPerCoordinate,
        };
        var network = new TimeScoreNetwork(shape);
        using var objective = TimeScoreObjective.Create(
            options.Loss, backend, network, pairs, options.Path, options.BatchSize, options.Seed);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(options.Seed));
        using var optimizer = new AdamOptimizer(backend, network.ParameterCount);
        using WeightAverage? average = options.AverageDecay > 0 ? new WeightAverage(backend, parameters, options.AverageDecay) : null;
        double sum = 0;
        double recent = double.NaN;
        int count = 0;
        for (int step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            objective.Forward(parameters, step);
            objective.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, options.LearningRate.Rate(step, options.Steps));
            average?.Update(parameters);
            sum += objective.Loss;
            count++;
            int done = step + 1;
            if (done % StepsPerReport == 0 || done == options.Steps)
            {
                recent = sum / count;
                (sum, count) = (0, 0);
                RequireFinite(recent, done);
                progress?.Report(new TimeScoreProgress(done, options.Steps, recent, clock.Elapsed));
            }
        }

        float[] trained = new float[network.ParameterCount];
        (average?.Parameters ?? parameters).Read<float>(trained);
        return new TimeScoreTrainingResult(new TimeScoreModel(shape, trained, options.Path), recent, clock.Elapsed);
    }

    private static void RequireFinite(double loss, int step)
    {
        if (!double.IsFinite(loss))
        {
            throw new TrainingDivergedException(
                $"The training loss is not finite at step {step} ({loss}); lower the learning rate, or look for extreme values in the data.");
        }
    }
}
