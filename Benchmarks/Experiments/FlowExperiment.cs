using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>What experiments share: train a flow, or several whose estimates are averaged, and run every method on the same test points.</summary>
/// <param name="Methods">Methods to run.</param>
/// <param name="Training">How to train.</param>
/// <param name="Estimation">How to integrate.</param>
/// <param name="Numerator">Category above the line.</param>
/// <param name="Denominator">Category below the line.</param>
public sealed record FlowExperiment(
    IReadOnlyList<RatioMethod> Methods,
    TrainingOptions Training,
    EstimationOptions Estimation,
    string Numerator,
    string Denominator)
{
    /// <summary>Number of flows with different seeds whose estimates are averaged.</summary>
    public int Members { get; init; } = 1;

    /// <summary>Trains and estimates.</summary>
    /// <param name="data">Training data.</param>
    /// <param name="testPoints">Row-major <c>[n, d]</c>.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="describe">Turns a method's estimates into its report, without name, seconds and evaluations.</param>
    /// <param name="createProgress">Told the description of each stage, or null.</param>
    /// <param name="cancellation">Stops the experiment.</param>
    /// <param name="measureWork">Measures error against work of a method on the trained flow, or null.</param>
    public (TrainReport Train, IReadOnlyList<MethodReport> Methods) Run(
        TrainingSet data,
        float[] testPoints,
        ComputeBackend backend,
        Func<EstimationResult, MethodReport> describe,
        Func<string, IStageProgress>? createProgress,
        CancellationToken cancellation,
        Func<RatioMethod, FlowModel, IReadOnlyList<WorkPoint>?>? measureWork = null)
    {
        Func<double, LaunchReport?> count = LaunchReport.Count(backend);
        string Numbered(string stage, int member) => Members == 1 ? stage : $"{stage}, flow {member + 1} of {Members}";
        TrainingResult[] results =
        [
            .. Enumerable.Range(0, Members).Select(i => FlowTrainer.Train(
                data,
                Training with { Seed = RepeatedSeed.Of(Training.Seed, i) },
                backend,
                createProgress?.Invoke(Numbered("training", i)),
                cancellation)),
        ];
        LaunchReport? trainingLaunches = count(Training.Steps * Members);
        List<MethodReport> reports = [];
        foreach (RatioMethod method in Methods)
        {
            count = LaunchReport.Count(backend);
            var clock = Stopwatch.StartNew();
            var estimate = EstimationResult.MeanOf(
            [
                .. results.Select((result, i) => method.Estimate(
                    result.Model,
                    testPoints,
                    result.Model.Condition(Numerator),
                    result.Model.Condition(Denominator),
                    Estimation with { Seed = RepeatedSeed.Of(Estimation.Seed, i) },
                    backend,
                    createProgress?.Invoke(Numbered($"log-ratios by {method.Name}", i)),
                    cancellation)),
            ]);
            clock.Stop();
            reports.Add(describe(estimate) with
            {
                Name = method.Name,
                Seconds = clock.Elapsed.TotalSeconds,
                Evaluations = estimate.EvaluationsPerPoint,
                Launches = count(1),
                Work = measureWork?.Invoke(method, results[0].Model),
            });
        }

        return (TrainReport.Of(results[0], Training.Steps) with
        {
            Seconds = results.Sum(result => result.Duration.TotalSeconds),
            Launches = trainingLaunches,
        }, reports);
    }
}
