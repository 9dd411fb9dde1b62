using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean training loss since the last report.</param>
/// <param name="Validation">Latest validation loss of the averaged weights, or null.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct TrainingProgress(
    int Step, int Steps, FlowMatchingLoss Loss, FlowMatchingLoss? Validation, TimeSpan Elapsed);
