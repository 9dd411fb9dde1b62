using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>How a flow is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Sizes of the network; dimension and covariates are taken from the data.</summary>
    public NetworkShape Network { get; init; } = new(1, []);

    /// <summary>Path schedule.</summary>
    public PathSchedule Schedule { get; init; } = PathSchedule.Deterministic;

    /// <summary>Number of optimiser steps.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Rows per step.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Learning rate per step.</summary>
    public LearningRateSchedule LearningRate { get; init; } = LearningRateSchedule.WarmUpCosine(1e-3);

    /// <summary>Decay of the weight average; 0 uses the last weights.</summary>
    public double AverageDecay { get; init; } = 0.999;

    /// <summary>Probability, per row and covariate, of training without that covariate. Needed for ratios that drop covariates and for S2.</summary>
    public double ConditionDrop { get; init; } = 0.1;

    /// <summary>Share of the rows held out for the validation loss; 0 for none.</summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>Steps between validation losses.</summary>
    public int ValidationInterval { get; init; } = 1000;

    /// <summary>Whether coordinates are standardised first (log-ratios do not depend on it, training does).</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Seed of everything random in training.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Network);
        ArgumentNullException.ThrowIfNull(Schedule);
        ArgumentNullException.ThrowIfNull(LearningRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(AverageDecay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(AverageDecay, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ConditionDrop);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConditionDrop, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ValidationFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ValidationFraction, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationInterval, 1);
    }
}
