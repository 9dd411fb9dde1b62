using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>What experiments share: train one flow, run every method on the same test points.</summary>
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
        TrainingResult result = FlowTrainer.Train(data, Training, backend, createProgress?.Invoke("training"), cancellation);
        LaunchReport? trainingLaunches = count(Training.Steps);
        List<MethodReport> reports = [];
        foreach (RatioMethod method in Methods)
        {
            count = LaunchReport.Count(backend);
            var clock = Stopwatch.StartNew();
            EstimationResult estimate = method.Estimate(
                result.Model,
                testPoints,
                result.Model.Condition(Numerator),
                result.Model.Condition(Denominator),
                Estimation,
                backend,
                createProgress?.Invoke($"log-ratios by {method.Name}"),
                cancellation);
            clock.Stop();
            reports.Add(describe(estimate) with
            {
                Name = method.Name,
                Seconds = clock.Elapsed.TotalSeconds,
                Evaluations = estimate.EvaluationsPerPoint,
                Launches = count(1),
                Work = measureWork?.Invoke(method, result.Model),
            });
        }

        return (TrainReport.Of(result, Training.Steps) with { Launches = trainingLaunches }, reports);
    }
}
