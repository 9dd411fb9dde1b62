using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// The classifier as an estimator of log-ratios: difference of the logits minus the logarithm of the classes' ratio. It has the same training points as
/// every other method, stops on held-out log-loss, and its width is the one with the smallest.
/// </summary>
/// <param name="task">The two distributions.</param>
/// <param name="options">Sizes, seed, how to train.</param>
/// <param name="sources">Training points of the denominator.</param>
/// <param name="targets">Training points of the numerator.</param>
internal sealed class ClassifierRun(IRatioTask task, ExperimentOptions options, float[] sources, float[] targets)
{
    /// <summary>Trains and estimates the log-ratios of the test points.</summary>
    /// <param name="points">Test points, row-major.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="describe">Turns the estimates into a report without name, seconds and evaluations.</param>
    /// <param name="createProgress">Told the description of each stage, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    public MethodReport Run(
        float[] points,
        ComputeBackend backend,
        Func<IReadOnlyList<double>, MethodReport> describe,
        Func<string, IStageProgress>? createProgress,
        CancellationToken cancellation)
    {
        const int denominator = 0, numerator = 1;
        TrainingSet data = TrainingSet.FromClasses(
            "distribution", task.Dimension, (KnownRatioRun.Denominator, sources), (KnownRatioRun.Numerator, targets));
        var clock = Stopwatch.StartNew();
        ClassifierTrainingResult? best = null;
        foreach (int width in options.ClassifierWidths)
        {
            IStageProgress? progress = createProgress?.Invoke($"training of {MethodSelection.ClassifierName} ({width})");
            ClassifierTrainingResult result = ClassifierTrainer.Train(
                data, 0, options.Classifier with { Hidden = width }, backend, progress is null ? null : new Share(progress, clock), cancellation);
            best = best is null || result.HeldOutLogLoss < best.HeldOutLogLoss ? result : best;
        }

        double trainSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        using var estimator = new ClassifierEstimator(best!.Model, backend);
        double[] estimates = estimator.LogRatios(points, numerator, denominator, cancellation);
        return describe(estimates) with
        {
            Name = MethodSelection.ClassifierName,
            Seconds = clock.Elapsed.TotalSeconds,
            Evaluations = 1,
            Train = new TrainReport(best.Steps, trainSeconds, best.HeldOutLogLoss, best.HeldOutLogLoss, best.Model.Network.ParameterCount),
        };
    }

    // The bars of experiments count steps.
    private sealed class Share(IStageProgress inner, Stopwatch clock) : IProgress<double>
    {
        private const int Parts = 1000;

        public void Report(double value) => inner.Report(new TimeScoreProgress((int)(value * Parts), Parts, double.NaN, clock.Elapsed));
    }
}
