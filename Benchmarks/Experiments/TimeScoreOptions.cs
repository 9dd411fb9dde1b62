using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Paths;
using FlowRatio.Training;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>What the baselines TSM, CTSM and CTSM-v share.</summary>
public sealed record TimeScoreOptions
{
    /// <summary>Steps, batch, width, rate; loss, path and seed are set by the method.</summary>
    public TimeScoreTrainingOptions Training { get; init; } = new();

    /// <summary>v2 of the two-sided path.</summary>
    public double PathVariance { get; init; } = 1;

    /// <summary>c of the objective-variance weight.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Weight of TSM; the conditional losses always use ObjectiveVariance.</summary>
    public TimeScoreWeighting MarginalWeighting { get; init; } = TimeScoreWeighting.PathVariance;

    /// <summary>How the time score is integrated.</summary>
    public TimeScoreIntegration Integration { get; init; } = new();

    /// <summary>Whether every step draws new samples (infinite data, as in the baselines' own experiments) instead of using the training set.</summary>
    public bool FreshSamples { get; init; }
}
