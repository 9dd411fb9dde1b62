using FlowRatio.Engine.Compute;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary><c>gaussian</c>: p0 = N(0, I) against p1 = N(shift 1, I); half of the test points comes from each.</summary>
/// <param name="Task">The two distributions.</param>
/// <param name="Options">Methods, sizes, seed.</param>
public sealed record GaussianExperiment(GaussianTask Task, ExperimentOptions Options) : IExperiment
{
    /// <inheritdoc/>
    public string Name => "gaussian";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ExperimentReport Run(
        ComputeBackend backend,
        IReadOnlyDictionary<string, object?>? reportedOptions = null,
        Func<string, IStageProgress>? createProgress = null,
        CancellationToken cancellation = default)
    {
        Dictionary<string, object?> options = new(reportedOptions ?? Options.Reported)
        {
            ["dim"] = Task.Dimension,
            ["shift"] = Task.Shift,
        };
        return new KnownRatioExperiment(Name, Task, Options).Run(backend, options, createProgress, cancellation);
    }
}
