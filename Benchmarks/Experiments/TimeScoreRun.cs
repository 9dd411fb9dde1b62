using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Trains and evaluates one baseline at a time on the data of an experiment.</summary>
/// <param name="task">The two distributions.</param>
/// <param name="options">Sizes, seed, what the baselines share.</param>
/// <param name="sources">Training points of the denominator.</param>
/// <param name="targets">Training points of the numerator.</param>
internal sealed class TimeScoreRun(IRatioTask task, ExperimentOptions options, float[] sources, float[] targets)
{
    /// <summary>Trains a baseline and estimates the log-ratios of the test points.</summary>
    /// <param name="method">Which baseline.</param>
    /// <param name="points">Test points, row-major.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="describe">Turns the estimates into a report without name, seconds and evaluations.</param>
    /// <param name="createProgress">Told the description of each stage, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    public MethodReport Run(
        TimeScoreMethod method,
        float[] points,
        ComputeBackend backend,
        Func<EstimationResult, MethodReport> describe,
        Func<string, IStageProgress>? createProgress,
        CancellationToken cancellation)
    {
        TimeScoreTrainingOptions training = method.Training(options.TimeScores, options.Seed);
        using IPairSource pairs = options.TimeScores.FreshSamples
            ? new GeneratedPairs(task.Dimension, (count, step) => Fresh(count, step, false), (count, step) => Fresh(count, step, true))
            : new DataSetPairs(backend, sources, targets, task.Dimension, training.BatchSize, options.Seed);
        var curve = new TimeScoreCurve(createProgress?.Invoke($"training of {method.Name}"));
        TimeScoreTrainingResult trained = TimeScoreTrainer.Train(
            pairs, training, backend, curve, cancellation);
        var clock = Stopwatch.StartNew();
        using var estimator = new TimeScoreEstimator(trained.Model, backend, options.TimeScores.Integration);
        EstimationResult estimates = estimator.Estimate(points, createProgress?.Invoke($"log-ratios by {method.Name}"), cancellation);
        clock.Stop();
        return describe(estimates) with
        {
            Name = method.Name,
            Seconds = clock.Elapsed.TotalSeconds,
            Evaluations = estimates.EvaluationsPerPoint,
            Train = new TrainReport(
                training.Steps, trained.Duration.TotalSeconds, trained.FinalLoss, null, trained.Model.Network.ParameterCount)
            {
                Curve = curve.Points,
            },
        };
    }

    private float[] Fresh(int count, long step, bool fromNumerator) =>
        task.Sample(count, fromNumerator, options.Seed, checked((uint)(KnownRatioRun.FirstFreshSetNumber + step)));
}
