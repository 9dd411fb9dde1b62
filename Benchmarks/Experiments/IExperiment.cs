using FlowRatio.Engine.Compute;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>An experiment with all its options: commands run one, a grid runs many.</summary>
public interface IExperiment
{
    /// <summary>Name of the command that runs it: gaussian or mi.</summary>
    string Name { get; }

    /// <summary>Runs the experiment. The same options and seed give the same errors on any number of threads.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="reportedOptions">What the report says about the options, in addition to the experiment's own.</param>
    /// <param name="createProgress">Told the description of each stage; null for no progress.</param>
    /// <param name="cancellation">Stops the experiment.</param>
    ExperimentReport Run(
        ComputeBackend backend,
        IReadOnlyDictionary<string, object?>? reportedOptions = null,
        Func<string, IStageProgress>? createProgress = null,
        CancellationToken cancellation = default);
}
