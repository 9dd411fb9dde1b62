using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>How a classifier is trained: until its log-loss on held-out rows no longer falls, and the best weights are kept.</summary>
public sealed record ClassifierTrainingOptions
{
    /// <summary>Width of the hidden layers.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>Number of hidden layers; 0 is logistic regression.</summary>
    public int HiddenLayers { get; init; } = 2;

    /// <summary>Largest number of optimiser steps.</summary>
    public int Steps { get; init; } = 6_000;

    /// <summary>Rows per step.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Learning rate per step; the default falls to a tenth over <see cref="Steps"/>.</summary>
    public LearningRateSchedule LearningRate { get; init; } = LearningRateSchedule.WarmUpCosine(1e-3, finalFraction: 0.1);

    /// <summary>Decay of the weight average, whose weights are evaluated and kept; 0 uses the latest weights.</summary>
    public double AverageDecay { get; init; } = 0.99;

    /// <summary>Share of the rows held out for stopping, the same for every class; in (0, 0.5].</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Steps between looks at the held-out rows.</summary>
    public int ValidationInterval { get; init; } = 100;

    /// <summary>Looks without a new smallest held-out log-loss after which training stops.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Whether to standardise the coordinates on the training rows.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Seed of everything random in training.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(LearningRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(Hidden, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(HiddenLayers);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(AverageDecay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(AverageDecay, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ValidationFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ValidationFraction, 0.5);
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationInterval, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
    }
}
