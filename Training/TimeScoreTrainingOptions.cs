using FlowRatio.Engine.Paths;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>
/// How a time score is trained; the defaults are the published ones of Yu et al. (2025) for small problems, except that the rate falls to
/// zero. At a constant rate the last weights are as noisy as any; their authors then choose a step by its test error, which needs the truth.
/// </summary>
public sealed record TimeScoreTrainingOptions
{
    /// <summary>Which loss.</summary>
    public TimeScoreLoss Loss { get; init; }

    /// <summary>Path, its constants and the weight of the loss.</summary>
    public TimeScorePath Path { get; init; } = TimeScorePath.TwoSided();

    /// <summary>Width of the hidden layers.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Number of hidden layers.</summary>
    public int HiddenLayers { get; init; } = 3;

    /// <summary>Number of optimiser steps.</summary>
    public int Steps { get; init; } = 20_000;

    /// <summary>Pairs per step.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Learning rate per step: 1e-3 with half a cosine to zero and no warm-up (published: constant).</summary>
    public LearningRateSchedule LearningRate { get; init; } = LearningRateSchedule.WarmUpCosine(1e-3, 0);

    /// <summary>Decay of the weight average; 0, as published, uses the last weights.</summary>
    public double AverageDecay { get; init; }

    /// <summary>Seed of everything random in training.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range, or the loss does not go with the path's weight; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Path);
        ArgumentNullException.ThrowIfNull(LearningRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(Hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(HiddenLayers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(AverageDecay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(AverageDecay, 1);
        if (Loss != TimeScoreLoss.Marginal && Path.Weighting != TimeScoreWeighting.ObjectiveVariance)
        {
            throw new ArgumentException(
                $"Path has the weighting {Path.Weighting}; the loss {Loss} is finite at the ends only with ObjectiveVariance.");
        }
    }
}
