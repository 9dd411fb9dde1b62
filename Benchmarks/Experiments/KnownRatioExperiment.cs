using FlowRatio.Engine.Compute;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Any two distributions with a known log-ratio; half of the test points comes from each.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Task">The two distributions.</param>
/// <param name="Options">Methods, sizes, seed.</param>
public sealed record KnownRatioExperiment(string Name, IRatioTask Task, ExperimentOptions Options) : IExperiment
{
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
        int below = Options.TestPoints / 2;
        float[] points =
        [
            .. Task.Sample(below, false, Options.Seed, KnownRatioRun.TestSetNumber),
            .. Task.Sample(Options.TestPoints - below, true, Options.Seed, KnownRatioRun.TestSetNumber),
        ];
        double[] truth = Task.LogRatio(points);
        (TrainReport train, IReadOnlyList<MethodReport> methods) =
            new KnownRatioRun(Task, Options).Run(points, truth, backend, createProgress, cancellation);
        return new ExperimentReport(
            Name,
            reportedOptions ?? new Dictionary<string, object?>(Options.Reported) { ["dim"] = Task.Dimension },
            backend.Name,
            train,
            methods,
            KnownRatioRun.Describe(truth));
    }
}
