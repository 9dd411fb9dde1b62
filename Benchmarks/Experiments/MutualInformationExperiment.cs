using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// <c>mi</c>: the mean log-ratio of correlated against independent coordinates over test points of the former, an estimate of their
/// mutual information. Data and truth have the same correlation.
/// </summary>
/// <param name="Task">The two distributions.</param>
/// <param name="Options">Methods, sizes, seed.</param>
public sealed record MutualInformationExperiment(BlockCorrelationTask Task, ExperimentOptions Options) : IExperiment
{
    /// <summary>Options that give a good result in a few minutes on two cores; as many training points as published.</summary>
    public static ExperimentOptions DefaultOptions { get; } = new()
    {
        Methods = MethodSelection.Parse("s1,s2,s3,naive,tsm,ctsm,ctsmv"),
        TrainPoints = PublishedProtocol.MutualInformationTrainPoints,
    };

    /// <inheritdoc/>
    public string Name => "mi";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ExperimentReport Run(
        ComputeBackend backend,
        IReadOnlyDictionary<string, object?>? reportedOptions = null,
        Func<string, IStageProgress>? createProgress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Options.Validate();
        float[] points = Task.Sample(Options.TestPoints, true, Options.Seed, KnownRatioRun.TestSetNumber);
        double[] truth = Task.LogRatio(points);
        (TrainReport train, IReadOnlyList<MethodReport> methods) =
            new KnownRatioRun(Task, Options, AddEstimate).Run(points, truth, backend, createProgress, cancellation);
        Dictionary<string, object?> options = new(reportedOptions ?? Options.Reported)
        {
            ["dim"] = Task.Dimension,
            ["rho"] = Task.Correlation,
        };
        Dictionary<string, object?> exact = KnownRatioRun.Describe(truth);
        exact["mutual_information"] = Task.MutualInformation;
        return new ExperimentReport(Name, options, backend.Name, train, methods, exact);
    }

    private MethodReport AddEstimate(MethodReport report, IReadOnlyList<double> estimates)
    {
        double[] finite = [.. estimates.Where(double.IsFinite)];
        if (finite.Length == 0)
        {
            return report with { Estimate = double.NaN, EstimateStdError = double.NaN, AbsError = double.NaN };
        }

        var mean = MeanEstimate.Of(finite);
        return report with
        {
            Estimate = mean.Value,
            EstimateStdError = mean.StandardError,
            AbsError = Math.Abs(mean.Value - Task.MutualInformation),
        };
    }
}
