using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Paths;
using FlowRatio.Training;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>What the baselines TSM, CTSM and CTSM-v share.</summary>
public sealed record TimeScoreOptions
{
    /// <summary>Steps, batch, width, rate; loss, path and seed are set by the method.</summary>
    public TimeScoreTrainingOptions Training { get; init; } = new();

    /// <summary>
    /// v2 of the two-sided path. With 2, the variance (1 - t)^2 + t^2 + v2 t (1 - t) of a coordinate whose ends have unit variance is 1 all the
    /// way; with less, the distributions in the middle are narrower than both ends (docs/experiments.md has both).
    /// </summary>
    public double PathVariance { get; init; } = 2;

    /// <summary>c of the objective-variance weight.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Weight of TSM; the conditional losses always use ObjectiveVariance.</summary>
    public TimeScoreWeighting MarginalWeighting { get; init; } = TimeScoreWeighting.PathVariance;

    /// <summary>How the time score is integrated.</summary>
    public TimeScoreIntegration Integration { get; init; } = new();

    /// <summary>Whether every step draws new samples (infinite data, as in the baselines' own experiments) instead of using the training set.</summary>
    public bool FreshSamples { get; init; }
}
